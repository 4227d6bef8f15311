import type { AlignedPredictions, ModelRun, PredictionModel } from '../analysis/alignPredictions.ts';
import { confusionMatrix, recallPerClass } from '../analysis/confusion.ts';
import { bootstrap } from '../stats/bca.ts';
import { clopperPearson } from '../stats/binomial.ts';
import { answersBootstrap } from '../stats/answersBootstrap.ts';
import { crossedBootstrap } from '../stats/crossedBootstrap.ts';
import { maximum, mean, minimum } from '../stats/describe.ts';
import { type Equivalence, tost } from '../stats/equivalence.ts';
import { holm } from '../stats/holm.ts';
import { type McNemar, mcnemar, pairedAnswers } from '../stats/mcnemar.ts';
import { pairedPermutation } from '../stats/permutation.ts';
import { requireRope } from '../stats/rope.ts';
import { studentInterval } from '../stats/student.ts';
import { pairedSuperiority, type Superiority } from '../stats/superiority.ts';
import { wilson } from '../stats/wilson.ts';
import { DactylError } from '../util/errors.ts';
import { Random } from '../util/random.ts';
import { yieldToEvents } from '../util/yieldToEvents.ts';
import { checkOptions, requireFields } from '../util/options.ts';
import { LEVEL, summarise, type PairedSummary } from './decision.ts';
import { decidePair, type OpenReason, type PairState } from './pairDecision.ts';
import { predictionWarnings } from './predictionWarnings.ts';
import { seedsForMargin, type SeedsNeeded } from './verdict.ts';

/** From so many seeds on the BCa interval covers what it says (FACTS: about 84 % at five). */
const BCA_FROM = 20;
const PERMUTATION_RANDOM = 'judge/permutation';
const MOST_DRAWS = 2e8;

interface Range {
  readonly low: number;
  readonly high: number;
}

/** One run: shares of the images; the intervals are over images, as if these were drawn one by one. */
export interface JudgedRun {
  readonly seed: string | null;
  readonly accuracy: number;
  readonly errors: number;
  readonly wilson: Range;
  readonly clopperPearson: Range;
  readonly logLoss: number | null;
}

export interface JudgedModel {
  readonly name: string;
  readonly files: readonly string[];
  readonly runs: readonly JudgedRun[];
  readonly accuracy: {
    readonly mean: number;
    readonly min: number;
    readonly max: number;
    /** Over seeds; null from one run. */
    readonly spread: (Range & { readonly sd: number }) | null;
  };
  readonly logLoss: number | null;
  /** Images, mean over runs, [true class][predicted class]. */
  readonly confusion: readonly (readonly number[])[];
  /** By class; null for a class without images. */
  readonly recall: readonly (number | null)[];
}

/**
 * What belongs together: `seeds`: seed by seed; `one against seeds`: a single trained model with every run of the other one;
 * `single`: two trained models.
 */
export type PairDesign = 'seeds' | 'one against seeds' | 'single';

