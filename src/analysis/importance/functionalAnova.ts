import { isRange, type Leaf, type Side } from './regressionTree.ts';

/** How a tree's predictions vary over the space, every value alike. */
export interface Anova {
  /** Variance of the predictions over the whole space. */
  readonly total: number;
  /** By parameter: variance of the prediction along it, averaged over all the others. */
  readonly main: readonly number[];
}

/**
 * Functional analysis of variance of a tree, exact (Hutter, Hoos & Leyton-Brown 2014): with vᵢ(ℓ) the share of parameter i that leaf ℓ covers and
 * c(ℓ) its value, the mean is f₀ = Σ c ∏ᵢ vᵢ, the total Σ (c − f₀)² ∏ᵢ vᵢ, and along parameter i the marginal at x is
 * aᵢ(x) = Σ over leaves that hold x of c ∏ⱼ≠ᵢ vⱼ, whose variance is the main effect. `only`: the one parameter that is wanted.
 */
export function functionalAnova(
  leaves: readonly Leaf[],
  levels: readonly (number | null)[],
  only?: number,
): Anova {
  const volumes = leaves.map(({ sides }) =>
    sides.reduce((product, side, c) => product * shareOf(side, levels[c]), 1),
  );
  const centre = leaves.reduce((sum, { value }, l) => sum + volumes[l] * value, 0);
  const total = leaves.reduce((sum, { value }, l) => sum + volumes[l] * square(value - centre), 0);
  const wanted = only === undefined ? levels.map((_, c) => c) : [only];
  return { total, main: wanted.map((c) => mainEffect(leaves, volumes, levels[c], c, centre)) };
}

function mainEffect(
  leaves: readonly Leaf[],
  volumes: readonly number[],
  levels: number | null,
  column: number,
  centre: number,
): number {
  // Only where a leaf ends does the marginal change.
  const pieces = levels === null ? piecesOf(leaves, column) : levelsOf(levels);
  return pieces.reduce((sum, { at, share }) => {
    let marginal = 0;
    leaves.forEach(({ sides, value }, l) => {
      const side = sides[column];
      if (holds(side, at)) marginal += (value * volumes[l]) / shareOf(side, levels);
    });
    return sum + share * square(marginal - centre);
  }, 0);
}

interface Piece {
  /** Inside it. */
  readonly at: number;
  readonly share: number;
}

function piecesOf(leaves: readonly Leaf[], column: number): Piece[] {
  const cuts = new Set([0, 1]);
  for (const { sides } of leaves) {
    const side = sides[column];
    if (!isRange(side)) continue;
    cuts.add(side.from);
    cuts.add(side.to);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((to, k) => ({ at: (sorted[k] + to) / 2, share: to - sorted[k] }));
}

function levelsOf(count: number): Piece[] {
  return Array.from({ length: count }, (_, level) => ({ at: level, share: 1 / count }));
}

function shareOf(side: Side, levels: number | null): number {
  return isRange(side) ? side.to - side.from : side.size / levels!;
}

function holds(side: Side, at: number): boolean {
  return isRange(side) ? side.from < at && at < side.to : side.has(at);
}

function square(x: number): number {
  return x * x;
}
