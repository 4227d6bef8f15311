import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { mostProbable } from '../mostProbable.ts';
import { requireFields } from '../../util/options.ts';
import { checkTensor } from '../../util/tensor.ts';
import { BoundarySearch } from './boundarySearch.ts';

export interface Counterfactual {
  /** The changed image, bytes. */
  readonly image: Uint8Array;
  /** The answer before, and the other one after. */
  readonly before: number;
  readonly after: number;
  readonly probabilityAfter: number;
  /** √Σ (change)², in units of one pixel from paper to full ink; and the sums of what was added and removed, in the same unit. */
  readonly distance: number;
  readonly added: number;
  readonly removed: number;
}

/** By how much of the way the change is made longer until it outlasts rounding to whole grey levels. */
const STRETCHES = [0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8];
const FULL = 255;

/**
 * For each byte image the smallest change found that turns the network's answer, by `BoundarySearch`, or null where none was found. The result is
 * rounded to whole grey levels and checked on the network. It is an upper bound: a smaller change may exist.
 */
export function counterfactuals(model: Sequential, images: Tensor<Uint8Array>): (Counterfactual | null)[] {
  requireFields('counterfactuals: model', ['predict', 'network'], model);
  checkTensor(images, 'images');
  const [count] = images.shape;
  const search = new BoundarySearch(model, images);
  const best = new Map<number, { pair: number; distance: number }>();
  search.run();
  search.pairs.forEach(({ image }, pair) => {
    const distance = search.crossed[pair];
    if (distance < (best.get(image)?.distance ?? Infinity)) best.set(image, { pair, distance });
  });
  return Array.from({ length: count }, (_, image) => {
    const found = best.get(image);
    return found === undefined
      ? null
      : roundToBytes(model, images, image, search.point(found.pair), search.answers[image]);
  });
}

function roundToBytes(
  model: Sequential,
  { data, shape }: Tensor<Uint8Array>,
  image: number,
  point: Float32Array,
  before: number,
): Counterfactual | null {
  const origin = data.subarray(image * point.length, (image + 1) * point.length);
  const tries = new Uint8Array(STRETCHES.length * point.length);
  STRETCHES.forEach((stretch, k) => {
    for (let p = 0; p < point.length; p++) {
      const value = origin[p] + (1 + stretch) * (FULL * point[p] - origin[p]);
      tries[k * point.length + p] = Math.min(FULL, Math.max(0, Math.round(value)));
    }
  });
  const outputs = model.predict({ data: tries, shape: [STRETCHES.length, ...shape.slice(1)] });
  const answers = mostProbable(outputs);
  const k = answers.findIndex((answer) => answer !== before);
  if (k < 0) return null;
  const changed = tries.slice(k * point.length, (k + 1) * point.length);
  let [squares, added, removed] = [0, 0, 0];
  for (let p = 0; p < changed.length; p++) {
    const change = (changed[p] - origin[p]) / FULL;
    squares += change * change;
    if (change > 0) added += change;
    else removed -= change;
  }
  return {
    image: changed,
    before,
    after: answers[k],
    probabilityAfter: outputs.data[k * model.outputs + answers[k]],
    distance: Math.sqrt(squares),
    added,
    removed,
  };
}
