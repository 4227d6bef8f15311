import { classCounts, type Dataset } from '../../data/examples.ts';
import type { Layer } from '../../nn/layers.ts';
import { DactylError } from '../../util/errors.ts';
import type { Tensor } from '../../util/tensor.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { logLoss } from '../calibration/logLoss.ts';
import { mostProbable } from '../mostProbable.ts';
import {
  checkStopped,
  type EvaluationData,
  nameOf,
  type Subject,
  type SubjectName,
  type Work,
} from '../subject.ts';
import { imageExtents } from '../evaluation/known.ts';
import { IMAGE_VARIANTS, type ImageVariant, PIXEL_SCALES, type PixelScale } from './variants.ts';

/** Networks above which fewer images each are looked at, and how many then. */
const MANY = 6;
const SAMPLE = { few: 1_000, many: 300 };

/** What a network without a `Rescaling` gets is far beyond this; what any scaling in use gives is far below. */
const LARGE_INPUT = 16;

/** Shares of the sample that are answered as labelled. */
export interface SubjectLook extends SubjectName {
  readonly accuracy: number;
  readonly logLoss: number;
  /** Were the images meant so; without what such images cannot be, as ones that are not square cannot be transposed. */
  readonly variants: Readonly<Partial<Record<ImageVariant, number>>>;
  /** Were the labels one class too high or too low (cyclically), or those of the image before or after. */
  readonly labels: Readonly<Record<LabelShift, number>>;
  /** What the first Dense gets of a pixel 0 and of a pixel 255. */
  readonly input: readonly [of0: number, of255: number];
  /** Of a network that gets such numbers as 255: were the pixels scaled before; null for one that scales them itself. */
  readonly scaled: Readonly<
    Record<PixelScale, { readonly accuracy: number; readonly logLoss: number }>
  > | null;
}

export type LabelShift = 'tooHigh' | 'tooLow' | 'ofImageBefore' | 'ofImageAfter';

/** What images and labels look like, before a network is judged by them. */
export interface InputLook {
  readonly images: number;
  /** 0 to 255. */
  readonly meanPixel: number;
  readonly trainMeanPixel: number;
  readonly largestPixel: number;
  /** Images whose pixels are all alike. */
  readonly blank: number;
  /** Images of each class. */
  readonly classes: readonly number[];
  /** Images, evenly spread, behind the shares below. */
  readonly sample: number;
  readonly subjects: readonly SubjectLook[];
}

/**
 * Looks at test images and labels, and at how each network would answer were they meant otherwise: inverted, transposed, stretched, scaled, labels
 * shifted. One class only, blank images or a network that reads such images far better make its accuracy worth nothing. Throws E_NUMERIC for a network
 * whose answers are not finite, naming it.
 */
export async function lookAtInputs(
  subjects: readonly Subject[],
  { train, test }: EvaluationData,
  work: Work = {},
): Promise<InputLook> {
  const sample = spread(test.labels.length, subjects.length > MANY ? SAMPLE.many : SAMPLE.few);
  const looks: SubjectLook[] = [];
  for (const subject of subjects) {
    checkStopped(work);
    looks.push(naming(subject, () => lookWith(subject, test, sample)));
    work.onProgress?.(looks.length / subjects.length);
    await yieldToEvents();
  }
  return {
    images: test.labels.length,
    meanPixel: meanOf(test),
    trainMeanPixel: meanOf(train),
    largestPixel: test.images.data.reduce((most, value) => Math.max(most, value), 0),
    blank: blankOf(test),
    classes: classCounts(test),
    sample: sample.length,
    subjects: looks,
  };
}

/** Says of which network it is that the numbers are not finite. */
function naming<T>({ arm, seed }: SubjectName, measure: () => T): T {
  try {
    return measure();
  } catch (error) {
    if (!(error instanceof DactylError && error.code === 'E_NUMERIC')) throw error;
    throw new DactylError('E_NUMERIC', `${arm}, seed ${seed}: ${error.message}`, { cause: error });
  }
}

function lookWith(subject: Subject, test: Dataset, sample: readonly number[]): SubjectLook {
  const { model } = subject;
  const size = test.images.data.length / test.labels.length;
  const pixels = new Uint8Array(sample.length * size);
  sample.forEach((index, k) => {
    pixels.set(test.images.data.subarray(index * size, (index + 1) * size), k * size);
  });
  const labels = Uint8Array.from(sample, (index) => test.labels[index]);
  const predict = (data: Tensor['data']): Tensor<Float32Array> =>
    model.predict({ data, shape: [sample.length, ...test.images.shape.slice(1)] });
  const score = (data: Tensor['data']) => {
    const outputs = predict(data);
    const { data: probabilities, shape } = outputs;
    return {
      accuracy: shareRight(mostProbable(outputs), (k) => labels[k]),
      logLoss: logLoss({ probabilities, labels, classes: shape[1] }),
    };
  };
  const extents = imageExtents(test) ?? [1, size, 1];
  const variantAccuracies = (given: Uint8Array): SubjectLook['variants'] =>
    Object.fromEntries(
      Object.entries(IMAGE_VARIANTS).flatMap(([name, turn]) => {
        const turned = turn(given, extents);
        return turned ? [[name, score(turned).accuracy]] : [];
      }),
    );
  const predicted = mostProbable(predict(pixels));
  const input = inputRange(model.layers);
  const large = Math.max(...input.map(Math.abs)) > LARGE_INPUT;
  return {
    ...nameOf(subject),
    ...score(pixels),
    variants: variantAccuracies(pixels),
    labels: {
      tooHigh: shareRight(predicted, (k) => (labels[k] + test.classes - 1) % test.classes),
      tooLow: shareRight(predicted, (k) => (labels[k] + 1) % test.classes),
      ofImageBefore: shareRight(predicted, (k) => test.labels[sample[k] + 1]),
      ofImageAfter: shareRight(predicted, (k) => test.labels[sample[k] - 1]),
    },
    input,
    scaled: large ? mapRecord(PIXEL_SCALES, (scale) => score(Float32Array.from(pixels, scale))) : null,
  };
}

function shareRight(predicted: Uint8Array, label: (k: number) => number | undefined): number {
  return predicted.reduce((sum, answer, k) => sum + (answer === label(k) ? 1 : 0), 0) / predicted.length;
}

function inputRange(layers: readonly Layer[]): [number, number] {
  const range: [number, number] = [0, 255];
  for (const layer of layers) {
    if (layer.type !== 'Rescaling') continue;
    range.forEach((value, k) => {
      range[k] = value * layer.scale + layer.offset;
    });
  }
  return range;
}

/** At most `most` of n indices, evenly spread. */
function spread(n: number, most: number): number[] {
  const count = Math.min(n, most);
  return Array.from({ length: count }, (_, k) => Math.floor((k * n) / count));
}

function meanOf({ images: { data } }: Dataset): number {
  let sum = 0;
  for (const value of data) sum += value;
  return sum / data.length;
}

function blankOf({ images: { data }, labels }: Dataset): number {
  const size = data.length / labels.length;
  let blank = 0;
  for (let first = 0; first < data.length; first += size) {
    if (data.subarray(first, first + size).every((value) => value === data[first])) blank++;
  }
  return blank;
}

function mapRecord<K extends string, V, R>(
  record: Readonly<Record<K, V>>,
  map: (value: V) => R,
): Record<K, R> {
  return Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, map(value)])) as Record<
    K,
    R
  >;
}
