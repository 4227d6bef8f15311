import type { AlignedPredictions, PredictionModel } from '../analysis/alignPredictions.ts';
import { confusionMatrix, recallPerClass } from '../analysis/confusion.ts';
import { bootstrap } from '../stats/bca.ts';
import { clopperPearson } from '../stats/binomial.ts';
import { answersBootstrap } from '../stats/answersBootstrap.ts';
import { clusteredShare } from '../stats/clusteredShare.ts';
import { crossedBootstrap } from '../stats/crossedBootstrap.ts';
import { differing } from '../stats/differing.ts';
import { maximum, mean, minimum } from '../stats/describe.ts';
import { tost } from '../stats/equivalence.ts';
import { holm } from '../stats/holm.ts';
import { mcnemar, pairedAnswers } from '../stats/mcnemar.ts';
import { pairedPermutation } from '../stats/permutation.ts';
import { requireRope } from '../stats/rope.ts';
import { pairedSuperiority } from '../stats/superiority.ts';
import { wilson } from '../stats/wilson.ts';
import { DactylError } from '../util/errors.ts';
import { Random } from '../util/random.ts';
import { yieldToEvents } from '../util/yieldToEvents.ts';
import { checkOptions, requireFields } from '../util/options.ts';
import { FEWEST_SEEDS, LEVEL, summarise } from './decision.ts';
import { type JudgedPair, mirrored, type OpenPair, type Range } from './judgedPair.ts';
import { decidePair } from './pairDecision.ts';
import { areCopies, pairRuns, requireDistinctSeeds } from './pairRuns.ts';
import { predictionWarnings } from './predictionWarnings.ts';
import { seedsForMargin } from './verdict.ts';

/** From so many seeds on the BCa interval covers what it says (FACTS: about 84 % at five). */
const BCA_FROM = 20;
const PERMUTATION_RANDOM = 'judge/permutation';
const MOST_DRAWS = 2e8;

/** One run: shares of the images; the intervals are over images, as if these were drawn one by one, or over groups where there are any. */
export interface JudgedRun {
  readonly seed: string | null;
  readonly accuracy: number;
  readonly errors: number;
  /** As how many images drawn one by one the images are worth, for those of a group are alike; null without groups. */
  readonly effective: number | null;
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
  const groups = groupsOf(predictions);
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
  const { mean: centre, spread } = summarise(accuracies);
  return {
    name,
    files,
    runs: runs.map(({ seed, right, accuracy, logLoss }) => {
      const correct = countRight(right);
      return {
        seed,
        accuracy,
        errors: n - correct,
        ...(groups === null
          ? { effective: null, wilson: wilson(correct, n), clopperPearson: clopperPearson(correct, n) }
          : clusteredShare(right, groups)),
        logLoss,
      };
    }),
    accuracy: {
      mean: centre,
      min: minimum(accuracies),
      max: maximum(accuracies),
      spread: spread && { sd: spread.sd, low: spread.low, high: spread.high },
    },
    logLoss: runs.some(({ logLoss }) => logLoss === null) ? null : mean(runs.map(({ logLoss }) => logLoss!)),
    confusion,
    recall: recallPerClass(confusion).map((rate) => (Number.isNaN(rate) ? null : rate)),
  };
}

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
  const exactP =
    several !== null
      ? null
      : groups === null
        ? mcnemars[0].exactP
        : groupedP(pairs[0][0].right, pairs[0][1].right, groups, stream(PERMUTATION_RANDOM));
  const { state, open } = decidePair({
    mean: mean(values),
    interval: several === null ? crossed : several.student,
    differ: several === null ? null : differing(values),
    copies: [first, second].some(({ runs }) => areCopies(runs)),
    images,
    groups: groups === null ? null : new Set(groups).size,
    discordant: mcnemars.reduce((sum, { onlyFirst, onlySecond }) => sum + onlyFirst + onlySecond, 0),
    exactP,
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
              state === 'undecided' &&
              (open === null || (open.kind === 'seeds' && values.length < FEWEST_SEEDS)) &&
              several.student !== null &&
              rope > 0
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
    p: exactP ?? several?.student?.p ?? several!.permutation.p,
  };
}

/**
 * That the two models answer alike, group by group: the p of the sign-flip test of the groups' sums of differences, which McNemar's exact test is where each image is a
 * group of its own.
 */
function groupedP(first: Uint8Array, second: Uint8Array, groups: ArrayLike<number>, random: Random): number {
  const sums = new Map<number, number>();
  first.forEach((right, i) => sums.set(groups[i], (sums.get(groups[i]) ?? 0) + right - second[i]));
  return pairedPermutation([...sums.values()], { random }).p;
}

/** Null where the images have none, or are all in one, of which no interval follows. */
function groupsOf({ groups }: AlignedPredictions): AlignedPredictions['groups'] {
  return groups !== null && groups.some((group) => group !== groups[0]) ? groups : null;
}

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

function countRight(right: Uint8Array): number {
  return right.reduce((sum, one) => sum + one, 0);
}
