import { plannedSteps } from '../../nn/plannedSteps.ts';
import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { checkOptions, requireFields, requireNumbers } from '../../util/options.ts';
import { checkTensor } from '../../util/tensor.ts';
import { forEachOutputs, type HiddenLayer, hiddenLayers } from '../hiddenLayers.ts';

/** What one hidden unit answers to. */
export interface HiddenUnit {
  readonly unit: number;
  /** The images with its largest outputs, largest first; empty where its output is the same for all. */
  readonly top: readonly number[];
  /** Share of each class among the `share` of images with the largest outputs. */
  readonly classShares: readonly number[];
}

export interface HiddenLayerUnits {
  /** From 0, among the hidden layers. */
  readonly layer: number;
  /** Units of the layer (channels of images); `units` may hold the first of them only. */
  readonly count: number;
  /** Outputs that a unit has in one image, of which the largest counts; absent where it is one. */
  readonly places?: number;
  /** Units whose output is the same for every image. */
  readonly constant: number;
  readonly units: readonly HiddenUnit[];
}

export interface HiddenUnitOptions {
  /** Images kept for each unit. Default 4. */
  readonly top?: number;
  /** Part of the images over which classes are counted. Default 0.01. */
  readonly share?: number;
  /** Units described for each layer, from the first. Default 64. */
  readonly most?: number;
}

/** For each hidden layer what its units answer to most among the images given. Of a channel of images counts the largest output in its map. */
export function hiddenUnits(
  model: Sequential,
  images: Tensor,
  labels: Uint8Array,
  options: HiddenUnitOptions = {},
): HiddenLayerUnits[] {
  requireFields('hiddenUnits: model', ['predict', 'network'], model);
  checkTensor(images, 'images');
  requireNumbers('hiddenUnits: labels', labels);
  checkOptions('hiddenUnits', ['top', 'share', 'most'], options);
  const { top = 4, share = 0.01, most = 64 } = options;
  const count = images.shape[0];
  const counted = Math.max(1, Math.round(share * count));
  return hiddenLayers(model).map(({ steps, units, places }, layer) => {
    const values = largestOfMaps(model, images, { steps, units, places });
    let constant = 0;
    const described: HiddenUnit[] = [];
    for (let unit = 0; unit < units; unit++) {
      const own = Float32Array.from({ length: count }, (_, i) => values[i * units + unit]);
      const still = own.every((value) => value === own[0]);
      if (still) constant++;
      if (unit >= most) continue;
      const order = still ? [] : largest(own, Math.max(top, counted));
      const classShares = new Array<number>(model.outputs).fill(0);
      for (const i of order.slice(0, counted)) classShares[labels[i]] += 1 / Math.min(counted, order.length);
      described.push({ unit, top: order.slice(0, top), classShares });
    }
    return { layer, count: units, ...(places > 1 && { places }), constant, units: described };
  });
}

/** Of each unit in each image its output, of a map of outputs the largest: [images][units]. */
function largestOfMaps(
  model: Sequential,
  images: Tensor,
  { steps, units, places }: Pick<HiddenLayer, 'steps' | 'units' | 'places'>,
): Float32Array {
  const values = new Float32Array(images.shape[0] * units).fill(-Infinity);
  forEachOutputs(model, images, steps, (outputs, first) => {
    for (let i = 0; i < outputs.length; i++) {
      const at = (first + Math.floor(i / (units * places))) * units + (i % units);
      if (outputs[i] > values[at]) values[at] = outputs[i];
    }
  });
  return values;
}

/** What the units of the first layer look for. */
export interface FirstLayerWeights {
  /** [units][height][width]: ink where positive raises the unit's sum, where negative lowers it. */
  readonly data: Float32Array;
  readonly shape: readonly [number, number, number];
}

/**
 * Weights of the first layer as images: of dense units as large as the network's inputs, of a convolution its kernels. Null where the first layer with weights is
 * another one, or sees several channels.
 */
export function firstLayerWeights(model: Sequential): FirstLayerWeights | null {
  const [{ type, shape: above }] = plannedSteps(model.layers).filter(
    ({ step }) => step.spec.kind !== 'dropout',
  );
  const [{ data, shape }] = model.getWeights();
  const sizes: Readonly<Record<string, readonly number[]>> = {
    Dense: imageExtents(model.inputShape),
    Conv2D: shape.slice(0, 3),
    DepthwiseConv2D: shape.slice(0, 3),
  };
  const [height, width, channels = 1] = sizes[type] ?? [];
  if (width === undefined || channels !== 1) return null;
  const units = above[above.length - 1];
  const pixels = height * width;
  const images = new Float32Array(data.length);
  for (let p = 0; p < pixels; p++)
    for (let u = 0; u < units; u++) images[u * pixels + p] = data[p * units + u];
  return { data: images, shape: [units, height, width] };
}

/** Without extents of 1; a flat row is a square, where it can be one. */
function imageExtents(shape: readonly number[]): readonly number[] {
  const extents = shape.filter((extent) => extent !== 1);
  const side = Math.sqrt(extents[0]);
  return extents.length === 1 && Number.isInteger(side) ? [side, side] : extents;
}

/** Numbers of the `k` largest values, largest first; the first of equals. */
function largest(values: Float32Array, k: number): number[] {
  const threshold = values.slice().sort()[Math.max(0, values.length - k)];
  return Array.from(values.keys())
    .filter((i) => values[i] >= threshold)
    .sort((i, j) => values[j] - values[i] || i - j)
    .slice(0, k);
}
