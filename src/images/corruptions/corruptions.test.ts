import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { mean, standardDeviation } from '../../stats/describe.ts';
import { Random } from '../../util/random.ts';
import { CORRUPTIONS, SWEEPS } from './all.ts';
import { corruptImages } from './corruptImages.ts';
import { plasma } from './plasma.ts';

interface Moments {
  mean: number;
  sd: number;
}

interface Fixture {
  seed: number;
  images: string[];
  cases: { corruption: string; level: number; image: number; output: string }[];
  clouds: { decay: number; index: number; first: number; other: number }[];
  shares: { corruption: string; level: number; runs: number; pixel: Moments; square: Moments }[];
}

/** Made by scripts/fixtures/corruptions.py with NumPy, SciPy and scikit-image. */
const fixture = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/corruptions.json', import.meta.url), 'utf8'),
) as Fixture;

const ALL = [...CORRUPTIONS, ...SWEEPS];
const unpack = (text: string) => [...inflateSync(Buffer.from(text, 'base64'))];
const images = Uint8Array.from(fixture.images.flatMap(unpack));

test('the suite has the 15 corruptions of MNIST-C, each with its own name and a published level', () => {
  expect(CORRUPTIONS.map(({ name, settings, published }) => [name, settings.length, published])).toEqual([
    ['shot-noise', 5, 4],
    ['impulse-noise', 5, 3],
    ['glass-blur', 5, 0],
    ['motion-blur', 5, 0],
    ['shear', 5, 1],
    ['scale', 5, 2],
    ['rotate', 5, 1],
    ['brightness', 5, 4],
    ['translate', 5, 2],
    ['stripe', 1, 0],
    ['fog', 5, 4],
    ['spatter', 5, 3],
    ['dotted-line', 1, 0],
    ['zigzag', 1, 0],
    ['canny-edges', 1, 0],
  ]);
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
});

test.each(ALL)('$name: every fixture image within one grey level at every pixel', (corruption) => {
  const cases = fixture.cases.filter((one) => one.corruption === corruption.name);
  expect(new Set(cases.map(({ level }) => level)).size).toBe(corruption.settings.length);
  for (const { level, image, output } of cases) {
    const ours = corruptImages(images, corruption, { level, seed: fixture.seed, indices: [image] });
    const theirs = unpack(output);
    const furthest = Math.max(...ours.map((byte, i) => Math.abs(byte - theirs[i])));
    const different = ours.filter((byte, i) => byte !== theirs[i]).length;
    expect({ level, image, furthest: furthest <= 1 ? 'near' : furthest }).toEqual({
      level,
      image,
      furthest: 'near',
    });
    expect(
      different,
      `pixels of image ${image} that round to the other side, level ${level}`,
    ).toBeLessThanOrEqual(2);
  }
});

test('plasma: heights scaled by the extremes of the whole map, 1e-12, on 80 maps', () => {
  for (const { decay, index, first, other } of fixture.clouds) {
    const corner = plasma(decay, new Random(fixture.seed, `plasma/${index}`));
    expect(Math.abs(corner[0] - first), `map ${index}, decay ${decay}`).toBeLessThan(1e-12);
    expect(Math.abs(corner[13 * 28 + 17] - other)).toBeLessThan(1e-12);
  }
});

test.each(fixture.shares)(
  '$corruption at level $level: mean pixel and mean square within 5 standard errors of NumPy’s, sd within 40 %',
  ({ corruption: name, level, runs, pixel, square }) => {
    const corruption = ALL.find((one) => one.name === name)!;
    const own = { pixel: [] as number[], square: [] as number[] };
    for (let run = 0; run < runs; run++) {
      const bytes = corruptImages(images, corruption, { level, seed: 1000 + run, indices: [0, 1, 2, 3] });
      own.pixel.push(mean(bytes) / 255);
      own.square.push(mean(Float64Array.from(bytes, (byte) => (byte / 255) ** 2)));
    }
    for (const [values, theirs] of [
      [own.pixel, pixel],
      [own.square, square],
    ] as const) {
      const sd = standardDeviation(values);
      const standardError = Math.sqrt((sd ** 2 + theirs.sd ** 2) / runs);
      expect(Math.abs(mean(values) - theirs.mean)).toBeLessThanOrEqual(5 * standardError);
      expect(Math.abs(sd / theirs.sd - 1)).toBeLessThan(0.4);
    }
  },
);

test('an image is corrupted in the same way whichever others are there, and differently with another seed', () => {
  for (const corruption of CORRUPTIONS) {
    const options = { level: corruption.published!, seed: 3 };
    const alone = corruptImages(images, corruption, { ...options, indices: [2] });
    const together = corruptImages(images, corruption, { ...options, indices: [5, 2, 0] });
    expect(together.slice(784, 1568), corruption.name).toEqual(alone);
  }
  const shot = CORRUPTIONS[0];
  const seeds = [3, 4].map((seed) => corruptImages(images, shot, { level: 4, seed, indices: [2] }));
  expect(seeds[0]).not.toEqual(seeds[1]);
});

test('a blank image stays blank under what only changes ink, and without ink fog does nothing', () => {
  const blank = new Uint8Array(784);
  const unchanged = [
    'shot-noise',
    'glass-blur',
    'motion-blur',
    'shear',
    'scale',
    'rotate',
    'translate',
    'fog',
    'canny-edges',
  ];
  for (const corruption of CORRUPTIONS.filter(({ name }) => unchanged.includes(name))) {
    for (let level = 0; level < corruption.settings.length; level++)
      expect(corruptImages(blank, corruption, { level, seed: 0, indices: [0] }), corruption.name).toEqual(
        blank,
      );
  }
});
