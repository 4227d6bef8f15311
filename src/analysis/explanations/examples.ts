import type { Dataset } from '../../data/examples.ts';
import { subset } from '../../data/examples.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { toBase64 } from '../../util/base64.ts';
import { baselineImages } from './baselines.ts';
import { counterfactuals } from './counterfactual.ts';
import { integratedGradients } from './integratedGradients.ts';
import { type MapsByMethod, METHODS, methodsFor, type MethodSettings } from './methods.ts';
import { nearestTraining } from './neighbours.ts';
import { type PackedMap, packMap } from './packed.ts';
import type { Target } from './target.ts';

/** A training image near to a test image. */
export interface NeighbourImage {
  readonly index: number;
  readonly label: number;
  readonly distance: number;
  /** Base64 of its bytes, as all images here. */
  readonly image: string;
}

/** One answer of the network, explained in every way. */
export interface Example {
  /** In the test set. */
  readonly index: number;
  readonly image: string;
  readonly trueClass: number;
  readonly answer: number;
  readonly probabilities: readonly number[];
  /** The class that the answer is contrasted with: the true one of a mistake, else the second most probable. */
  readonly rival: number;
  /** What speaks for the answer, by each method that can explain the network. */
  readonly maps: MapsByMethod<PackedMap>;
  /** Integrated gradients from blank paper: of the answer's score, of the rival's, and of the difference. */
  readonly contrast: {
    readonly answer: PackedMap;
    readonly rival: PackedMap;
    readonly difference: PackedMap;
  };
  /** The smallest change found that turns the answer; null where none was found. */
  readonly counterfactual: {
    readonly image: string;
    readonly after: number;
    readonly probabilityAfter: number;
    readonly distance: number;
    readonly added: number;
    readonly removed: number;
  } | null;
  /** Null for a network without a hidden layer. */
  readonly neighbours: readonly NeighbourImage[] | null;
}

const NEIGHBOURS = 5;
const MISTAKES = 3;
/** Classes of which an image is shown, the first ones. */
export const MOST_CLASSES = 12;

/** The first test image of each of the first twelve classes, then the mistakes the network was surest of: fixed by rule, not picked for their looks. */
export function chooseExamples(
  labels: Uint8Array,
  answers: ArrayLike<number>,
  sureness: ArrayLike<number>,
): number[] {
  const first = Array.from({ length: MOST_CLASSES }, (_, label) => labels.indexOf(label)).filter(
    (index) => index >= 0,
  );
  const mistakes = Array.from(labels.keys())
    .filter((i) => answers[i] !== labels[i])
    .sort((i, j) => sureness[j] - sureness[i] || i - j);
  return [...first, ...mistakes.filter((i) => !first.includes(i)).slice(0, MISTAKES)];
}

/** Explains the test images at `indices`; `training` is searched for neighbours. */
export function explainExamples(
  model: Sequential,
  test: Dataset,
  training: Dataset,
  indices: readonly number[],
  settings: MethodSettings,
): Example[] {
  const { images, labels } = subset(test, indices);
  const size = images.data.length / indices.length;
  const { outputs } = model;
  const probabilities = model.predict(images).data;
  const rowOf = (i: number): number[] => Array.from(probabilities.subarray(i * outputs, (i + 1) * outputs));
  const orders = indices.map((_, i) => {
    const row = rowOf(i);
    return Array.from(row.keys()).sort((a, b) => row[b] - row[a] || a - b);
  });
  const answers = orders.map(([answer]) => answer);
  const rivals = orders.map(([answer, second], i) => (answer === labels[i] ? second : labels[i]));

  const all = methodsFor(model).methods.map(
    (method) => [method, METHODS[method](model, images, { classes: answers }, settings)] as const,
  );
  const contrastOf = (target: Target): Float32Array =>
    integratedGradients(model, images, target, {
      baseline: baselineImages('blank', images, settings.mean),
      steps: settings.steps,
      tolerance: settings.tolerance,
    }).maps;
  const contrasts = {
    answer: contrastOf({ classes: answers }),
    rival: contrastOf({ classes: rivals }),
    difference: contrastOf({ classes: answers, against: rivals }),
  };
  const changes = counterfactuals(model, images);
  const neighbours = nearestTraining(model, images, training.images, NEIGHBOURS);

  const imageOf = (data: Uint8Array, i: number): string => toBase64(data.subarray(i * size, (i + 1) * size));
  const mapOf = (maps: Float32Array, i: number): PackedMap =>
    packMap(maps.subarray(i * size, (i + 1) * size));
  return indices.map((index, i) => {
    const change = changes[i];
    return {
      index,
      image: imageOf(images.data, i),
      trueClass: labels[i],
      answer: answers[i],
      probabilities: rowOf(i),
      rival: rivals[i],
      maps: Object.fromEntries(all.map(([method, maps]) => [method, mapOf(maps, i)])),
      contrast: {
        answer: mapOf(contrasts.answer, i),
        rival: mapOf(contrasts.rival, i),
        difference: mapOf(contrasts.difference, i),
      },
      counterfactual: change && {
        image: toBase64(change.image),
        after: change.after,
        probabilityAfter: change.probabilityAfter,
        distance: change.distance,
        added: change.added,
        removed: change.removed,
      },
      neighbours:
        neighbours &&
        Array.from(neighbours[i].indices, (t, k) => ({
          index: t,
          label: training.labels[t],
          distance: neighbours[i].distances[k],
          image: imageOf(training.images.data, t),
        })),
    };
  });
}
