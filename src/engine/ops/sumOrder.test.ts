import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geometries, REPEATABLE } from '../../../test/support/geometries.ts';
import { LoneOp, type OpRun, randomRows } from '../../../test/support/ops.ts';
import { Random } from '../../util/random.ts';
import type { Step } from '../op.ts';
import { averagePooling2d } from './averagePooling2d.ts';
import { conv2d } from './conv2d.ts';
import { depthwiseConv2d } from './depthwiseConv2d.ts';
import type { Pair } from './geometry.ts';
import { sizeOf } from '../../util/tensor.ts';

// The sums of assembly/images/, in the order that is promised there, in plain float32: the kernels, whatever their tiles, give these bits.

const { fround } = Math;

type Sums = Pick<OpRun, 'y' | 'dx' | 'gradients'>;

interface Sizes {
  readonly shape: readonly number[];
  readonly size: Pair;
  readonly strides: Pair;
  readonly before: Pair;
  readonly out: readonly number[];
}

/** The sizes of a case, its padding found by trying: the least that gives every output a window, split with the smaller half first. */
function sizesOf(
  shape: readonly number[],
  size: Pair,
  strides: Pair,
  padding: string,
  out: readonly number[],
): Sizes {
  const before = [0, 1].map((a) => {
    let missing = 0;
    while (padding === 'same' && shape[a] + missing < (out[a] - 1) * strides[a] + size[a]) missing++;
    return (missing - (missing % 2)) / 2;
  });
  return { shape, size, strides, before: [before[0], before[1]], out };
}

function* range(count: number): Generator<number> {
  for (let k = 0; k < count; k++) yield k;
}

/** [x from 0, ky, kx] of what output (oy, ox) sees; undefined outside the image. */
function pixelAt(
  { shape, strides, before }: Sizes,
  oy: number,
  ox: number,
  ky: number,
  kx: number,
): number | undefined {
  const iy = oy * strides[0] + ky - before[0];
  const ix = ox * strides[1] + kx - before[1];
  return iy < 0 || iy >= shape[0] || ix < 0 || ix >= shape[1] ? undefined : iy * shape[1] + ix;
}

/** Outputs (oy, ox) that see pixel (iy, ix), ascending, with the tap that meets it; those beyond the edge have no place. */
function* outputsOfPixel(
  { size, strides, before, out }: Sizes,
  iy: number,
  ix: number,
): Generator<{ place: number | undefined; tap: number }> {
  const [v, u] = [iy + before[0], ix + before[1]];
  for (let oy = -size[0]; oy * strides[0] <= v; oy++) {
    const ky = v - oy * strides[0];
    if (ky >= size[0]) continue;
    for (let ox = -size[1]; ox * strides[1] <= u; ox++) {
      const kx = u - ox * strides[1];
      if (kx >= size[1]) continue;
      const inside = oy >= 0 && ox >= 0 && oy < out[0] && ox < out[1];
      yield { place: inside ? oy * out[1] + ox : undefined, tap: ky * size[1] + kx };
    }
  }
}

const add = (sum: number, a: number, b: number): number => fround(sum + fround(a * b));

