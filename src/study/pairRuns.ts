import type { ModelRun, PredictionModel } from '../analysis/alignPredictions.ts';
import { DactylError } from '../util/errors.ts';
import type { PairDesign } from './judgedPair.ts';

type RunPair = readonly [first: ModelRun, second: ModelRun, seed: string | null];

/** Which runs of two models belong together. Throws E_MISMATCH where seeds cannot be paired. */
export function pairRuns(
  first: PredictionModel,
  second: PredictionModel,
): { design: PairDesign; pairs: RunPair[]; leftOut: number } {
  const [m, n] = [first.runs.length, second.runs.length];
  if (m === 1 && n === 1) {
    return { design: 'single', pairs: [[first.runs[0], second.runs[0], null]], leftOut: 0 };
  }
  if (m === 1 || n === 1) {
    const pairs = (m === 1 ? second : first).runs.map((run): RunPair =>
      m === 1 ? [first.runs[0], run, run.seed] : [run, second.runs[0], run.seed],
    );
    return { design: 'one against seeds', pairs, leftOut: 0 };
  }
  const bySeed = new Map(second.runs.map((run) => [run.seed, run]));
  const pairs = first.runs.flatMap((run): RunPair[] => {
    const partner = bySeed.get(run.seed);
    return partner === undefined ? [] : [[run, partner, run.seed]];
  });
  if (pairs.length < 2) {
    const seeds = ({ runs }: PredictionModel): string =>
      runs
        .slice(0, 5)
        .map(({ seed }) => seed)
        .join(', ') + (runs.length > 5 ? ', …' : '');
    throw new DactylError(
      'E_MISMATCH',
      `Seeds of ${first.name} and ${second.name}: expected at least two in both, received ${seeds(first)} and ${seeds(second)}. Number the runs of both models alike, 1 to n.`,
    );
  }
  return { design: 'seeds', pairs, leftOut: m + n - 2 * pairs.length };
}

/** Whether several runs give the same answers to every image, as where the seed did not reach the training. */
export function areCopies(runs: readonly ModelRun[]): boolean {
  const [first, ...others] = runs;
  return (
    others.length > 0 &&
    others.every(({ predicted }) => predicted.every((answer, i) => answer === first.predicted[i]))
  );
}

/** Throws E_ARGUMENT for a seed that stands twice. */
export function requireDistinctSeeds({ name, runs }: PredictionModel): void {
  const seen = new Set<string | null>();
  for (const { seed } of runs) {
    if (seen.has(seed)) {
      throw new DactylError('E_ARGUMENT', `${name}: expected each seed once, received ${seed} twice.`);
    }
    seen.add(seed);
  }
}