/** Two models; every difference is the first's less the second's, a share of the images. */
export interface JudgedPair {
  readonly first: string;
  readonly second: string;
  readonly design: PairDesign;
  /** The pairs; runs that have no partner are left out of all of this. */
  readonly differences: readonly { readonly seed: string | null; readonly difference: number }[];
  readonly leftOut: number;
  readonly mean: number;
  /** Student's over seeds; `low`, `high` and `p` are null where the differences are all equal. */
  readonly seeds: {
    readonly sd: number;
    readonly student: (Range & { readonly p: number }) | null;
    readonly bca: Range | null;
    readonly permutation: { readonly p: number; readonly smallestP: number; readonly exact: boolean };
    readonly superiority: Superiority;
    readonly equivalence: Equivalence | null;
    /** To find a difference of the size of the margin, where the question is undecided. */
    readonly needed: SeedsNeeded | null;
  } | null;
  /** Over images, and over seeds and groups where there are any, together. */
  readonly bootstrap: Range & {
    readonly standardError: number;
    readonly resamples: number;
    readonly over: 'images' | 'groups' | 'seeds and images' | 'seeds and groups';
  };
  /** One for each pair of trained models. */
  readonly mcnemar: readonly (McNemar & { readonly seed: string | null })[];
  /** The first's log loss less the second's; below 0 is better for the first. */
  readonly logLoss: PairedSummary | null;
  /** Of 'the first is more accurate': by Student's interval over seeds, or from single runs by the bootstrap over images (`decidePair`). */
  readonly state: PairState;
  /** Why it is undecided whatever the interval says; else null. */
  readonly open: OpenReason | null;
  /** Behind the state: Student's t over seeds (permutation where it has none), or McNemar's exact. */
  readonly p: number;
  readonly holm: number;
  /** Whether a state decided by sign would be open if the Holm-adjusted p were held to the 5 % level. */
  readonly opens: boolean;
}

export interface PredictionJudgement {
  readonly images: number;
  readonly classes: readonly string[];
  /** How many; null without a group column. */
  readonly groups: number | null;
  /** Half-width of the region of practical equivalence, as a share. */
  readonly rope: number;
  /** What looks wrong in the files, a sentence each. */
  readonly warnings: readonly string[];
  readonly models: readonly JudgedModel[];
  /** Every two models, in their order. */
  readonly pairs: readonly JudgedPair[];
}

/**
 * The statistics of a study for predictions of models trained anywhere. Two models with several seeds each are paired by seed;
 * their seeds must share at least two. Deterministic: the resamples come from fixed streams. Throws E_MISMATCH for seeds
 * that cannot be paired, E_ARGUMENT for a rope that is not a share, E_ABORTED once `signal` says so.
 */
export async function judgePredictions(
  predictions: AlignedPredictions,
  options: {
    readonly rope?: number;
    readonly resamples?: number;
    readonly signal?: AbortSignal;
    /** Is told the share of the pairs that are judged. */
    readonly onProgress?: (share: number) => void;
  } = {},
): Promise<PredictionJudgement> {
  requireFields('judgePredictions: predictions', ['classes', 'labels', 'groups', 'models'], predictions);
  checkOptions('judgePredictions', ['rope', 'resamples', 'signal', 'onProgress'], options);
  const { rope = 0.001, resamples = 2_000, signal, onProgress } = options;
  requireRope(rope);
  if (rope >= 1) {
    throw new DactylError(
      'E_ARGUMENT',
      `A region of practical equivalence: expected a share below 1, received ${rope}.`,
    );
  }
  const { models, groups, labels, classes } = predictions;
  models.forEach(requireDistinctSeeds);
  const open: OpenPair[] = [];
  const all = (models.length * (models.length - 1)) / 2;
  for (const [i, first] of models.entries()) {
    for (const second of models.slice(i + 1)) {
      await yieldToEvents();
      if (signal?.aborted === true) {
        throw new DactylError('E_ABORTED', 'Judging was stopped on request.', { cause: signal.reason });
      }
      open.push(judgePair(first, second, predictions, rope, resamples));
      onProgress?.(open.length / all);
    }
  }
  const adjusted = holm(open.map(({ p }) => p));
  return {
    images: labels.length,
    classes,
    groups: groups === null ? null : new Set(groups).size,
    rope,
    warnings: [...predictions.warnings, ...predictionWarnings(predictions)],
    models: models.map((model) => judgeModel(model, predictions)),
    pairs: open.map((pair, i) => ({
      ...pair,
      holm: adjusted[i],
      opens: (pair.state === 'supported' || pair.state === 'contradicted') && adjusted[i] >= LEVEL,
    })),
  };
}

