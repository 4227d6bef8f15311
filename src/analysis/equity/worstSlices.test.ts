import { expect, test } from 'vitest';
import fixture from '../../../test/fixtures/equity.json' with { type: 'json' };
import { Random } from '../../util/random.ts';
import { fulfils, growTree } from './sliceTree.ts';
import type { SliceFamily } from './slices.ts';
import { worstSlices } from './worstSlices.ts';

const digits = (text: string) => Uint8Array.from(text, Number);

test('the leaves have the images and, within 1e-12, the rates of scikit-learn’s regression tree', () => {
  const { population, digit, ink, slant, errors, least, leaves } = fixture.tree;
  const families: SliceFamily[] = [
    { name: 'population', slices: 2, of: digits(population) },
    { name: 'digit', slices: 10, of: digits(digit) },
    { name: 'ink', slices: 5, of: digits(ink) },
    { name: 'slant', slices: 5, of: digits(slant) },
  ];
  const shares = Float64Array.from(errors, (fifths) => Number(fifths) / 5);
  const images = Uint32Array.from(shares, (_, i) => i);
  const found = growTree(families, shares, images, { depth: 3, least });
  const sorted = found.toSorted((a, b) => a.images - b.images || a.rate - b.rate);
  expect(sorted.map((leaf) => leaf.images)).toEqual(leaves.map((leaf) => leaf.images));
  sorted.forEach(({ rate }, k) => {
    expect(rate).toBeCloseTo(leaves[k].rate, 12);
  });
  for (const { conditions, images: size, rate } of found) {
    const members = images.filter((i) => fulfils(conditions, families, i));
    expect(members).toHaveLength(size);
    expect(members.reduce((sum, i) => sum + shares[i], 0) / size).toBeCloseTo(rate, 12);
  }
});

test('equal errors are not split, however many; slices come worst first', () => {
  const of = Uint8Array.from({ length: 400 }, (_, i) => i % 2);
  const families: SliceFamily[] = [{ name: 'population', slices: 2, of }];
  const images = Uint32Array.from(of, (_, i) => i);
  const options = { depth: 3, least: 10 };
  expect(growTree(families, new Float64Array(400).fill(0.5), images, options)).toEqual([
    { conditions: {}, images: 400, rate: 0.5 },
  ]);
  expect(growTree(families, new Float64Array(0), new Uint32Array(0), options)).toEqual([]);
  const input = madeUp(0.4, 4);
  const predicted = input.predicted.map((one) =>
    one.map((answer, i) => (input.labels[i] === 3 && i % 7 === 0 ? 4 : answer)),
  );
  const rates = worstSlices({ ...input, predicted }, 20).slices.map(({ found }) => found.rate);
  expect(rates.length).toBeGreaterThan(1);
  expect(rates).toEqual(rates.toSorted((a, b) => b - a));
});

/** 6,000 images by 80 writers; students' eights are misread with the given share, all else with 2 %. */
function madeUp(share: number, seed: number) {
  const random = new Random(seed, 'made up');
  const n = 6_000;
  const labels = Uint8Array.from({ length: n }, () => random.integer(10));
  const writers = Uint16Array.from(
    { length: n },
    (_, i) => (i % 2 === 0 ? 2_100 : 0) + (Math.floor(i / 2) % 40),
  );
  const families: SliceFamily[] = [
    { name: 'population', slices: 2, of: Uint8Array.from(writers, (writer) => (writer >= 2_100 ? 0 : 1)) },
    { name: 'digit', slices: 10, of: labels },
    { name: 'thickness', slices: 5, of: Uint8Array.from(labels, () => random.integer(5)) },
  ];
  const images = new Uint8Array(n * 784);
  const predicted = [0, 1].map(() =>
    labels.map((label, i) => {
      const risk = label === 8 && writers[i] >= 2_100 ? share : 0.02;
      return random.uniform() < risk ? (label + 1) % 10 : label;
    }),
  );
  return { images, labels, families, predicted, writers };
}

test('a planted slice is found and holds up on the other half, which shares no writer with the first', () => {
  const input = madeUp(0.4, 1);
  const { searched, heldOut, slices } = worstSlices(input, 300);
  expect(searched + heldOut).toBe(6_000);
  expect(searched).toBe(3_000);
  const [worst] = slices;
  expect(worst.conditions).toMatchObject({ population: [0], digit: [8] });
  expect(worst.real).toBe(true);
  expect(worst.heldOut.rate).toBeGreaterThan(0.3);
  expect(worst.heldOut.interval![0]).toBeLessThan(0.4);
  expect(worst.heldOut.writers).toBeLessThanOrEqual(20);
  expect(worst.samples[0]).toMatchObject({ label: 8, taken: 9, misread: 1 });
  expect(worst.samples[0].pixels).toMatch(/^0{784}$/);
});

test('by corrected labels an image that was rightly read counts as read, one without a right label not at all', () => {
  const input = madeUp(0.4, 1);
  const given = worstSlices(input, 20).slices[0];
  // What the networks answer is right wherever they agree; every fifth image has no right label.
  const [first, second] = input.predicted;
  const labels = input.labels.map((label, i) =>
    i % 5 === 0 ? (first[i] + 3) % 10 : first[i] === second[i] ? first[i] : label,
  );
  const kept = Uint32Array.from(labels, (_, i) => i).filter((i) => i % 5 !== 0);
  const { corrected } = worstSlices({ ...input, corrected: { labels, kept } }, 20).slices[0];
  expect(given.corrected).toBeNull();
  // Students' eights: one of two networks errs with probability 2 × .4 × .6, by then half of the answers are wrong: .24, within 4 standard errors of 120 images.
  expect(corrected!.rate!).toBeGreaterThan(0.24 - 4 * 0.0229);
  expect(corrected!.rate!).toBeLessThan(0.24 + 4 * 0.0229);
  // The others: .02 × .98, within 4 standard errors of 2,250 images.
  expect(Math.abs(corrected!.others! - 0.0196)).toBeLessThan(4 * 0.0021);
});

test('without one, of 12 searches at most one slice holds up, and a search that cannot split finds none', () => {
  const real = Array.from({ length: 12 }, (_, seed) => worstSlices(madeUp(0.02, 10 + seed), 200)).filter(
    ({ slices }) => slices.some((slice) => slice.real),
  );
  expect(real.length).toBeLessThanOrEqual(1);
  const input = madeUp(0.4, 2);
  const perfect = { ...input, predicted: [input.labels] };
  expect(worstSlices(perfect, 10).slices).toEqual([]);
});
