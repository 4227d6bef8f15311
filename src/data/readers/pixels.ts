import { borderMean } from '../../images/scale.ts';
import { sizeOf, type Tensor } from '../../util/tensor.ts';
import type { RawExamples } from './parts.ts';
import { refuse } from './refuse.ts';

/** How values become bytes: what a range of values means. */
interface Scale {
  readonly words: string;
  readonly byte: (value: number) => number;
}

interface Range {
  low: number;
  high: number;
  whole: boolean;
  /** By the type of the file. */
  integers: boolean;
}

/** In this order; the first that fits is taken. */
const SCALES: readonly (Scale & { readonly fits: (range: Range) => boolean })[] = [
  {
    words: 'values from 0 to 1, taken as shares of 255',
    fits: ({ low, high }) => low >= 0 && high <= 1,
    byte: (x) => Math.round(x * 255),
  },
  {
    words: 'values from −1 to 1, taken as −1 for 0 and 1 for 255',
    fits: ({ low, high }) => low >= -1 && high <= 1,
    byte: (x) => Math.round((x + 1) * 127.5),
  },
  {
    words: 'values from 0 to 16, taken as sixteenths of 255',
    fits: ({ low, high }) => low >= 0 && high <= 16,
    byte: (x) => Math.round((x * 255) / 16),
  },
  {
    words: 'values from 0 to 255, as they are',
    fits: ({ low, high }) => low >= 0 && high <= 255,
    byte: (x) => Math.round(x),
  },
  {
    words: 'values from −128 to 127, taken as 128 less than they are',
    fits: ({ low, high, whole }) => whole && low >= -128 && high <= 127,
    byte: (x) => x + 128,
  },
  {
    words: 'integers from 0 to 65,535, divided by 257',
    // In a text, 300 is a slip of the pen, and would make all other pixels dark.
    fits: ({ low, high, integers }) => integers && low >= 0 && high <= 65_535,
    byte: (x) => Math.round(x / 257),
  },
];

/**
 * Images of any numbers as bytes, all parts by one rule, which the smallest and the largest value decide; values that are bytes by the type of the file stay as they are. Throws
 * E_DATA, with the place, for NaN and infinite values, and for ranges that no rule names.
 */
export function toBytes(parts: readonly RawExamples[]): { images: Tensor<Uint8Array>[]; words: string } {
  if (parts.every(({ bytes }) => bytes)) {
    return { images: parts.map(({ images }) => images as Tensor<Uint8Array>), words: 'bytes, as they are' };
  }
  const range: Range = {
    low: Infinity,
    high: -Infinity,
    whole: true,
    integers: parts.every(({ images }) => images.data instanceof Int32Array),
  };
  for (const part of parts) widen(range, part);
  const scale = SCALES.find(({ fits }) => fits(range));
  if (scale === undefined) {
    const { part, image } = farthest(parts, range.high > 255 ? range.high : range.low);
    return refuse(part.imageAt(image), {
      expected: 'pixels from 0 to 255, 0 to 1, −1 to 1, 0 to 16, or integers of 16 bits',
      received: `values from ${range.low} to ${range.high}`,
      remedy: 'Scale them to 0 to 255; were means subtracted, add them again.',
    });
  }
  const images = parts.map(({ images: { data, shape } }) => {
    if (data instanceof Uint8Array && range.high > 16) return { data, shape };
    const bytes = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i++) bytes[i] = scale.byte(data[i]);
    return { data: bytes, shape };
  });
  return { images, words: scale.words };
}

/** The first image that has this value. */
function farthest(parts: readonly RawExamples[], value: number): { part: RawExamples; image: number } {
  const part = parts.find(({ images }) => images.data.includes(value))!;
  const { data, shape } = part.images;
  return { part, image: Math.floor(data.indexOf(value) / sizeOf(shape.slice(1))) };
}

function widen(range: Range, { images: { data, shape }, imageAt }: RawExamples): void {
  let { low, high, whole } = range;
  const bytes = data instanceof Uint8Array;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (value < low) low = value;
    if (value > high) high = value;
    if (bytes) continue;
    if (value - value !== 0) {
      const size = sizeOf(shape.slice(1));
      refuse(imageAt(Math.floor(i / size)), {
        expected: 'pixels that are numbers',
        received: `${value} for pixel ${i % size}`,
      });
    }
    if (whole && value !== Math.floor(value)) whole = false;
  }
  Object.assign(range, { low, high, whole });
}

/** The mean of the outermost pixels of grey images [n, rows, columns], 0 to 255. */
export function meanBorder({ data, shape: [n, rows, columns] }: Tensor<Uint8Array>): number {
  const size = rows * columns;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += borderMean({ data: data.subarray(i * size, (i + 1) * size), rows, columns, channels: 1 });
  }
  return sum / n;
}

/** 255 − x for every pixel, as a copy. */
export function inverted({ data, shape }: Tensor<Uint8Array>): Tensor<Uint8Array> {
  return { data: data.map((value) => 255 - value), shape };
}
