import type { PictureSize } from '../../images/corruptions/picture.ts';
import { componentsOf } from '../../reading/components.ts';
import { DactylError } from '../../util/errors.ts';
import { formatShape, sizeOf } from '../../util/tensor.ts';
import { strokeMeasures } from '../equity/strokeMeasures.ts';

/** Grey levels from here on are ink. */
const HALF_INK = 128;
/** Between these a pixel is neither paper nor ink. */
const [DARK, BRIGHT] = [64, 191];
/** Of the shorter side: the frame in which a centred digit has nothing. */
const FRAME = 14;

/** What is measured of each image that was served, in the order of `inputStatistics`, with its words. */
export const INPUT_STATISTICS = [
  { name: 'ink', label: 'Ink', meaning: 'mean grey level, 0 paper, 1 ink' },
  { name: 'thickness', label: 'Thickness of strokes', meaning: 'pixels' },
  { name: 'slant', label: 'Slant', meaning: 'columns to the right for a row upwards' },
  { name: 'size', label: 'Size', meaning: 'pixels in the box around the ink' },
  { name: 'offCentre', label: 'Box off centre', meaning: 'pixels' },
  { name: 'contrast', label: 'Contrast', meaning: 'standard deviation of the grey levels' },
  { name: 'frame', label: 'Background', meaning: 'mean grey level of the outer frame' },
  { name: 'peak', label: 'Darkest ink', meaning: 'largest grey level' },
  { name: 'row', label: 'Centre of mass, down', meaning: 'pixels below the middle' },
  { name: 'column', label: 'Centre of mass, across', meaning: 'pixels to the right of the middle' },
  { name: 'spread', label: 'Spread', meaning: 'pixels, root mean square distance of ink from its centre' },
  { name: 'noise', label: 'Noise', meaning: 'σ by Immerkær’s mask, grey levels from 0 to 1' },
  { name: 'sharpness', label: 'Sharpness', meaning: 'squared steps between neighbours over the variance' },
  { name: 'midtones', label: 'Greys', meaning: 'share of pixels neither paper nor ink' },
  { name: 'pieces', label: 'Pieces', meaning: 'connected parts of at least three pixels' },
] as const;

/**
 * Statistics [n, 15] of n images of `shape`, [rows, columns] or [rows, columns, channels], in grey levels g from 0 (paper) to 255 (ink); channels are averaged, other values rounded and clipped. The first five are
 * `strokeMeasures`; with g in [0, 1] the others are:
 *
 * - contrast: √(Σ(g − ḡ)²/pixels). frame: mean g of the outermost ⌈shorter side / 14⌉ pixels. peak: max g.
 * - row, column: centre of mass from the middle of the picture. spread: √(Σ g·|x − centre|² / Σg).
 * - noise: √(π/2) · Σ|M∗g| / 6(rows − 2)(columns − 2), M = [1 −2 1; −2 4 −2; 1 −2 1] inside the picture (Immerkær 1996).
 * - sharpness: Σ(Δₓ² + Δᵧ²) / Σ(g − ḡ)², forward differences inside the picture.
 * - midtones: share of 64 ≤ g ≤ 191. pieces: 8-connected parts of g ≥ 128 that are at least three pixels long or wide.
 *
 * A picture of one grey level has a sharpness of 0; one without ink has row, column and spread 0. Throws E_SHAPE for other shapes.
 */
export function inputStatistics(images: ArrayLike<number>, shape: readonly number[]): Float64Array {
  const [rows, columns, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || sizeOf(shape) < 1 || images.length % sizeOf(shape) !== 0) {
    throw new DactylError(
      'E_SHAPE',
      `Input statistics: expected images of [rows, columns] or [rows, columns, channels], received ${images.length} values of ${formatShape(shape)}.`,
    );
  }
  const size = { rows, columns };
  const pixels = rows * columns;
  const grey = greyBytes(images, channels);
  const strokes = strokeMeasures(grey, size);
  const count = grey.length / pixels;
  const result = new Float64Array(count * INPUT_STATISTICS.length);
  for (let i = 0; i < count; i++) {
    const image = grey.subarray(i * pixels, (i + 1) * pixels);
    const { ink, thickness, slant, size: box, offCentre } = strokes;
    result.set(
      [ink[i], thickness[i], slant[i], box[i], offCentre[i], ...ofGrey(image, size)],
      i * INPUT_STATISTICS.length,
    );
  }
  return result;
}

function greyBytes(images: ArrayLike<number>, channels: number): Uint8Array {
  if (channels === 1 && images instanceof Uint8Array) return images;
  return Uint8Array.from({ length: images.length / channels }, (_, i) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += images[i * channels + channel];
    const level = sum / channels + 0.5;
    return level >= 255 ? 255 : level > 0 ? Math.floor(level) : 0;
  });
}

/** From `contrast` on. */
function ofGrey(image: Uint8Array, size: PictureSize): number[] {
  const { rows, columns } = size;
  const pixels = rows * columns;
  const width = Math.ceil(Math.min(rows, columns) / FRAME);
  let [mass, squares, frame, framed, peak, down, across, middling] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let r = 0; r < rows; r++) {
    const outer = r < width || r >= rows - width;
    for (let c = 0; c < columns; c++) {
      const g = image[r * columns + c];
      if (outer || c < width || c >= columns - width) {
        frame += g;
        framed++;
      }
      if (g === 0) continue;
      mass += g;
      squares += g * g;
      down += g * r;
      across += g * c;
      if (g > peak) peak = g;
      if (g >= DARK && g <= BRIGHT) middling++;
    }
  }
  const deviations = squares - (mass * mass) / pixels;
  const centre = mass === 0 ? [(rows - 1) / 2, (columns - 1) / 2] : [down / mass, across / mass];
  const pieces = componentsOf({ data: image, rows, columns }, HALF_INK - 1).components.length;
  return [
    Math.sqrt(Math.max(0, deviations) / pixels) / 255,
    frame / framed / 255,
    peak / 255,
    centre[0] - (rows - 1) / 2,
    centre[1] - (columns - 1) / 2,
    spreadOf(image, size, mass, centre),
    noiseOf(image, size),
    deviations > 0 ? stepsOf(image, size) / deviations : 0,
    middling / pixels,
    pieces,
  ];
}

function spreadOf(
  image: Uint8Array,
  { rows, columns }: PictureSize,
  mass: number,
  [row, column]: readonly number[],
): number {
  let sum = 0;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const g = image[r * columns + c];
      if (g > 0) sum += g * ((r - row) * (r - row) + (c - column) * (c - column));
    }
  }
  return mass === 0 ? 0 : Math.sqrt(sum / mass);
}

function noiseOf(image: Uint8Array, { rows, columns }: PictureSize): number {
  if (rows < 3 || columns < 3) return 0;
  const second = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let at = r * columns + 1; at < (r + 1) * columns - 1; at++) {
      second[at] = image[at - 1] - 2 * image[at] + image[at + 1];
    }
  }
  let sum = 0;
  for (let at = columns; at < (rows - 1) * columns; at++) {
    sum += Math.abs(second[at - columns] - 2 * second[at] + second[at + columns]);
  }
  return (Math.sqrt(Math.PI / 2) * sum) / (6 * (rows - 2) * (columns - 2)) / 255;
}

function stepsOf(image: Uint8Array, { rows, columns }: PictureSize): number {
  let sum = 0;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = r * columns + c;
      const right = c + 1 < columns ? image[at + 1] - image[at] : 0;
      const below = r + 1 < rows ? image[at + columns] - image[at] : 0;
      sum += right * right + below * below;
    }
  }
  return sum;
}
