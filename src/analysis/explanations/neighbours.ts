import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { requireFields, requireNumber } from '../../util/options.ts';
import { checkTensor } from '../../util/tensor.ts';
import { forEachOutputs, stepsBelowLast } from '../hiddenLayers.ts';

/** Training images nearest to an image, nearest first. */
export interface Neighbours {
  readonly indices: Uint32Array;
  /** Euclidean, between what the last layer with weights reads. */
  readonly distances: Float64Array;
}

/**
 * The `k` training images nearest to each image in what the last layer with weights reads: the outputs of the last hidden layer, of images after pooling. Equal distances in the
 * order of the set.
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
  const steps = stepsBelowLast(model);
  if (steps === null) return null;
  const [count] = images.shape;
  const own: Float32Array[] = [];
  forEachOutputs(model, images, steps, (outputs, _, rows) => {
    const units = outputs.length / rows;
    for (let i = 0; i < rows; i++) own.push(outputs.slice(i * units, (i + 1) * units));
  });
  const found = Array.from({ length: count }, () => new Nearest(Math.min(k, training.shape[0])));
  forEachOutputs(model, training, steps, (known, first) => {
    found.forEach((nearest, i) => {
      nearest.see(own[i], known, first);
    });
  });
  return found.map(({ indices, squares }) => ({ indices, distances: squares.map(Math.sqrt) }));
}

/** The nearest so far. */
class Nearest {
  readonly indices: Uint32Array;
  readonly squares: Float64Array;

  constructor(k: number) {
    this.indices = new Uint32Array(k);
    this.squares = new Float64Array(k).fill(Infinity);
  }

  /** `known`: outputs of training images from number `first` on. */
  see(own: Float32Array, known: Float32Array, first: number): void {
    const { indices, squares } = this;
    const k = indices.length;
    const units = own.length;
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
      indices[place] = first + t;
    }
  }
}