/** bias, then ky, kx, channel; rows, oy, ox; oy, ox, filter. */
function convolution(
  sizes: Sizes,
  x: readonly Float32Array[],
  dy: readonly Float32Array[],
  w: Float32Array,
  b: Float32Array,
): Sums {
  const { shape, size, out } = sizes;
  const [height, width, channels] = shape;
  const filters = out[2];
  const y = x.map((row) => {
    const result: number[] = [];
    for (const oy of range(out[0]))
      for (const ox of range(out[1]))
        for (const o of range(filters)) {
          let sum = b[o];
          for (const ky of range(size[0]))
            for (const kx of range(size[1]))
              for (const c of range(channels)) {
                const pixel = pixelAt(sizes, oy, ox, ky, kx);
                const value = pixel === undefined ? 0 : row[pixel * channels + c];
                sum = add(sum, value, w[((ky * size[1] + kx) * channels + c) * filters + o]);
              }
          result.push(sum);
        }
    return result;
  });
  const dx = dy.map((d) => {
    const result: number[] = [];
    for (const iy of range(height))
      for (const ix of range(width))
        for (const c of range(channels)) {
          let sum = 0;
          for (const { place, tap } of outputsOfPixel(sizes, iy, ix))
            for (const o of range(filters)) {
              sum = add(
                sum,
                place === undefined ? 0 : d[place * filters + o],
                w[(tap * channels + c) * filters + o],
              );
            }
          result.push(sum);
        }
    return result;
  });
  const kernel: number[] = [];
  for (const ky of range(size[0]))
    for (const kx of range(size[1]))
      for (const c of range(channels))
        for (const o of range(filters)) {
          let sum = 0;
          x.forEach((row, s) => {
            for (const oy of range(out[0]))
              for (const ox of range(out[1])) {
                const pixel = pixelAt(sizes, oy, ox, ky, kx);
                sum = add(
                  sum,
                  pixel === undefined ? 0 : row[pixel * channels + c],
                  dy[s][(oy * out[1] + ox) * filters + o],
                );
              }
          });
          kernel.push(sum);
        }
  return { y, dx, gradients: [kernel, sumOfPixels(dy, filters)] };
}

function sumOfPixels(dy: readonly Float32Array[], channels: number): number[] {
  const sums = new Array<number>(channels).fill(0);
  for (const d of dy) d.forEach((value, k) => (sums[k % channels] = fround(sums[k % channels] + value)));
  return sums;
}

/** bias, then ky, kx; rows, oy, ox; for each m oy, ox, then m, of outputs inside only. */
function depthwise(
  sizes: Sizes,
  x: readonly Float32Array[],
  dy: readonly Float32Array[],
  w: Float32Array,
  b: Float32Array,
): Sums {
  const { shape, size, out } = sizes;
  const [height, width, channels] = shape;
  const outputs = out[2];
  const multiplier = outputs / channels;
  const y = x.map((row) => {
    const result: number[] = [];
    for (const oy of range(out[0]))
      for (const ox of range(out[1]))
        for (const o of range(outputs)) {
          let sum = b[o];
          for (const ky of range(size[0]))
            for (const kx of range(size[1])) {
              const pixel = pixelAt(sizes, oy, ox, ky, kx);
              const value = pixel === undefined ? 0 : row[pixel * channels + Math.floor(o / multiplier)];
              sum = add(sum, value, w[(ky * size[1] + kx) * outputs + o]);
            }
          result.push(sum);
        }
    return result;
  });
  const dx = dy.map((d) => {
    const result: number[] = [];
    for (const iy of range(height))
      for (const ix of range(width))
        for (const c of range(channels)) {
          const parts = [...range(multiplier)].map((m) => {
            let sum = 0;
            for (const { place, tap } of outputsOfPixel(sizes, iy, ix)) {
              if (place === undefined) continue;
              const o = c * multiplier + m;
              sum = add(sum, d[place * outputs + o], w[tap * outputs + o]);
            }
            return sum;
          });
          result.push(parts.reduce((sum, part) => fround(sum + part)));
        }
    return result;
  });
  const kernel: number[] = [];
  for (const ky of range(size[0]))
    for (const kx of range(size[1]))
      for (const o of range(outputs)) {
        let sum = 0;
        x.forEach((row, s) => {
          for (const oy of range(out[0]))
            for (const ox of range(out[1])) {
              const pixel = pixelAt(sizes, oy, ox, ky, kx);
              const value = pixel === undefined ? 0 : row[pixel * channels + Math.floor(o / multiplier)];
              sum = add(sum, value, dy[s][(oy * out[1] + ox) * outputs + o]);
            }
        });
        kernel.push(sum);
      }
  return { y, dx, gradients: [kernel, sumOfPixels(dy, outputs)] };
}