function judgeModel({ name, files, runs }: PredictionModel, predictions: AlignedPredictions): JudgedModel {
  const { labels, classes } = predictions;
  const n = labels.length;
  const accuracies = runs.map(({ accuracy }) => accuracy);
  const confusion = classes.map(() => new Array<number>(classes.length).fill(0));
  for (const { predicted } of runs) {
    confusionMatrix(labels, predicted, classes.length).forEach((row, t) => {
      row.forEach((count, p) => {
        confusion[t][p] += count / runs.length;
      });
    });
  }
  const student = runs.length < 2 ? null : studentInterval(accuracies);
  return {
    name,
    files,
    runs: runs.map(({ seed, right, accuracy, logLoss }) => {
      const correct = countRight(right);
      return {
        seed,
        accuracy,
        errors: n - correct,
        wilson: wilson(correct, n),
        clopperPearson: clopperPearson(correct, n),
        logLoss,
      };
    }),
    accuracy: {
      mean: mean(accuracies),
      min: minimum(accuracies),
      max: maximum(accuracies),
      spread: student === null ? null : { sd: student.sd, low: student.low, high: student.high },
    },
    logLoss: runs.some(({ logLoss }) => logLoss === null) ? null : mean(runs.map(({ logLoss }) => logLoss!)),
    confusion,
    recall: recallPerClass(confusion).map((rate) => (Number.isNaN(rate) ? null : rate)),
  };
}

type OpenPair = Omit<JudgedPair, 'holm' | 'opens'>;

/** In one order of the two, so that the other order has the same resamples. */
function judgePair(
  first: PredictionModel,
  second: PredictionModel,
  predictions: AlignedPredictions,
  rope: number,
  wanted: number,
): OpenPair {
  return first.name > second.name
    ? mirrored(judgeOrdered(second, first, predictions, rope, wanted))
    : judgeOrdered(first, second, predictions, rope, wanted);
}

function judgeOrdered(
  first: PredictionModel,
  second: PredictionModel,
  { groups }: AlignedPredictions,
  rope: number,
  wanted: number,
): OpenPair {
  const { design, pairs, leftOut } = pairRuns(first, second);
  const differences = pairs.map(([a, b, seed]) => ({
    seed,
    difference: (countRight(a.right) - countRight(b.right)) / a.right.length,
  }));
  const values = differences.map(({ difference }) => difference);
  const images = pairs[0][0].right.length;
  const stream = (purpose: string) => new Random(0, `${purpose}/${first.name}/${second.name}`);
  const mcnemars = pairs.map(([a, b, seed]) => {
    const { onlyFirst, onlySecond } = pairedAnswers(a.right, b.right);
    return { seed, ...mcnemar(onlyFirst, onlySecond) };
  });
  const alone = design === 'single' && groups === null;
  const resamples = alone ? wanted : Math.min(wanted, Math.max(400, Math.floor(MOST_DRAWS / images)));
  const random = stream('judge/bootstrap');
  const crossed = alone
    ? answersBootstrap({ ...mcnemars[0], images }, { random, resamples })
    : crossedBootstrap(
        pairs.map(([a]) => a.right),
        pairs.map(([, b]) => b.right),
        { random, resamples, ...(groups && { clusters: groups }) },
      );
  const losses = pairs.flatMap(([a, b]) =>
    a.logLoss === null || b.logLoss === null ? [] : [a.logLoss - b.logLoss],
  );
  const several = design === 'single' ? null : overSeeds(values, rope, stream);
  const { state, open } = decidePair({
    mean: mean(values),
    interval: several === null ? crossed : several.student,
    images,
    groups: groups === null ? null : new Set(groups).size,
    discordant: mcnemars.reduce((sum, { onlyFirst, onlySecond }) => sum + onlyFirst + onlySecond, 0),
    exactP: several === null ? mcnemars[0].exactP : null,
    rope,
  });
  return {
    first: first.name,
    second: second.name,
    design,
    differences,
    leftOut,
    mean: mean(values),
    seeds:
      several === null
        ? null
        : {
            ...several,
            needed:
              state === 'undecided' && open === null && several.student !== null && rope > 0
                ? seedsForMargin(rope, several.sd, values.length)
                : null,
          },
    bootstrap: {
      low: crossed.low,
      high: crossed.high,
      standardError: crossed.standardError,
      resamples,
      over: `${design === 'single' ? '' : 'seeds and '}${groups === null ? 'images' : 'groups'}`,
    },
    mcnemar: mcnemars,
    logLoss: losses.length < pairs.length ? null : summarise(losses),
    state,
    open,
    p: several === null ? mcnemars[0].exactP : (several.student?.p ?? several.permutation.p),
  };
}

