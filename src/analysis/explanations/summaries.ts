import type { Dataset } from '../../data/examples.ts';
import { subset } from '../../data/examples.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { maximum, quantile } from '../../stats/describe.ts';
import { toBase64 } from '../../util/base64.ts';
import { baselineImages, BASELINES, type BaselineName } from './baselines.ts';
import { counterfactuals } from './counterfactual.ts';
import { firstLayerWeights, type HiddenLayerUnits, hiddenUnits } from './hiddenUnits.ts';
import { integratedGradients } from './integratedGradients.ts';
import type { MethodSettings } from './methods.ts';
import { nearestTraining } from './neighbours.ts';
import { type PackedMap, packMap } from './packed.ts';

/** Does a map of integrated gradients add up to what it explains? Errors are shares of the score's difference from the baseline's. */
export interface Completeness {
  readonly baseline: BaselineName;
  /** With the first number of steps. */
  readonly medianError: number;
  readonly largestError: number;
  /** Images above the tolerance then. */
  readonly above: number;
  /** After the steps were doubled where needed. */
  readonly raised: {
    readonly medianSteps: number;
    readonly mostSteps: number;
    readonly largestError: number;
    readonly above: number;
  };
}

export function measureCompleteness(
  model: Sequential,
  { images }: Dataset,
  classes: ArrayLike<number>,
  { mean, steps, tolerance }: MethodSettings,
): Completeness[] {
  return BASELINES.map((name) => {
    const baseline = baselineImages(name, images, mean);
    const plain = integratedGradients(model, images, { classes }, { baseline, steps });
    const raised = integratedGradients(model, images, { classes }, { baseline, steps, tolerance });
    const above = (errors: Float64Array): number => errors.filter((error) => !(error <= tolerance)).length;
    return {
      baseline: name,
      medianError: finite(quantile(plain.errors, 0.5)),
      largestError: finite(maximum(plain.errors)),
      above: above(plain.errors),
      raised: {
        medianSteps: quantile(raised.steps, 0.5),
        mostSteps: maximum(raised.steps),
        largestError: finite(maximum(raised.errors)),
        above: above(raised.errors),
      },
    };
  });
}

/** An error without a difference to compare with is infinite, which JSON cannot hold. */
function finite(value: number): number {
  return Math.min(value, Number.MAX_VALUE);
}

/** The smallest changes found over many images. */
export interface ChangeSummary {
  readonly images: number;
  readonly found: number;
  /** Of √Σ change² in pixels of full ink, over those found: 5 %, 50 % and 95 % quantile; null where none was found. */
  readonly distance: readonly [low: number, median: number, high: number] | null;
  /** Median of the distance as a share of the digit's own √Σ pixel². */
  readonly medianShare: number | null;
}

export function summariseChanges(model: Sequential, { images, labels }: Dataset): ChangeSummary {
  const size = images.data.length / labels.length;
  const changes = counterfactuals(model, images).flatMap((change, i) => {
    if (change === null) return [];
    const own = images.data.subarray(i * size, (i + 1) * size);
    const norm = Math.sqrt(own.reduce((sum, byte) => sum + (byte / 255) * (byte / 255), 0));
    return [{ distance: change.distance, share: norm > 0 ? change.distance / norm : Infinity }];
  });
  const distances = changes.map(({ distance }) => distance);
  const none = changes.length === 0;
  return {
    images: labels.length,
    found: changes.length,
    distance: none ? null : [quantile(distances, 0.05), quantile(distances, 0.5), quantile(distances, 0.95)],
    medianShare: none
      ? null
      : finite(
          quantile(
            changes.map(({ share }) => share),
            0.5,
          ),
        ),
  };
}

/** How often the nearest training images bear the label that the network answers, on images it gets right and on its mistakes. */
export interface NeighbourAgreement {
  readonly neighbours: number;
  readonly right: { readonly images: number; readonly agree: number };
  readonly wrong: { readonly images: number; readonly agree: number };
}

const NEIGHBOURS = 5;

/** `agree`: images of which more than half of the five nearest training images bear the answer as their label. Null without a hidden layer. */
export function measureAgreement(
  model: Sequential,
  training: Dataset,
  { images, labels }: Dataset,
  answers: ArrayLike<number>,
): NeighbourAgreement | null {
  const found = nearestTraining(model, images, training.images, NEIGHBOURS);
  if (found === null) return null;
  const counts = { right: { images: 0, agree: 0 }, wrong: { images: 0, agree: 0 } };
  found.forEach(({ indices }, i) => {
    const group = counts[answers[i] === labels[i] ? 'right' : 'wrong'];
    const same = indices.filter((t) => training.labels[t] === answers[i]).length;
    group.images++;
    if (2 * same > indices.length) group.agree++;
  });
  return { neighbours: NEIGHBOURS, ...counts };
}

/** What the hidden units look for. */
export interface UnitsSummary {
  /** Images that the units were shown. */
  readonly images: number;
  /** Weights of the first layer's units as images, the first 128 of them; none where they are no images. */
  readonly weights: readonly PackedMap[];
  /** Height and width of these, where they are kernels that slide over an image. */
  readonly kernel?: readonly [number, number];
  readonly layers: readonly HiddenLayerUnits[];
  /** Base64 of the images in the units' lists, by index. */
  readonly gallery: Readonly<Record<string, string>>;
}

const MOST_WEIGHTS = 128;
const MOST_UNITS = 32;

export function summariseUnits(model: Sequential, test: Dataset, most: number): UnitsSummary {
  const chosen = Array.from({ length: Math.min(most, test.labels.length) }, (_, i) => i);
  const { images, labels } = subset(test, chosen);
  const size = images.data.length / labels.length;
  const first = firstLayerWeights(model);
  const [count, ...extents] = first?.shape ?? [0, 0, 0];
  const pixels = extents[0] * extents[1];
  const layers = hiddenUnits(model, images, labels, { most: MOST_UNITS });
  const shown = new Set(layers.flatMap(({ units }) => units.flatMap(({ top }) => top)));
  return {
    images: labels.length,
    weights: Array.from({ length: Math.min(MOST_WEIGHTS, count) }, (_, u) =>
      packMap(first!.data.subarray(u * pixels, (u + 1) * pixels)),
    ),
    ...(first && pixels !== size && { kernel: extents }),
    layers,
    gallery: Object.fromEntries(
      [...shown]
        .sort((a, b) => a - b)
        .map((i) => [i, toBase64(images.data.subarray(i * size, (i + 1) * size))]),
    ),
  };
}
