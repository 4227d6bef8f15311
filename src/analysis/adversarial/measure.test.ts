import { expect, test } from 'vitest';
import fixture from '../../../test/fixtures/attacked.json' with { type: 'json' };
import { Random } from '../../util/random.ts';
import { fastGradient } from './fgsm.ts';
import { networkOf, patterns, subjectOf } from './fixtures/networks.ts';
import { climb } from './ladder.ts';
import { attackEach, concludeAttacks, measureAdversarial } from './measure.ts';
import { differenceOfRight, shareOfRight } from './intervals.ts';
import { drawSample, part } from './sample.ts';
import { measureSanity } from './sanity.ts';
import { search } from './search.ts';
import { adversarialSettings } from './settings.ts';
import { Target } from './target.ts';

const data = patterns(200);
const settings = {
  ...adversarialSettings(1, true),
  images: 40,
  ladderImages: 40,
  sanity: { images: 20, steps: 3, starts: 2, queries: 150 },
};
/** Where it is asked what goes with what, not how many are turned. */
const few = { ...settings, images: 12, ladderImages: 12, sanity: { ...settings.sanity, images: 6 } };

const all = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
const sum = (right: Uint8Array): number => right.reduce((total, value) => total + value, 0);

/** One hidden unit for each class that looks for its pattern, its outputs `scale` times as large. */
function knowing(activation: string, scale = 1) {
  const kernel = new Float32Array(784 * 10);
  for (let p = 0; p < 784; p++) {
    if (p % 28 > 3)
      for (let j = 0; j < 10; j++) kernel[p * 10 + j] = Math.floor(p / 28) % 10 === j ? 0.12 : -0.012;
  }
  const identity = Float32Array.from({ length: 100 }, (_, k) => (k % 11 === 0 ? scale : 0));
  return networkOf(784, [10], 10, activation, [kernel, new Float32Array(10), identity, new Float32Array(10)]);
}
const good = subjectOf(knowing('tanh'), 'tanh');

