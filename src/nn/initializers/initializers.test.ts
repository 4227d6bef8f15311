import { expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import { initialize, type InitializerName } from './initializers.ts';

const FAN_IN = 300;
const FAN_OUT = 200;
const COUNT = FAN_IN * FAN_OUT;

function draw(name: InitializerName, fanIn = FAN_IN, fanOut = FAN_OUT): Float32Array {
  return initialize(name, fanIn, fanOut, fanIn * fanOut, new Random(1, `test/${name}`));
}

function moments(values: Float32Array): { mean: number; variance: number; largest: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return { mean, variance, largest: values.reduce((most, x) => Math.max(most, Math.abs(x)), 0) };
}

const UNIFORM = [
  ['glorotUniform', 2 / (FAN_IN + FAN_OUT)],
  ['heUniform', 2 / FAN_IN],
  ['lecunUniform', 1 / FAN_IN],
] as const;
const TRUNCATED = [
  ['glorotNormal', 2 / (FAN_IN + FAN_OUT)],
  ['heNormal', 2 / FAN_IN],
  ['lecunNormal', 1 / FAN_IN],
] as const;

// Of n = 60,000 draws the mean has a standard error of sd / √n = 0.0041 sd, the variance one of at most √(0.8 / n) = 0.0037
// (uniform; less where truncated): 5 standard errors are allowed.
test.each(UNIFORM)(
  '%s: mean 0 within 0.02 sd, variance %d within .02 of it, bound √(3 variance) reached within .001 of it',
  (name, variance) => {
    const found = moments(draw(name));
    expect(Math.abs(found.mean)).toBeLessThan(0.02 * Math.sqrt(variance));
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.02);
    const limit = Math.sqrt(3 * variance);
    expect(found.largest).toBeLessThanOrEqual(Math.fround(limit));
    expect(found.largest).toBeGreaterThan(0.999 * limit);
  },
);

test.each(TRUNCATED)(
  '%s: mean 0 within 0.02 sd, variance %d within .02 of it, never beyond 2 sd of the untruncated normal',
  (name, variance) => {
    const values = draw(name);
    const found = moments(values);
    expect(Math.abs(found.mean)).toBeLessThan(0.02 * Math.sqrt(variance));
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.02);
    const limit = (2 * Math.sqrt(variance)) / 0.879625661034239;
    expect(found.largest).toBeLessThanOrEqual(Math.fround(limit));
    expect(found.largest).toBeGreaterThan(0.99 * limit);
    // Not uniform: of a normal truncated at 2 sd the share erf(1/√2) / erf(√2) = 0.71524 lies within 1 sd; standard error 0.0018.
    const inner = values.filter((x) => Math.abs(x) < limit / 2).length / COUNT;
    expect(Math.abs(inner - 0.71524)).toBeLessThan(0.01);
  },
);

test('glorotUniform of (784, 128): never beyond √(6 / 912) = 0.08111071056538127, and within 1e-5 of it', () => {
  const { largest } = moments(draw('glorotUniform', 784, 128));
  expect(largest).toBeLessThanOrEqual(Math.fround(0.08111071056538127));
  expect(largest).toBeGreaterThan(0.0811007);
});

test('zeros and ones', () => {
  expect(draw('zeros', 2, 3)).toEqual(new Float32Array(6));
  expect(draw('ones', 2, 3)).toEqual(new Float32Array(6).fill(1));
});

test('fan in and fan out are told apart', () => {
  const tall = moments(draw('heUniform', 600, 50)).variance;
  const wide = moments(draw('heUniform', 50, 600)).variance;
  expect(wide / tall).toBeCloseTo(12, 0);
});