/** The same pair the other way round: every difference with the other sign. */
function mirrored(pair: OpenPair): OpenPair {
  const turn = (value: number): number => 0 - value;
  const flip = <T extends Range>(range: T): T => ({ ...range, low: turn(range.high), high: turn(range.low) });
  const { seeds, logLoss, state } = pair;
  return {
    ...pair,
    first: pair.second,
    second: pair.first,
    differences: pair.differences.map(({ seed, difference }) => ({ seed, difference: turn(difference) })),
    mean: turn(pair.mean),
    seeds: seeds && {
      ...seeds,
      student: seeds.student && flip(seeds.student),
      bca: seeds.bca && flip(seeds.bca),
      superiority: {
        probability: 1 - seeds.superiority.probability,
        low: 1 - seeds.superiority.high,
        high: 1 - seeds.superiority.low,
      },
      equivalence: seeds.equivalence && {
        ...flip(seeds.equivalence),
        difference: turn(seeds.equivalence.difference),
        pAboveLower: seeds.equivalence.pBelowUpper,
        pBelowUpper: seeds.equivalence.pAboveLower,
        verdict: OPPOSITE_PLACE[seeds.equivalence.verdict],
      },
    },
    bootstrap: flip(pair.bootstrap),
    mcnemar: pair.mcnemar.map((one) => ({ ...one, onlyFirst: one.onlySecond, onlySecond: one.onlyFirst })),
    logLoss: logLoss && {
      ...logLoss,
      mean: turn(logLoss.mean),
      spread: logLoss.spread && flip(logLoss.spread),
    },
    state: state === 'supported' ? 'contradicted' : state === 'contradicted' ? 'supported' : state,
  };
}

const OPPOSITE_PLACE = {
  above: 'below',
  below: 'above',
  equivalent: 'equivalent',
  undecided: 'undecided',
} as const;

function overSeeds(values: readonly number[], rope: number, stream: (purpose: string) => Random) {
  const equal = values.every((value) => value === values[0]);
  const { spread } = summarise(values);
  const permutation = pairedPermutation(values, { random: stream(PERMUTATION_RANDOM) });
  const bca =
    equal || values.length < BCA_FROM ? null : bootstrap(values, mean, { random: stream('judge/bca') });
  return {
    sd: equal ? 0 : spread!.sd,
    student: equal ? null : { low: spread!.low, high: spread!.high, p: spread!.p },
    bca: bca && { low: bca.low, high: bca.high },
    permutation: { p: permutation.p, smallestP: permutation.smallestP, exact: permutation.exact },
    superiority: pairedSuperiority(values),
    equivalence: equal ? null : tost(values, rope),
  };
}

type RunPair = readonly [first: ModelRun, second: ModelRun, seed: string | null];

function pairRuns(
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

function requireDistinctSeeds({ name, runs }: PredictionModel): void {
  const seen = new Set<string | null>();
  for (const { seed } of runs) {
    if (seen.has(seed)) {
      throw new DactylError('E_ARGUMENT', `${name}: expected each seed once, received ${seed} twice.`);
    }
    seen.add(seed);
  }
}

function countRight(right: Uint8Array): number {
  return right.reduce((sum, one) => sum + one, 0);
}
