import type { Dataset } from '../../data/examples.ts';
import { subset } from '../../data/examples.ts';
import { DactylError } from '../../util/errors.ts';
import { Random } from '../../util/random.ts';
import { sizeOf } from '../../util/tensor.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import {
  checkStopped,
  type EvaluationData,
  nameOf,
  type Subject,
  type SubjectName,
  type Work,
} from '../subject.ts';
import { affordable, costOf, statedCost } from '../cost.ts';
import { mostProbable } from '../mostProbable.ts';
import { checkOptions, requireFields } from '../../util/options.ts';
import { meanImage } from './baselines.ts';
import { compareFaithfulness, type FaithfulnessOfMethod } from './comparison.ts';
import { chooseExamples, type Example, explainExamples } from './examples.ts';
import { type LeftOut, type MethodName, METHODS, methodsFor, type MethodSettings } from './methods.ts';
import { type Sanity, sanityChecks } from './sanity.ts';
import {
  type ChangeSummary,
  type Completeness,
  measureAgreement,
  measureCompleteness,
  type NeighbourAgreement,
  summariseChanges,
  summariseUnits,
  type UnitsSummary,
} from './summaries.ts';

export interface ExplanationOptions {
  /** Fewer images, and no network trained on shuffled labels. */
  readonly quick?: boolean;
  /** Test images to explain, instead of the first of each class, of twelve at most, and the surest mistakes. */
  readonly indices?: readonly number[];
  /** Of the choice of images, of noise and of random weights. Default 0. */
  readonly seed?: number;
}

/** How one network's answers are explained, and how far the explanations can be trusted. Plain data for JSON. */
export interface Explanations extends SubjectName {
  readonly quick: boolean;
  readonly seed: number;
  /** Of the network (`costOf`), where it made the images fewer. */
  readonly cost?: number;
  /** Test images, and the share answered correctly. */
  readonly testImages: number;
  readonly accuracy: number;
  /** Whether the answer is one and the same for every test image. */
  readonly constant: boolean;
  /** Images over which completeness, faithfulness and sanity are measured: drawn with the seed. */
  readonly images: number;
  /** Training images searched for neighbours: the first ones. */
  readonly trainingImages: number;
  readonly steps: number;
  readonly tolerance: number;
  readonly examples: readonly Example[];
  readonly completeness: readonly Completeness[];
  readonly faithfulness: readonly FaithfulnessOfMethod[];
  readonly sanity: Sanity;
  readonly changes: ChangeSummary;
  readonly agreement: NeighbourAgreement | null;
  readonly units: UnitsSummary;
  /** Methods that cannot explain this network; absent where all can. */
  readonly leftOut?: readonly LeftOut[];
}

const SIZES = {
  full: { images: 200, changes: 100, training: 60_000, mistakes: 200, units: 10_000 },
  quick: { images: 40, changes: 20, training: 10_000, mistakes: 40, units: 2_000 },
} as const;
/** Of a costly network fewer images are explained; all else is cheap beside that. */
function fullSizes(cost: number) {
  const { images, changes, ...others } = SIZES.full;
  return { ...others, images: affordable(images, cost, 40), changes: affordable(changes, cost, 20) };
}

const STEPS = 50;
const TOLERANCE = 0.01;
/** Of the first test image of this class the changes under randomisation are shown. */
const SHOWN_CLASS = 4;

/**
 * Explains a few answers in every way of `METHODS`, by contrast, by the smallest change that turns them and by training images, and measures
 * the explanations themselves. Same input, same bits. Throws E_SHAPE for a network of other images, E_ARGUMENT for an empty data set or an
 * index outside the test set, E_ABORTED when stopped.
 */