test('right answers fall from ε to ε to none, none is left where FGSM leaves none, and the same call gives the same result', async () => {
  const result = await measureAdversarial([good], { test: data }, { quick: true, settings });
  const [{ clean, rungs }] = result.subjects;
  expect(clean).toBe(40);
  for (const norm of ['linf', 'l2'] as const) {
    const best = rungs[norm].map((rung) => rung.best);
    expect(best).toEqual(best.toSorted((a, b) => b - a));
    expect(rungs[norm].every((rung) => rung.best <= rung.fast)).toBe(true);
  }
  expect(rungs.linf.at(-1)!.best).toBe(0);
  expect(JSON.stringify(await measureAdversarial([good], { test: data }, { quick: true, settings }))).toBe(
    JSON.stringify(result),
  );
  const [sanity] = result.sanity;
  expect(sanity.zeroGradients).toBe(0);
  expect(sanity.rises.count).toBe(sanity.rises.of);
  expect(sanity.rungs.linf.at(-1)).toMatchObject({ epsilon: 1, search: sanity.images });
  expect(sanity.transfer).toBeNull();
  const [{ examples }] = result.gallery;
  expect(examples.length).toBe(6);
  for (const { original, changed, epsilon, label, predicted } of examples) {
    expect(predicted).not.toBe(label);
    expect(Math.max(...original.map((value, i) => Math.abs(value - changed[i])))).toBeLessThanOrEqual(
      255 * epsilon,
    );
    expect(changed.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(true);
    const pixels = { data: Uint8Array.from(changed), shape: [1, 784] };
    const outputs = good.model.predict(pixels).data;
    expect(outputs.indexOf(Math.max(...outputs))).toBe(predicted);
  }
});

test('a larger scale of the outputs, which hides the loss from float32, changes no count', async () => {
  const sample = drawSample(data, 40, 0);
  const [plain, sure] = await Promise.all(
    [1, 4096].map((scale) => climb(new Target(knowing('tanh', scale)), sample, all(40), settings)),
  );
  expect(sum(sure.rungs.linf.at(-1)!.fast)).toBe(sum(plain.rungs.linf.at(-1)!.fast));
  expect(sure.rungs.linf.map(({ best }) => sum(best))).toEqual(plain.rungs.linf.map(({ best }) => sum(best)));
  const [hidden] = (
    await measureAdversarial([subjectOf(knowing('tanh', 4096), 'tanh')], { test: data }, { settings: few })
  ).sanity;
  expect(hidden.hiddenByRounding).toBe(hidden.images);
  expect(hidden.zeroGradients).toBe(0);
});

/** Each class's score is relu(z) − relu(z − 1), a step so steep that it is flat wherever an image lies. */
function staircase() {
  const kernel = new Float32Array(784 * 20);
  const outputs = new Float32Array(20 * 10);
  for (let j = 0; j < 10; j++) {
    for (let p = 0; p < 784; p++) {
      const weight = p % 28 > 3 ? (Math.floor(p / 28) % 10 === j ? 36 : -3.6) : 0;
      kernel[p * 20 + 2 * j] = weight;
      kernel[p * 20 + 2 * j + 1] = weight;
    }
    outputs[20 * j + j] = 1;
    outputs[20 * j + 10 + j] = -1;
  }
  const bias = Float32Array.from({ length: 20 }, (_, unit) => (unit % 2 === 0 ? 0 : -1));
  return networkOf(784, [20], 10, 'relu', [kernel, bias, outputs, new Float32Array(10)]);
}

test('the checks expose a network without a gradient: images made for another one fool it where its own gradient does not', async () => {
  const sample = drawSample(data, 40, 0);
  const sanity = (await measureSanity(subjectOf(staircase(), 'relu'), good, sample, settings))!;
  expect(sanity.images).toBe(20);
  expect(sanity.zeroGradients).toBe(20);
  const top = { ...settings, ladders: { linf: [0.3], l2: [3] } };
  const masked = (await measureSanity(subjectOf(staircase(), 'relu'), good, sample, top))!;
  expect(masked.usual).toBe(0);
  expect(masked.transfer!.fooled).toBeGreaterThan(0);
  expect(masked.transfer!.from.hash).toBe(good.hash);
});

test('a network with one answer for everything: nothing to attack but its own class, no gradient, never turned', async () => {
  const zeros = [new Float32Array(7840), new Float32Array(10), new Float32Array(100), new Float32Array(10)];
  const constant = subjectOf(networkOf(784, [10], 10, 'relu', zeros), 'relu');
  const { subjects, sanity, gallery } = await measureAdversarial([constant], { test: data }, { settings });
  const zerosDrawn = drawSample(data, 40, 0).labels.filter((label) => label === 0).length;
  expect(subjects[0].clean).toBe(zerosDrawn);
  expect(subjects[0].rungs.linf.map(({ best }) => best)).toEqual(settings.ladders.linf.map(() => zerosDrawn));
  expect(sanity[0]).toMatchObject({ images: zerosDrawn, zeroGradients: zerosDrawn, usual: 0 });
  expect(sanity[0].rungs.linf.at(-1)!.search).toBe(0);
  expect(gallery[0].examples).toEqual([]);
});

test('all images are attacked at the reference size, the few at the others, where an image turned at a smaller size stays turned', async () => {
  const sample = drawSample(data, 40, 0);
  const few = [3, 8, 21, 34];
  const target = new Target(good.model);
  const ladders = { linf: [0.05, 0.1, 0.2], l2: [1] };
  const { rungs } = await climb(target, sample, few, { ladders, reference: 0.1 });
  expect(rungs.linf.map(({ best, fast }) => [best.length, fast.length])).toEqual([
    [4, 4],
    [40, 40],
    [4, 4],
  ]);
  expect(rungs.l2[0].best).toHaveLength(4);
  const [first, middle, last] = rungs.linf;
  few.forEach((place, k) => {
    expect(middle.best[place]).toBeLessThanOrEqual(first.best[k]);
    expect(last.best[k]).toBeLessThanOrEqual(middle.best[place]);
  });
  const alone = await search(target, sample.images, sample.labels, { norm: 'linf', epsilon: 0.1 });
  middle.best.forEach((still, place) => {
    if (!few.includes(place)) expect(still).toBe(1 - alone[place]);
  });
});

test('a rung counts the images that no attack at its size or a smaller one fools, as attacks image by image do', async () => {
  const random = new Random(2, 'weights');
  const weights = [784 * 24, 24, 240, 10].map((n) =>
    Float32Array.from({ length: n }, () => 0.15 * random.normal()),
  );
  const target = new Target(networkOf(784, [24], 10, 'relu', weights));
  const drawn = drawSample(data, 30, 0);
  const sample = { ...drawn, labels: target.answers(drawn.images, drawn.labels).predicted };
  const ladders = { linf: [0.002, 0.004, 0.008, 0.016], l2: [0.03, 0.06, 0.12, 0.24] };
  const { clean, rungs } = await climb(target, sample, all(30), { ladders, reference: 0.004 });
  expect(sum(clean)).toBe(30);
  let stronger = 0;
  for (const norm of ['linf', 'l2'] as const) {
    const fooled = new Set<number>();
    for (const [k, epsilon] of ladders[norm].entries()) {
      for (let row = 0; row < 30; row++) {
        const { images, labels } = part(sample, [row]);
        const { gradient } = target.ascent(images, labels, 'crossEntropy');
        const fast = target.answers(fastGradient(images, gradient, 784, norm, epsilon), labels);
        const [turned] = await search(target, images, labels, { norm, epsilon });
        if (fast.predicted[0] !== labels[0] || turned === 1) fooled.add(row);
      }
      expect(sum(rungs[norm][k].best), `${norm} ${epsilon}`).toBe(30 - fooled.size);
      stronger += sum(rungs[norm][k].fast) - sum(rungs[norm][k].best);
    }
    expect(fooled.size).toBeGreaterThan(10);
  }
  expect(stronger).toBeGreaterThan(0);
});

test('shares and difference of arms: crossed over seeds and images within 6 % of the standard error of the same bootstrap in NumPy, by Wilson of one network', () => {
  const { first, second, standardErrors } = fixture;
  const rows = (answers: string[]) => answers.map((row) => Uint8Array.from(row, Number));
  const half = ({ low, high }: { low: number | null; high: number | null }) => (high! - low!) / 2 / 1.959964;
  const share = shareOfRight(rows(first), new Random(1, 'test'));
  expect(share.mean).toBeCloseTo(fixture.mean, 12);
  expect(share.over).toBe('seeds and images');
  expect(Math.abs(half(share) / standardErrors.first - 1)).toBeLessThan(0.06);
  const pairs = rows(first).map((one, k) => [one, rows(second)[k]] as const);
  const difference = differenceOfRight(pairs, new Random(2, 'test'))!;
  expect(difference.mean).toBeCloseTo(fixture.difference, 12);
  expect(Math.abs(half(difference) / standardErrors.difference - 1)).toBeLessThan(0.06);

  // scipy.stats.binomtest(600, 1000).proportion_ci(method='wilson')
  const one = Uint8Array.from({ length: 1_000 }, (_, k) => Number(k < 600));
  const { low, high, over } = shareOfRight([one], new Random(1, 'test'));
  expect([low, high].map((end) => end.toFixed(7))).toEqual(['0.5693094', '0.6299252']);
  expect(over).toBe('images');
  expect(differenceOfRight([[one, one]], new Random(1, 'test'))).toMatchObject({ n: 1, low: null });
  expect(differenceOfRight([], new Random(1, 'test'))).toBeNull();
});

test('ReLU minus Tanh is paired by seed; arms carry counts of all their networks', async () => {
  const other = subjectOf(knowing('relu'), 'relu');
  const { arms, pair, subjects } = await measureAdversarial([good, other], { test: data }, { settings: few });
  const at = (k: number) => subjects[k].rungs.linf.find(({ epsilon }) => epsilon === 0.05)!;
  expect(pair).toMatchObject({ first: 'relu', second: 'tanh' });
  expect(pair!.best).toMatchObject({ n: 1, mean: (at(1).best - at(0).best) / 12 });
  expect(arms.map(({ arm, clean }) => [arm, clean.mean])).toEqual([
    ['tanh', subjects[0].clean / 12],
    ['relu', subjects[1].clean / 12],
  ]);
  const apart = await measureAdversarial([good, { ...other, seed: 2 }], { test: data }, { settings: few });
  expect(apart.pair).toBeNull();
});

test('a network that is never right has no checks', async () => {
  const sample = drawSample({ ...data, labels: data.labels.map((label) => (label + 1) % 10) }, 40, 0);
  expect(await measureSanity(good, null, sample, settings)).toBeNull();
});

test('the sample is without repetition, in order, and another one with another seed', () => {
  const { indices, labels } = drawSample(data, 50, 0);
  expect(new Set(indices).size).toBe(50);
  expect(indices).toEqual(indices.toSorted((a, b) => a - b));
  expect([...labels]).toEqual(indices.map((index) => data.labels[index]));
  expect(drawSample(data, 50, 1).indices).not.toEqual(indices);
  expect(drawSample(data, 1_000, 0).indices).toHaveLength(200);
});

test('checks are made of the first network of each arm, with images of the other arm’s', async () => {
  const random = new Random(1, 'weights');
  const noisy = [7840, 10, 100, 10].map((n) => Float32Array.from({ length: n }, () => 0.1 * random.normal()));
  const other = subjectOf(knowing('relu'), 'relu');
  const again = { ...subjectOf(networkOf(784, [10], 10, 'tanh', noisy), 'tanh'), seed: 2 };
  const { sanity, subjects, gallery } = await measureAdversarial(
    [good, again, other],
    { test: data },
    { quick: true, settings: few },
  );
  expect(subjects.map(({ arm, seed }) => [arm, seed])).toEqual([
    ['tanh', 1],
    ['tanh', 2],
    ['relu', 1],
  ]);
  expect(sanity.map(({ arm, transfer }) => [arm, transfer?.from.arm])).toEqual([
    ['tanh', 'relu'],
    ['relu', 'tanh'],
  ]);
  expect(gallery.map(({ arm }) => arm)).toEqual(['tanh', 'relu']);
});

test('shares of the networks, attacked apart and put together, give the result of all at once', async () => {
  const all = [good, { ...good, seed: 7 }, subjectOf(knowing('relu'), 'relu')];
  const options = { quick: true, settings: few };
  const shares = [
    await attackEach(all, { test: data }, options, {}, [0, 2]),
    await attackEach(all, { test: data }, options, {}, [2, 3]),
  ];
  const apart = await concludeAttacks(all, { test: data }, { ...options, attacked: shares.flat() }, {});
  const whole = await measureAdversarial(all, { test: data }, options);
  expect(JSON.stringify(apart)).toBe(JSON.stringify(whole));
});