/** iy, ix, then the quotient; oy, ox of quotients. */
function average(sizes: Sizes, x: readonly Float32Array[], dy: readonly Float32Array[]): Sums {
  const { shape, size, out } = sizes;
  const [height, width, channels] = shape;
  const seen: number[] = [];
  const y = x.map((row) => {
    const result: number[] = [];
    for (const oy of range(out[0]))
      for (const ox of range(out[1]))
        for (const c of range(channels)) {
          let [sum, count] = [0, 0];
          for (const ky of range(size[0]))
            for (const kx of range(size[1])) {
              const pixel = pixelAt(sizes, oy, ox, ky, kx);
              if (pixel === undefined) continue;
              sum = fround(sum + row[pixel * channels + c]);
              count++;
            }
          seen[oy * out[1] + ox] = count;
          result.push(fround(sum / count));
        }
    return result;
  });
  const dx = dy.map((d) => {
    const result: number[] = [];
    for (const iy of range(height))
      for (const ix of range(width))
        for (const c of range(channels)) {
          let sum = 0;
          for (const { place } of outputsOfPixel(sizes, iy, ix)) {
            if (place !== undefined) sum = fround(sum + fround(d[place * channels + c] / seen[place]));
          }
          result.push(sum);
        }
    return result;
  });
  return { y, dx, gradients: [] };
}

/** Runs a case through the op and through the sums above: the same bits. */
function expectSameBits(
  geometry: typeof geometries extends fc.Arbitrary<infer T> ? T : never,
  step: Step,
  sums: (
    sizes: Sizes,
    x: readonly Float32Array[],
    dy: readonly Float32Array[],
    w: Float32Array,
    b: Float32Array,
  ) => Sums,
): void {
  const { shape, size, strides, padding, seed } = geometry;
  const rows = Math.min(geometry.rows, 3);
  const random = new Random(seed, 'sums');
  const lone = new LoneOp(step, shape);
  const weights = lone.op.parameters.map((parameter) => randomRows(1, sizeOf(parameter.shape), random)[0]);
  lone.setWeights(weights);
  const x = randomRows(rows, shape[0] * shape[1] * shape[2], random);
  const dy = randomRows(rows, lone.op.out.width, random);
  const { y, dx, gradients } = lone.run(x, dy, true);
  const sizes = sizesOf(shape, size, strides, padding, lone.op.out.shape);
  expect({ y, dx, gradients }).toEqual(sums(sizes, x, dy, weights[0], weights[1]));
}

const COMMON = { useBias: true, l1: 0, l2: 0 };

test('convolution adds in the order that is promised: the same bits over geometries', () => {
  fc.assert(
    fc.property(geometries, fc.constantFrom(1, 3, 8, 10), (geometry, filters) => {
      const { size, strides, padding } = geometry;
      const step = conv2d({ ...COMMON, filters, kernelSize: size, strides, padding });
      expectSameBits(geometry, step, convolution);
    }),
    { ...REPEATABLE, numRuns: 60 },
  );
});

test('depthwise convolution adds in the order that is promised: the same bits over geometries', () => {
  fc.assert(
    fc.property(geometries, fc.constantFrom(1, 2, 3), (geometry, depthMultiplier) => {
      const { size, strides, padding } = geometry;
      const step = depthwiseConv2d({ ...COMMON, depthMultiplier, kernelSize: size, strides, padding });
      expectSameBits(geometry, step, depthwise);
    }),
    { ...REPEATABLE, numRuns: 60 },
  );
});

test('average pooling adds in the order that is promised: the same bits over geometries', () => {
  fc.assert(
    fc.property(geometries, (geometry) => {
      const { size, strides, padding } = geometry;
      expectSameBits(geometry, averagePooling2d({ poolSize: size, strides, padding }), average);
    }),
    { ...REPEATABLE, numRuns: 60 },
  );
});
