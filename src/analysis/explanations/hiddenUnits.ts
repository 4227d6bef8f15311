import { weightedLayers } from '../../nn/layerOutputs.ts';
import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { checkOptions, requireFields, requireNumbers } from '../../util/options.ts';
import { checkTensor } from '../../util/tensor.ts';

/** What one hidden unit answers to. */
export interface HiddenUnit {
  readonly unit: number;
  /** The images with its largest outputs, largest first; empty where its output is the same for all. */
  readonly top: readonly number[];
  /** Share of each class among the `share` of images with the largest outputs. */
  readonly classShares: readonly number[];
}

export interface HiddenLayerUnits {
  /** From 0, among the layers with weights. */
  readonly layer: number;
  /** Units of the layer; `units` may hold the first of them only. */
  readonly count: number;
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

/** For each hidden layer what its units answer to most among the images given. */
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
  return weightedLayers(model)
    .slice(0, -1)
    .map(({ steps }, layer) => {
      const outputs = model.withRows(images, (rows) => model.network.outputsOf(rows, steps));
      const units = outputs.length / count;
      let constant = 0;
      const described: HiddenUnit[] = [];
      for (let unit = 0; unit < units; unit++) {
        const own = Float32Array.from({ length: count }, (_, i) => outputs[i * units + unit]);
        const still = own.every((value) => value === own[0]);
        if (still) constant++;
        if (unit >= most) continue;
        const order = still ? [] : largest(own, Math.max(top, counted));
        const classShares = new Array<number>(model.outputs).fill(0);
        for (const i of order.slice(0, counted))
          classShares[labels[i]] += 1 / Math.min(counted, order.length);
        described.push({ unit, top: order.slice(0, top), classShares });
      }
      return { layer, count: units, constant, units: described };
    });
}

/** Weights of the first layer's units as images, [units][pixels]: ink where positive raises the unit's sum, where negative lowers it. */
export function firstLayerWeights(model: Sequential): Float32Array {
  const [{ data, shape }] = model.getWeights();
  const [pixels, units] = shape;
  const images = new Float32Array(data.length);
  for (let p = 0; p < pixels; p++)
    for (let u = 0; u < units; u++) images[u * pixels + p] = data[p * units + u];
  return images;
}

/** Numbers of the `k` largest values, largest first; the first of equals. */
function largest(values: Float32Array, k: number): number[] {
  const threshold = values.slice().sort()[Math.max(0, values.length - k)];
  return Array.from(values.keys())
    .filter((i) => values[i] >= threshold)
    .sort((i, j) => values[j] - values[i] || i - j)
    .slice(0, k);
}