export async function measureExplanations(
  subject: Subject,
  data: EvaluationData,
  options: ExplanationOptions,
  work: Work,
): Promise<Explanations> {
  requireFields('measureExplanations: subject', ['model', 'arm', 'activation', 'seed', 'hash'], subject);
  requireFields('measureExplanations: data', ['train', 'test'], data);
  checkOptions('measureExplanations', ['quick', 'indices', 'seed'], options);
  checkOptions('measureExplanations: work', ['signal', 'onProgress'], work);
  const { train, test } = data;
  const { model } = subject;
  const { quick = false, seed = 0 } = options;
  const cost = costOf(model);
  const sizes = quick ? SIZES.quick : fullSizes(cost);
  requireImages(subject, train, 'training');
  requireImages(subject, test, 'test');
  const part = (from: number, to: number): Work => ({
    ...work,
    onProgress: (share) => work.onProgress?.(from + share * (to - from)),
  });
  const next = async (share: number): Promise<void> => {
    checkStopped(work);
    work.onProgress?.(share);
    await yieldToEvents();
  };
  await next(0);
  const probabilities = model.predict(test.images);
  const answers = mostProbable(probabilities);
  const sureness = Float32Array.from(answers, (answer, i) => probabilities.data[i * model.outputs + answer]);
  const settings: MethodSettings = { mean: meanImage(train), steps: STEPS, tolerance: TOLERANCE, seed };
  const training = firstOf(train, sizes.training);

  const indices = options.indices ?? chooseExamples(test.labels, answers, sureness);
  const examples = explainExamples(model, test, training, indices, settings);
  await next(0.08);

  const drawn = drawImages(test.labels.length, sizes.images, seed);
  const chosen = subset(test, drawn);
  const classes = Array.from(drawn, (i) => answers[i]);
  const { methods, leftOut } = methodsFor(model);
  const maps: Partial<Record<MethodName, Float32Array>> = {};
  for (const method of methods) maps[method] = METHODS[method](model, chosen.images, { classes }, settings);
  await next(0.13);
  const completeness = measureCompleteness(model, chosen, classes, settings);
  await next(0.2);
  const faithfulness = await compareFaithfulness(model, chosen.images, classes, maps, seed, part(0.2, 0.5));
  const sanity = await sanityChecks(
    model,
    {
      subset: chosen,
      classes,
      maps,
      shown: Math.max(0, chosen.labels.indexOf(SHOWN_CLASS)),
      train: quick ? null : train,
    },
    settings,
    part(0.5, 0.8),
  );
  await next(0.8);
  const changes = summariseChanges(model, firstOf(chosen, sizes.changes));
  await next(0.88);
  const mistakes = Array.from(test.labels.keys()).filter((i) => answers[i] !== test.labels[i]);
  const asked = [...new Set([...drawn, ...mistakes.slice(0, sizes.mistakes)])];
  const agreement = measureAgreement(
    model,
    training,
    subset(test, asked),
    asked.map((i) => answers[i]),
  );
  await next(0.95);
  const units = summariseUnits(model, test, sizes.units);
  await next(1);
  return {
    ...nameOf(subject),
    quick,
    seed,
    ...(!quick && statedCost(cost)),
    testImages: test.labels.length,
    accuracy: (test.labels.length - mistakes.length) / test.labels.length,
    constant: answers.every((answer) => answer === answers[0]),
    images: chosen.labels.length,
    trainingImages: training.labels.length,
    steps: STEPS,
    tolerance: TOLERANCE,
    examples,
    completeness,
    faithfulness,
    sanity,
    changes,
    agreement,
    units,
    ...(leftOut.length > 0 && { leftOut }),
  };
}

function requireImages({ model }: Subject, { images, labels }: Dataset, what: string): void {
  if (labels.length === 0) {
    throw new DactylError('E_ARGUMENT', `Explanations: expected ${what} images, received none.`);
  }
  const [size, wanted] = [sizeOf(images.shape.slice(1)), sizeOf(model.inputShape)];
  if (size !== wanted) {
    throw new DactylError(
      'E_SHAPE',
      `Explanations: the model reads ${wanted} pixels, the ${what} images have ${size}. Evaluate it on images of its own size.`,
    );
  }
}

function firstOf(dataset: Dataset, most: number): Dataset {
  return subset(
    dataset,
    Array.from({ length: Math.min(most, dataset.labels.length) }, (_, i) => i),
  );
}

/** `most` different images, in ascending order. */
function drawImages(count: number, most: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  new Random(seed, 'explanations/images').shuffle(order);
  return order.slice(0, Math.min(most, count)).sort();
}
