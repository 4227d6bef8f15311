import { opaque } from '../data/readers/pictures/picture.ts';
import type { Picture } from '../images/scale.ts';
import { DactylError } from '../util/errors.ts';
import { isNumber, requireFields, requireType } from '../util/options.ts';
import { blurred, type Plane, reduced } from './plane.ts';

/** The most pixels of a picture: 8,192 × 8,192. */
const MOST_PIXELS = 0x400_0000;
/** A larger picture is reduced by a whole number before it is read. */
const READ_PIXELS = 2_200_000;
/** Longer side at which the channels are compared. */
const COMPARED = 256;
/** Another combination than grey has to show so many times its squared contrast. */
const CLEARLY_MORE = 1.5;

export interface Grey extends Plane<Float32Array> {
  /** Pixels of the picture along the side of one of these. */
  readonly factor: number;
}

/** Throws E_ARGUMENT for what is no picture, E_SHAPE for one whose data do not fit its size or that is too large. */
export function checkPicture(picture: Picture): void {
  requireFields('The picture', ['data', 'rows', 'columns', 'channels'], picture);
  const { data, rows, columns, channels } = picture;
  const isBytes = data instanceof Uint8Array || (data as unknown) instanceof Uint8ClampedArray;
  requireType('The picture', 'data: a Uint8Array or Uint8ClampedArray', isBytes, data);
  const isExtent = (x: number): boolean => Number.isInteger(x) && x >= 1;
  requireType('The picture', 'rows: a whole number from 1', isNumber(rows, isExtent), rows);
  requireType('The picture', 'columns: a whole number from 1', isNumber(columns, isExtent), columns);
  const isChannels = isNumber(channels, (x) => [1, 2, 3, 4].includes(x));
  requireType('The picture', 'channels: 1 to 4', isChannels, channels);
  if (rows * columns > MOST_PIXELS) {
    throw new DactylError(
      'E_SHAPE',
      `The picture: expected at most ${MOST_PIXELS} pixels, received ${columns} × ${rows}. Make it smaller.`,
    );
  }
  if (data.length !== rows * columns * channels) {
    throw new DactylError(
      'E_SHAPE',
      `The picture: ${columns} × ${rows} pixels of ${channels} channels need ${rows * columns * channels} bytes, received ${data.length}.`,
    );
  }
}

/**
 * One value a pixel, 0 to 255, of a picture without transparency, reduced where it is large: luminance, or the channel, the least or the greatest of the channels, whichever
 * shows clearly more contrast to its surroundings. The least shows pens of every colour on white paper.
 */
export function greyOf(picture: Picture): Grey {
  const { data, rows, columns, channels } = opaque(picture);
  let factor = 1;
  while (Math.ceil(rows / factor) * Math.ceil(columns / factor) > READ_PIXELS) factor++;
  if (channels === 1) return { ...reduced({ data, rows, columns }, factor), factor };
  const planes = channelsOf({ data, rows, columns, channels }, factor);
  const small = planes.map((plane) =>
    reduced(plane, Math.ceil(Math.max(plane.rows, plane.columns) / COMPARED)),
  );
  let [best, most] = [luminance, CLEARLY_MORE * contrastOf(luminance(small))];
  for (const combine of COMBINATIONS) {
    const contrast = contrastOf(combine(small));
    if (contrast > most) [best, most] = [combine, contrast];
  }
  return { ...best(planes), factor };
}

type Combine = (channels: readonly Plane<Float32Array>[]) => Plane<Float32Array>;

/** ITU-R BT.601. */
const luminance: Combine = ([r, g, b]) => {
  const result = new Float32Array(r.data.length);
  for (let i = 0; i < result.length; i++) {
    result[i] = 0.299 * r.data[i] + 0.587 * g.data[i] + 0.114 * b.data[i];
  }
  return { ...r, data: result };
};

const least: Combine = ([r, g, b]) => {
  const result = new Float32Array(r.data.length);
  for (let i = 0; i < result.length; i++) result[i] = Math.min(r.data[i], g.data[i], b.data[i]);
  return { ...r, data: result };
};

const greatest: Combine = ([r, g, b]) => {
  const result = new Float32Array(r.data.length);
  for (let i = 0; i < result.length; i++) result[i] = Math.max(r.data[i], g.data[i], b.data[i]);
  return { ...r, data: result };
};

const COMBINATIONS: readonly Combine[] = [([r]) => r, ([, g]) => g, ([, , b]) => b, least, greatest];

function contrastOf(plane: Plane): number {
  const around = blurred(plane, Math.ceil(Math.max(plane.rows, plane.columns) / 16)).data;
  let sum = 0;
  for (let i = 0; i < around.length; i++) sum += (plane.data[i] - around[i]) * (plane.data[i] - around[i]);
  return sum;
}

/** The three channels, each reduced. */
function channelsOf({ data, rows, columns }: Picture, factor: number): Plane<Float32Array>[] {
  const [high, wide] = [Math.ceil(rows / factor), Math.ceil(columns / factor)];
  const planes = [0, 1, 2].map(() => new Float32Array(high * wide));
  const [r, g, b] = planes;
  const sums = new Int32Array(3 * wide);
  for (let i = 0; i < high; i++) {
    const top = i * factor;
    const bottom = Math.min(rows, top + factor);
    sums.fill(0);
    for (let row = top; row < bottom; row++) {
      const last = 3 * (row + 1) * columns;
      for (let at = 3 * row * columns, j = 0; at < last; j += 3) {
        const end = Math.min(last, at + 3 * factor);
        let red = 0;
        let green = 0;
        let blue = 0;
        for (; at < end; at += 3) {
          red += data[at];
          green += data[at + 1];
          blue += data[at + 2];
        }
        sums[j] += red;
        sums[j + 1] += green;
        sums[j + 2] += blue;
      }
    }
    for (let j = 0; j < wide; j++) {
      const count = (bottom - top) * (Math.min(columns, (j + 1) * factor) - j * factor);
      r[i * wide + j] = sums[3 * j] / count;
      g[i * wide + j] = sums[3 * j + 1] / count;
      b[i * wide + j] = sums[3 * j + 2] / count;
    }
  }
  return planes.map((plane) => ({ data: plane, rows: high, columns: wide }));
}
