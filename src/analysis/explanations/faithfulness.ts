import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { checkOptions, requireFields, requireNumbers, requireType } from '../../util/options.ts';
import { checkTensor } from '../../util/tensor.ts';
import { blurred } from './baselines.ts';

/** Probability of the explained class while pixels are taken away or put back in the order of a map; means over the images. */
export interface FaithfulnessCurves {
  /** At 0, 1, … `steps` parts of the pixels; mean over the images. */
  readonly deletion: readonly number[];
  readonly insertion: readonly number[];
  /** Area under each image's curve (trapezoids over 0 to 1): small is good for deletion, large for insertion. */
  readonly deletionAreas: Float64Array;
  readonly insertionAreas: Float64Array;
}

export interface FaithfulnessOptions {
  /** Parts in which the pixels are changed. Default 49. */
  readonly steps?: number;
}

/**
 * Deletion and insertion (Petsiuk et al. 2018). Pixels in the order of the map, largest first, equal ones in reading order: deletion wipes them to paper,
 * insertion starts from the image blurred (`blurred`) and brings the true pixels back. Watched is the softmax probability of `classes[i]`.
 * `maps`: [n][pixels].
 */
export function faithfulness(
  model: Sequential,
  images: Tensor<Uint8Array>,
  classes: ArrayLike<number>,
  maps: Float32Array,
  options: FaithfulnessOptions = {},
): FaithfulnessCurves {
  requireFields('faithfulness: model', ['predict', 'network'], model);
  checkTensor(images, 'images');
  requireNumbers('faithfulness: classes', classes);
  requireType('faithfulness', 'maps: a Float32Array', (maps as unknown) instanceof Float32Array, maps);
  checkOptions('faithfulness', ['steps'], options);
  const { steps = 49 } = options;
  const [count] = images.shape;
  const size = images.data.length / count;
  const washed = Uint8Array.from(blurred(images), Math.round);
  const paper = new Uint8Array(images.data.length);
  const ends = Array.from({ length: steps + 1 }, (_, k) => Math.round((k * size) / steps));
  const results = [
    { from: images.data, to: paper },
    { from: washed, to: images.data },
  ].map(({ from, to }) => {
    const areas = new Float64Array(count);
    const curve = new Float64Array(steps + 1);
    for (let i = 0; i < count; i++) {
      const order = pixelOrder(maps.subarray(i * size, (i + 1) * size));
      const altered = new Uint8Array((steps + 1) * size);
      const current = from.slice(i * size, (i + 1) * size);
      ends.forEach((end, k) => {
        for (let at = k === 0 ? 0 : ends[k - 1]; at < end; at++)
          current[order[at]] = to[i * size + order[at]];
        altered.set(current, k * size);
      });
      const shape = [steps + 1, ...images.shape.slice(1)];
      const { data } = model.predict({ data: altered, shape });
      for (let k = 0; k <= steps; k++) {
        const probability = data[k * model.outputs + classes[i]];
        curve[k] += probability / count;
        areas[i] += (k === 0 || k === steps ? 0.5 : 1) * (probability / steps);
      }
    }
    return { areas, curve: Array.from(curve) };
  });
  const [deletion, insertion] = results;
  return {
    deletion: deletion.curve,
    insertion: insertion.curve,
    deletionAreas: deletion.areas,
    insertionAreas: insertion.areas,
  };
}

/** Pixels by their value, largest first; equal ones in reading order. */
function pixelOrder(map: Float32Array): number[] {
  return Array.from(map, (_, p) => p).sort((p, q) => map[q] - map[p] || p - q);
}
