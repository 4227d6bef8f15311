import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import { sizeOf } from '../../util/tensor.ts';
import { CORRUPTIONS, SWEEPS } from './all.ts';
import { corruptImages } from './corruptImages.ts';

/** Made by scripts/fixtures/corruptions.py with NumPy, SciPy and scikit-image. */
const fixture = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/corruptions-sizes.json', import.meta.url), 'utf8'),
) as {
  seed: number;
  shapes: { shape: number[]; image: string }[];
  cases: { corruption: string; level: number; shape: number; output: string }[];
};

const ALL = [...CORRUPTIONS, ...SWEEPS];
const unpack = (text: string) => Uint8Array.from(inflateSync(Buffer.from(text, 'base64')));
const indices = [0];

test.each(ALL)(
  '$name at 20 × 24 × 3, 40 × 33 and 9 × 8: within one grey level but for two pixels',
  (corruption) => {
    const cases = fixture.cases.filter((one) => one.corruption === corruption.name);
    expect(cases.length).toBeGreaterThanOrEqual(3);
    for (const { level, shape: which, output } of cases) {
      const { shape, image } = fixture.shapes[which];
      const own = corruptImages(unpack(image), corruption.at(shape), { level, seed: fixture.seed, indices });
      const theirs = unpack(output);
      const far = own.filter((byte, i) => Math.abs(byte - theirs[i]) > 1).length;
      expect({ level, shape, far: far <= 2 ? 'few' : far }).toEqual({ level, shape, far: 'few' });
    }
  },
);

const SHAPES = [
  [1, 1],
  [1, 9],
  [9, 1],
  [2, 3],
  [5, 4, 2],
  [28, 28, 1],
  [31, 30, 4],
  [64, 48],
  [258, 12],
];

test.each(SHAPES.map((shape) => ({ shape })))('any size: $shape', ({ shape }) => {
  const random = new Random(1, shape.join('/'));
  const size = sizeOf(shape);
  const images = Uint8Array.from({ length: 2 * size }, () => random.integer(256));
  for (const corruption of ALL) {
    const own = corruption.at(shape);
    expect(own.settings).toHaveLength(corruption.settings.length);
    const level = corruption.settings.length - 1;
    const both = corruptImages(images, own, { level, seed: 4, indices: [0, 1] });
    expect(both).toHaveLength(2 * size);
    expect(corruptImages(images, own, { level, seed: 4, indices: [1] })).toEqual(both.subarray(size));
  }
});

test('28 × 28 × 1 is 28 × 28, to the bit, and colours of one grey stay grey', () => {
  const random = new Random(2, 'grey');
  const grey = Uint8Array.from({ length: 784 }, () => random.integer(256));
  const colour = Uint8Array.from({ length: 3 * 784 }, (_, i) => grey[Math.floor(i / 3)]);
  for (const corruption of ALL) {
    for (let level = 0; level < corruption.settings.length; level++) {
      const options = { level, seed: 9, indices };
      const own = corruptImages(grey, corruption, options);
      expect(corruptImages(grey, corruption.at([28, 28, 1]), options), corruption.name).toEqual(own);
      const thrice = corruptImages(colour, corruption.at([28, 28, 3]), options);
      expect(thrice, corruption.name).toEqual(Uint8Array.from(thrice, (_, i) => own[Math.floor(i / 3)]));
    }
  }
});

test('lengths follow the shorter side, by hand: at 56 × 84 a shift of 3 is one of 6, a square of 16 one of 32', () => {
  const translate = CORRUPTIONS.find(({ name }) => name === 'translate')!.at([56, 84]);
  expect(translate.settings).toEqual(['±2 px', '±4 px', '±6 px', '±8 px', '±10 px']);
  const one = new Uint8Array(56 * 84);
  one[30 * 84 + 40] = 200;
  const at = corruptImages(one, translate, { level: 2, seed: 0, indices }).indexOf(200);
  expect([Math.abs(Math.floor(at / 84) - 30), Math.abs((at % 84) - 40)]).toEqual([6, 6]);
  const occlusion = SWEEPS.find(({ name }) => name === 'occlusion')!.at([56, 84]);
  expect(occlusion.amounts.at(-1)).toBe(32);
  expect(occlusion.axis).toBe('side of the covered square, of 56 × 84 pixels');
  const covered = corruptImages(one.fill(7), occlusion, { level: 6, seed: 0, indices });
  expect(covered.filter((byte) => byte === 0)).toHaveLength(32 * 32);
});

test('E_SHAPE for what is no image', () => {
  for (const shape of [[28], [0, 28], [2, 3, 4, 5], [2.5, 3]])
    expect(() => CORRUPTIONS[0].at(shape)).toThrow(expect.objectContaining({ code: 'E_SHAPE' }));
});
