import type { Sequential } from '../../nn/sequential.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, requireFields } from '../../util/options.ts';
import { checkTensor, formatShape, type Tensor } from '../../util/tensor.ts';
import { checkTarget, scoreOf, type Target } from './target.ts';

export interface OcclusionOptions {
  /** Pixels on a side of the square that is wiped. Default 4. */
  readonly side?: number;
  /** Pixels from one place of it to the next. Default 2. */
  readonly stride?: number;
}

/** Bytes of altered images at a time. */
const BYTES = 1 << 22;

/**
 * F(x) − F(x with a square wiped to paper), for every place of the square inside the image; a pixel's value is the mean over the squares that
 * cover it, [n][pixels] (Zeiler & Fergus 2014). Needs images [n, rows, columns] and no gradient. E_SHAPE for other images, E_ARGUMENT unless the places reach
 * every pixel.
 */
export function occlusion(
  model: Sequential,
  images: Tensor,
  target: Target,
  options: OcclusionOptions = {},
): Float32Array {
  requireFields('occlusion: model', ['predict', 'network'], model);
  checkTensor(images, 'images');
  requireFields('occlusion: target', ['classes'], target);
  checkOptions('occlusion', ['side', 'stride'], options);
  const { side = 4, stride = 2 } = options;
  const [count, rows, columns] = images.shape;
  checkTarget(target, count, model.outputs);
  if (images.shape.length < 3) {
    throw new DactylError(
      'E_SHAPE',
      `Occlusion: expected images [n, rows, columns], received shape ${formatShape(images.shape)}. A model of flat inputs takes them, too.`,
    );
  }
  if (stride > side || (rows - side) % stride !== 0 || (columns - side) % stride !== 0) {
    throw new DactylError(
      'E_ARGUMENT',
      `Occlusion: expected squares that cover ${rows} × ${columns} pixels without a rest, received side ${side} at steps of ${stride}. Use 4 and 2.`,
    );
  }
  const size = rows * columns;
  const across = (columns - side) / stride + 1;
  const places = across * ((rows - side) / stride + 1);
  const logitsOf = (tensor: Tensor): Float32Array =>
    model.withRows(tensor, (input) => model.network.logitsOf(input));
  const whole = logitsOf(images);
  const covers = coverage(rows, columns, side, stride);
  const maps = new Float32Array(count * size);
  const chunk = Math.max(1, Math.floor(BYTES / (places * size)));
  for (let first = 0; first < count; first += chunk) {
    const n = Math.min(chunk, count - first);
    const altered = images.data.slice(0, 0).constructor as new (length: number) => Tensor['data'];
    const data = new altered(n * places * size);
    for (let k = 0; k < n * places; k++) {
      const image = first + Math.floor(k / places);
      data.set(images.data.subarray(image * size, (image + 1) * size), k * size);
      const corner = cornerOf(k % places, across, stride, columns);
      for (let r = 0; r < side; r++) {
        data.fill(0, k * size + corner + r * columns, k * size + corner + r * columns + side);
      }
    }
    const logits = logitsOf({ data, shape: [n * places, ...images.shape.slice(1)] });
    for (let k = 0; k < n * places; k++) {
      const image = first + Math.floor(k / places);
      const drop =
        scoreOf(target, whole, model.outputs, image) - scoreOf(target, logits, model.outputs, k, image);
      const corner = cornerOf(k % places, across, stride, columns);
      for (let r = 0; r < side; r++) {
        for (let c = 0; c < side; c++) {
          const p = corner + r * columns + c;
          maps[image * size + p] += drop / covers[p];
        }
      }
    }
  }
  return maps;
}

function cornerOf(place: number, across: number, stride: number, columns: number): number {
  return Math.floor(place / across) * stride * columns + (place % across) * stride;
}

/** How many squares cover each pixel. */
function coverage(rows: number, columns: number, side: number, stride: number): Uint16Array {
  const covers = new Uint16Array(rows * columns);
  for (let top = 0; top + side <= rows; top += stride) {
    for (let left = 0; left + side <= columns; left += stride) {
      for (let r = 0; r < side; r++) for (let c = 0; c < side; c++) covers[(top + r) * columns + left + c]++;
    }
  }
  return covers;
}
