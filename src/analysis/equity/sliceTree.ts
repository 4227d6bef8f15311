import type { SliceFamily } from './slices.ts';
import type { FamilyName } from './slices.ts';

/** Slices that a leaf allows of a family; families not named are free. */
export type Conditions = Readonly<Partial<Record<FamilyName, readonly number[]>>>;

export interface Leaf {
  readonly conditions: Conditions;
  /** Of the images the tree was grown on. */
  readonly images: number;
  readonly rate: number;
}

export interface TreeOptions {
  /** Splits from the root to a leaf at most. */
  readonly depth: number;
  /** Images in a leaf at least. */
  readonly least: number;
}

interface Split {
  readonly family: SliceFamily;
  /** Slices that go left. */
  readonly left: ReadonlySet<number>;
  readonly gain: number;
}

/**
 * The leaves of a regression tree (CART, Breiman et al. 1984) of the error on the slice families, from left to right. A split
 * sends some slices of a family left: one class against the others, students against employees, the lower fifths of a measure
 * against the higher. The best one, with the largest Sₗ²/nₗ + Sᵣ²/nᵣ − S²/n (S: sum of errors), is taken, the first among
 * equals in the order of families and slices, while both sides keep `least` images and something is gained. `errors[i]`: how
 * often image i is misread, 0 to 1; `images`: on which to grow.
 */
export function growTree(
  families: readonly SliceFamily[],
  errors: ArrayLike<number>,
  images: Uint32Array,
  { depth, least }: TreeOptions,
): Leaf[] {
  const grow = (members: Uint32Array, conditions: Conditions, left: number): Leaf[] => {
    const split = left === 0 ? null : bestSplit(families, errors, members, least);
    if (split === null) {
      return [{ conditions, images: members.length, rate: sumOf(errors, members) / members.length }];
    }
    const { name, slices, of } = split.family;
    const allowed = conditions[name] ?? Array.from({ length: slices }, (_, s) => s);
    return [true, false].flatMap((side) =>
      grow(
        members.filter((i) => split.left.has(of[i]) === side),
        { ...conditions, [name]: allowed.filter((s) => split.left.has(s) === side) },
        left - 1,
      ),
    );
  };
  return images.length === 0 ? [] : grow(images, {}, depth);
}

/** Whether an image is in the slice that these conditions cut out. */
export function fulfils(conditions: Conditions, families: readonly SliceFamily[], image: number): boolean {
  return families.every(({ name, of }) => conditions[name]?.includes(of[image]) ?? true);
}

function bestSplit(
  families: readonly SliceFamily[],
  errors: ArrayLike<number>,
  members: Uint32Array,
  least: number,
): Split | null {
  const total = sumOf(errors, members);
  let best: Split | null = null;
  for (const family of families) {
    const sums = new Float64Array(family.slices + 1);
    const sizes = new Uint32Array(family.slices + 1);
    for (const i of members) {
      sums[family.of[i]] += errors[i];
      sizes[family.of[i]]++;
    }
    for (const left of candidates(family)) {
      const sum = left.reduce((all, s) => all + sums[s], 0);
      const size = left.reduce((all, s) => all + sizes[s], 0);
      const others = members.length - size;
      if (size < least || others < least) continue;
      const gain =
        (sum * sum) / size + ((total - sum) * (total - sum)) / others - (total * total) / members.length;
      if (gain > 1e-12 + (best?.gain ?? 0)) best = { family, left: new Set(left), gain };
    }
  }
  return best;
}

/** One class alone; of an ordered family the lowest slices. */
function candidates({ name, slices }: SliceFamily): number[][] {
  if (name === 'digit') return Array.from({ length: slices }, (_, s) => [s]);
  return Array.from({ length: slices - 1 }, (_, s) => Array.from({ length: s + 1 }, (__, k) => k));
}

function sumOf(errors: ArrayLike<number>, members: Uint32Array): number {
  let sum = 0;
  for (const i of members) sum += errors[i];
  return sum;
}
