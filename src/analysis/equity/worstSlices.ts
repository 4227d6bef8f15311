import { crossedRates } from '../../stats/crossedRates.ts';
import { Random } from '../../util/random.ts';
import { drawingOf } from './designEffects.ts';
import type { Gap } from './gaps.ts';
import { gapsOf, LEVEL } from './gaps.ts';
import type { Rate } from './rates.ts';
import { rateOf } from './rates.ts';
import { type Conditions, fulfils, growTree } from './sliceTree.ts';
import type { SliceFamily } from './slices.ts';

/** The tree has at most 2^3 leaves, each with at least this many images of the first half. */
const TREE = { depth: 3, least: 100 } as const;
/** Leaves that are held against the second half. */
const REPORTED = 3;
const SAMPLES = 6;

/** A test image of a slice, as it is shown. */
export interface SampleImage {
  readonly index: number;
  readonly label: number;
  /** The wrong class that most networks take it for. */
  readonly taken: number;
  /** Share of the networks that misread it. */
  readonly misread: number;
  /** A hexadecimal digit a byte, grey / 17, 0 paper to f ink. */
  readonly pixels: string;
}

/** A slice that the search found in one half of the images, measured on the other half. */
export interface WorstSlice {
  readonly conditions: Conditions;
  /** Where it was found, hence too high. */
  readonly found: { readonly images: number; readonly rate: number };
  readonly heldOut: Rate;
  /** The same by corrected labels, images without a right one left out: of the slice and of the others; null where they are not known. */
  readonly corrected: { readonly rate: number | null; readonly others: number | null } | null;
  /** Against all other held-out images; Holm's correction is for the slices of this list. */
  readonly gap: Gap;
  /** Corrected p below .05 and more errors than elsewhere. */
  readonly real: boolean;
  readonly samples: readonly SampleImage[];
}

export interface WorstSlices {
  /** Images in which was searched, and held out. */
  readonly searched: number;
  readonly heldOut: number;
  readonly depth: number;
  readonly least: number;
  /** Worst first; empty where no split was possible. */
  readonly slices: readonly WorstSlice[];
}

export interface SearchInput {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly families: readonly SliceFamily[];
  /** For each network the class of each image. */
  readonly predicted: readonly Uint8Array[];
  readonly writers: Uint16Array | undefined;
  /** Labels that raters agree on, and the images that have one. */
  readonly corrected?: { readonly labels: Uint8Array; readonly kept: Uint32Array } | null;
}

/**
 * The worst slices of a set of images. Half of the images (of the writers, where they are known) grow a tree of the mean error
 * over the networks on all families; the leaves with the highest error above the average are then measured on the other half,
 * which took no part. The halves are drawn once, from the seed 0: the same for every network, population by population.
 */
export function worstSlices(input: SearchInput, resamples: number): WorstSlices {
  const { labels, families, predicted, writers } = input;
  const sampling = { clustered: writers !== undefined };
  const populations = families.find(({ name }) => name === 'population')?.of ?? null;
  const [searched, heldOut] = halves(labels.length, families, writers);
  const errors = Float64Array.from(
    labels,
    (label, i) => predicted.filter((one) => one[i] !== label).length / predicted.length,
  );
  const leaves = growTree(families, errors, searched, TREE);
  const average = searched.reduce((sum, i) => sum + errors[i], 0) / searched.length;
  const found = leaves
    .filter(({ rate }) => leaves.length > 1 && rate > average)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, REPORTED);
  const shared = { searched: searched.length, heldOut: heldOut.length, ...TREE };
  if (found.length === 0 || heldOut.length === 0) return { ...shared, slices: [] };

  const leafOf = Uint8Array.from(heldOut, (i) => {
    const leaf = found.findIndex(({ conditions }) => fulfils(conditions, families, i));
    return leaf < 0 ? found.length : leaf;
  });
  const { groups, all } = crossedRates(
    predicted.map((one) => Uint8Array.from(heldOut, (i) => (one[i] === labels[i] ? 0 : 1))),
    [{ count: found.length, of: leafOf }],
    {
      random: new Random(0, 'equity/held-out'),
      resamples,
      ...drawingOf(heldOut, { writers, populations }),
    },
  );
  const gaps = gapsOf(groups[0], all, sampling);
  return {
    ...shared,
    slices: found.map(({ conditions, images, rate }, leaf) => {
      const gap = gaps[leaf];
      return {
        conditions,
        found: { images, rate },
        heldOut: rateOf(groups[0][leaf], sampling),
        corrected: input.corrected
          ? correctedRates(input, input.corrected, { heldOut, inSlice: (k) => leafOf[k] === leaf })
          : null,
        gap,
        real: gap.holm !== null && gap.holm < LEVEL && (gap.difference ?? 0) > 0,
        samples: samplesOf(
          input,
          errors,
          heldOut.filter((_, k) => leafOf[k] === leaf),
        ),
      };
    }),
  };
}

/** Mean errors over the networks by corrected labels, of the held-out images in the slice and of the others. */
function correctedRates(
  { predicted }: SearchInput,
  { labels, kept }: NonNullable<SearchInput['corrected']>,
  { heldOut, inSlice }: { heldOut: Uint32Array; inSlice: (k: number) => boolean },
): NonNullable<WorstSlice['corrected']> {
  const known = new Set(kept);
  const [wrong, all] = [
    [0, 0],
    [0, 0],
  ];
  heldOut.forEach((i, k) => {
    if (!known.has(i)) return;
    const side = inSlice(k) ? 0 : 1;
    all[side] += predicted.length;
    wrong[side] += predicted.filter((one) => one[i] !== labels[i]).length;
  });
  const share = (side: 0 | 1): number | null => (all[side] === 0 ? null : wrong[side] / all[side]);
  return { rate: share(0), others: share(1) };
}

/** Two halves of the image numbers, each ascending: of every population half of the writers, or of the images. */
function halves(
  n: number,
  families: readonly SliceFamily[],
  writers: Uint16Array | undefined,
): [Uint32Array, Uint32Array] {
  const random = new Random(0, 'equity/halves');
  const population = families.find(({ name }) => name === 'population')?.of;
  const unitOf = (i: number): number => writers?.[i] ?? i;
  const all = Uint32Array.from({ length: n }, (_, i) => i);
  const first = new Set<number>();
  for (const stratum of population === undefined ? [0] : [0, 1]) {
    const members = all.filter((i) => (population?.[i] ?? 0) === stratum);
    const units = [...new Set(Array.from(members, unitOf))].sort((a, b) => a - b);
    for (const unit of random.shuffle(units).slice(0, Math.ceil(units.length / 2))) first.add(unit);
  }
  return [all.filter((i) => first.has(unitOf(i))), all.filter((i) => !first.has(unitOf(i)))];
}

/** The images of a slice that most networks misread, the lower index first among equals. */
function samplesOf(
  { images, labels, predicted }: SearchInput,
  errors: Float64Array,
  members: Uint32Array,
): SampleImage[] {
  const size = images.length / labels.length;
  return [...members]
    .filter((i) => errors[i] > 0)
    .sort((a, b) => errors[b] - errors[a] || a - b)
    .slice(0, SAMPLES)
    .map((index) => {
      const votes = new Uint32Array(256);
      for (const one of predicted) if (one[index] !== labels[index]) votes[one[index]]++;
      return {
        index,
        label: labels[index],
        taken: votes.indexOf(Math.max(...votes)),
        misread: errors[index],
        pixels: Array.from(images.subarray(index * size, (index + 1) * size), (grey) =>
          Math.round(grey / 17).toString(16),
        ).join(''),
      };
    });
}
