import type { Sequential } from '../../nn/sequential.ts';
import { wholePixels } from '../../images/corruptions/picture.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, requireFields } from '../../util/options.ts';
import { checkTensor, formatShape, type Tensor } from '../../util/tensor.ts';
import { checkTarget, scoreOf, type Target } from './target.ts';

export interface OcclusionOptions {
  /** Pixels on a side of the square that is wiped. Default 4, in proportion to the shorter side of the images over 28. */
  readonly side?: number;
  /** Pixels from one place of it to the next. Default 2, in proportion; the last place of a line ends at the border. */
  readonly stride?: number;
}

/** Bytes of altered images at a time. */
const BYTES = 1 << 22;

/**
 * F(x) − F(x with a square wiped to paper), for every place of the square inside the image; a pixel's value is the mean over the squares that
 * cover it, [n][pixels], shared equally by its channels (Zeiler & Fergus 2014). Needs images [n, rows, columns] or [n, rows, columns, channels] and no gradient.
 * E_SHAPE for other images, E_ARGUMENT for a square larger than they are or a stride larger than it.
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
  const [count, rows, columns, channels = 1] = images.shape;
  checkTarget(target, count, model.outputs);
  if (images.shape.length !== 3 && images.shape.length !== 4) {
    throw new DactylError(
      'E_SHAPE',
      `Occlusion: expected images [n, rows, columns] or [n, rows, columns, channels], received shape ${formatShape(images.shape)}. A model of flat inputs takes them, too.`,
    );
  }
  const usual = (pixels: number): number => wholePixels(pixels, { rows, columns });
  const { side = usual(4), stride = usual(2) } = options;
  const isWhole = Number.isInteger(side) && Number.isInteger(stride);
  if (!(isWhole && stride >= 1 && stride <= side && side <= Math.min(rows, columns))) {
    throw new DactylError(
      'E_ARGUMENT',
      `Occlusion: expected a stride and a side of whole pixels, the stride from 1 to the side, the side up to the ${rows} × ${columns} pixels of the images, received side ${side} at steps of ${stride}.`,
    );
  }
  const size = rows * columns * channels;
  const corners = cornersIn(rows, columns, side, stride);
  const logitsOf = (tensor: Tensor): Float32Array =>
    model.withRows(tensor, (input) => model.network.logitsOf(input));
  const whole = logitsOf(images);
  const covers = coverage(corners, rows, columns, side);
  const maps = new Float32Array(count * size);
  const places = corners.length;
  const chunk = Math.max(1, Math.floor(BYTES / (places * size)));
  for (let first = 0; first < count; first += chunk) {
    const n = Math.min(chunk, count - first);
    const altered = images.data.slice(0, 0).constructor as new (length: number) => Tensor['data'];
    const data = new altered(n * places * size);
    for (let k = 0; k < n * places; k++) {
      const image = first + Math.floor(k / places);
      data.set(images.data.subarray(image * size, (image + 1) * size), k * size);
      for (let r = 0; r < side; r++) {
        const from = k * size + (corners[k % places] + r * columns) * channels;
        data.fill(0, from, from + side * channels);
      }
    }
    const logits = logitsOf({ data, shape: [n * places, ...images.shape.slice(1)] });
    for (let k = 0; k < n * places; k++) {
      const image = first + Math.floor(k / places);
      const drop =
        scoreOf(target, whole, model.outputs, image) - scoreOf(target, logits, model.outputs, k, image);
      for (let r = 0; r < side; r++) {
        for (let c = 0; c < side; c++) {
          const p = corners[k % places] + r * columns + c;
          const share = drop / (covers[p] * channels);
          for (let channel = 0; channel < channels; channel++)
            maps[image * size + p * channels + channel] += share;
        }
      }
    }
  }
  return maps;
}

/** The upper left pixel of every place. */
function cornersIn(rows: number, columns: number, side: number, stride: number): number[] {
  const startsIn = (extent: number): number[] =>
    Array.from({ length: Math.ceil((extent - side) / stride) + 1 }, (_, k) =>
      Math.min(k * stride, extent - side),
    );
  return startsIn(rows).flatMap((top) => startsIn(columns).map((left) => top * columns + left));
}

/** How many squares cover each pixel. */
function coverage(corners: readonly number[], rows: number, columns: number, side: number): Uint16Array {
  const covers = new Uint16Array(rows * columns);
  for (const corner of corners) {
    for (let r = 0; r < side; r++) for (let c = 0; c < side; c++) covers[corner + r * columns + c]++;
  }
  return covers;
}
