import { quantile } from '../../stats/describe.ts';
import { holm } from '../../stats/holm.ts';
import { Random } from '../../util/random.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkStopped, type Work } from '../subject.ts';
import { checkOptions, requireItems, requireNumber, requireNumbers } from '../../util/options.ts';
import { functionalAnova } from './functionalAnova.ts';
import { type FeatureColumn, growTree, orderOf } from './regressionTree.ts';

const TREES = 32;
/** Points of a leaf: fewer follow the noise. */
const LEAST = 3;
/** Least and most shuffles of a parameter; between them it is left when ten reached its share (Besag & Clifford 1991). */
const SHUFFLES = { least: 39, most: 199, reached: 10 };
/** With fewer points nothing can be told. */
const FEWEST = 10;

/** Each by parameter. */
export interface Importance {
  /** Share of the variation of the results that goes with the parameter alone; what they do not sum to is joint or noise. */
  readonly shares: readonly number[];
  /** What the share stays under in 19 of 20 shuffles of this parameter's values among the points. */
  readonly chance: readonly number[];
  /** How often it reaches its share then, (1 + b) / (1 + shuffles), after Holm. */
  readonly p: readonly number[];
  readonly shuffles: readonly number[];
  /** How many, not by parameter. */
  readonly points: number;
}

/**
 * How much each parameter matters to the results: a forest of trees on bootstrap samples, and the exact functional analysis of variance of each
 * (Hutter, Hoos & Leyton-Brown 2014), main effects averaged over the trees. A forest finds structure in noise too, so the same is done with the
 * values of a parameter shuffled among the points, the others as they are: a permutation test of each. null with fewer than ten points or results
 * that are all the same. Throws E_ABORTED once the work's signal is aborted.
 */
export async function parameterImportance(
  columns: readonly FeatureColumn[],
  targets: readonly number[],
  seed: number,
  work: Work = {},
): Promise<Importance | null> {
  requireItems('parameterImportance: columns', ['levels', 'values'], columns);
  requireNumbers('parameterImportance: targets', targets);
  requireNumber('parameterImportance: seed', seed);
  checkOptions('parameterImportance: work', ['signal', 'onProgress'], work);
  if (targets.length < FEWEST || targets.every((target) => target === targets[0])) return null;
  const orders = columns.map(orderOf);
  const shares = sharesOf(columns, orders, targets, new Random(seed, 'importance'));
  const shuffled: { found: number[]; p: number }[] = [];
  for (const [c, column] of columns.entries()) {
    const random = new Random(seed, `importance/${c}`);
    const found: number[] = [];
    const reached = (): number => found.filter((other) => other >= shares[c]).length;
    while (found.length < SHUFFLES.least || (found.length < SHUFFLES.most && reached() < SHUFFLES.reached)) {
      checkStopped(work);
      await yieldToEvents();
      const other = { ...column, values: random.shuffle<number[]>([...column.values]) };
      found.push(...sharesOf(columns.with(c, other), orders.with(c, orderOf(other)), targets, random, c));
    }
    shuffled.push({ found, p: (1 + reached()) / (1 + found.length) });
  }
  return {
    shares,
    chance: shuffled.map(({ found }) => quantile(found, 0.95)),
    p: holm(shuffled.map(({ p }) => p)),
    shuffles: shuffled.map(({ found }) => found.length),
    points: targets.length,
  };
}

/** Of every parameter, or of `only` one. */
function sharesOf(
  columns: readonly FeatureColumn[],
  orders: readonly (readonly number[])[],
  targets: readonly number[],
  random: Random,
  only?: number,
): number[] {
  const levels = columns.map((column) => column.levels);
  const sums = new Array<number>(only === undefined ? columns.length : 1).fill(0);
  for (let tree = 0; tree < TREES; tree++) {
    const weights = new Array<number>(targets.length).fill(0);
    for (let k = 0; k < targets.length; k++) weights[random.integer(targets.length)]++;
    const { total, main } = functionalAnova(
      growTree({ columns, orders, targets, weights, least: LEAST }),
      levels,
      only,
    );
    // A sample of points with one result has nothing to divide.
    if (total > 0) main.forEach((variance, c) => (sums[c] += variance / total / TREES));
  }
  return sums;
}
