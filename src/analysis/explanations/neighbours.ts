import { weightedLayers } from '../../nn/layerOutputs.ts';
import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { requireFields, requireNumber } from '../../util/options.ts';
import { checkTensor } from '../../util/tensor.ts';

/** Training images nearest to an image, nearest first. */
export interface Neighbours {
  readonly indices: Uint32Array;
  /** Euclidean, between the outputs of the last hidden layer. */
  readonly distances: Float64Array;
}

/**
 * The `k` training images whose outputs of the last hidden layer are nearest to those of each image; equal distances in the order of the set.
 * Null for a network without a hidden layer.
 */
export function nearestTraining(
  model: Sequential,
  images: Tensor,
  training: Tensor,
  k: number,
): Neighbours[] | null {
  requireFields('nearestTraining: model', ['predict', 'network'], model);
  checkTensor(images, 'images');
  checkTensor(training, 'training');
  requireNumber('nearestTraining: k', k);
  const layer = weightedLayers(model).at(-2);
  if (layer === undefined) return null;
  const outputsOf = (inputs: Tensor): Float32Array =>
    model.withRows(inputs, (rows) => model.network.outputsOf(rows, layer.steps));
  const [own, known] = [outputsOf(images), outputsOf(training)];
  const units = own.length / images.shape[0];
  return Array.from({ length: images.shape[0] }, (_, i) =>
    nearest(own.subarray(i * units, (i + 1) * units), known, Math.min(k, training.shape[0])),
  );
}

function nearest(own: Float32Array, known: Float32Array, k: number): Neighbours {
  const units = own.length;
  const indices = new Uint32Array(k);
  const squares = new Float64Array(k).fill(Infinity);
  for (let t = 0; t * units < known.length; t++) {
    let sum = 0;
    for (let j = 0; j < units; j++) {
      const gap = own[j] - known[t * units + j];
      sum += gap * gap;
    }
    if (sum >= squares[k - 1]) continue;
    let place = k - 1;
    for (; place > 0 && squares[place - 1] > sum; place--) {
      squares[place] = squares[place - 1];
      indices[place] = indices[place - 1];
    }
    squares[place] = sum;
    indices[place] = t;
  }
  return { indices, distances: squares.map(Math.sqrt) };
}
