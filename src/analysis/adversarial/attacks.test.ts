import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import { ascend, decaying } from './ascend.ts';
import { distance, type Norm } from './ball.ts';
import { fastGradient } from './fgsm.ts';
import { networkOf } from './fixtures/networks.ts';
import { harder } from './harder.ts';
import type { AttackLoss } from './losses.ts';
import { pgd } from './pgd.ts';
import { search } from './search.ts';
import { squareSearch } from './square.ts';
import { Target } from './target.ts';

interface Attack {
  norm: Norm;
  epsilon: number;
  fast: number[][];
  crossEntropy: { images: number[][]; fooled: number[] };
  margin: { images: number[][]; fooled: number[] };
  dlr: { images: number[][]; fooled: number[] };
  towards: { goals: number[]; images: number[][]; fooled: number[] };
}
interface Case {
  activation: string;
  weights: number[][];
  pixels: number[][];
  labels: number[];
  attacks: Attack[];
}

const CASES = JSON.parse(readFileSync('test/fixtures/adversarial.json', 'utf8')) as Case[];
const attacks = CASES.flatMap((one) =>
  one.attacks.map((attack) => ({
    ...one,
    attack,
    name: `${one.activation} ${attack.norm} ${attack.epsilon}`,
  })),
);

function largestGap(received: ArrayLike<number>, expected: readonly number[]): number {
  expect(received.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - received[i])));
}

test.each(attacks)(
  'FGSM and PGD of $name are PyTorch’s images within 0.01 grey levels and fool the same images',
  async ({ activation, weights, pixels, labels, attack }) => {
    const { norm, epsilon } = attack;
    const target = new Target(networkOf(12, [7, 6], 4, activation, weights));
    const images = Float32Array.from(pixels.flat());
    const { gradient } = target.ascent(images, labels, 'crossEntropy');
    expect(largestGap(fastGradient(images, gradient, 12, norm, epsilon), attack.fast.flat())).toBeLessThan(
      0.01,
    );
    for (const loss of ['crossEntropy', 'margin', 'dlr'] as const satisfies AttackLoss[]) {
      const result = await pgd(target, images, labels, {
        norm,
        epsilon,
        steps: 7,
        restarts: 1,
        seed: 0,
        losses: [loss],
      });
      expect(largestGap(result.images, attack[loss].images.flat())).toBeLessThan(0.01);
      expect([...result.fooled]).toEqual(attack[loss].fooled);
    }
  },
);

test.each(attacks)(
  'five shrinking steps of $name towards a class are PyTorch’s images within 0.01 grey levels and fool the same images',
  async ({ activation, weights, pixels, labels, attack: { norm, epsilon, towards } }) => {
    const target = new Target(networkOf(12, [7, 6], 4, activation, weights));
    const ended = new Map<number, Float32Array>();
    const { fooled } = await ascend(
      target,
      Float32Array.from(pixels.flat()),
      labels,
      labels.map((_, row) => row),
      {
        ball: { norm, radius: 255 * epsilon },
        sizes: decaying(5),
        loss: { towards: (row) => towards.goals[row] },
        onEnd: (row, x) => ended.set(row, x.slice()),
      },
    );
    towards.images.forEach((expected, row) => {
      expect(largestGap(ended.get(row)!, expected)).toBeLessThan(0.01);
    });
    expect([...fooled]).toEqual(towards.fooled);
  },
);

const PIXELS = 784;

/** logits (w · x + 0.3, 0): class 0 wherever w · x > −0.3; by Hölder, the nearest image of class 1 is margin / ‖w‖ away in the dual norm. */
function linear(scale = 1) {
  const random = new Random(5, 'linear');
  const w = Float32Array.from({ length: PIXELS }, () => 0.1 * random.normal());
  const kernel = new Float32Array(2 * PIXELS);
  w.forEach((weight, i) => (kernel[2 * i] = scale * weight));
  const target = new Target(networkOf(PIXELS, [], 2, 'relu', [kernel, [scale * 0.3, 0]]));
  const images = Float32Array.from({ length: 20 * PIXELS }, () => 110 + random.integer(36));
  const { predicted, margins } = target.answers(images, new Uint8Array(20));
  const dual = {
    linf: w.reduce((sum, v) => sum + Math.abs(v), 0),
    l2: Math.sqrt(w.reduce((sum, v) => sum + v * v, 0)),
  };
  return {
    target,
    images,
    predicted,
    distances: (norm: Norm) => margins.map((m) => Math.abs(m) / scale / dual[norm]),
  };
}

test.each(['linf', 'l2'] as const)(
  'a linear network falls to PGD in %s from 0.5 %% above the exact distance on, and not 0.5 %% below it',
  async (norm) => {
    const { target, images, predicted, distances } = linear();
    for (let k = 0; k < 20; k++) {
      const image = images.subarray(k * PIXELS, (k + 1) * PIXELS);
      const label = [predicted[k]];
      const nearest = distances(norm)[k];
      const attack = (epsilon: number) =>
        pgd(target, image, label, { norm, epsilon, steps: 20, restarts: 2, seed: 1 });
      expect((await attack(0.995 * nearest)).fooled[0]).toBe(0);
      const { fooled, images: found } = await attack(1.005 * nearest);
      expect(fooled[0]).toBe(1);
      expect(distance(norm, image, found)).toBeLessThan(1.005 * nearest + 1e-6);
    }
  },
);

test.each(['linf', 'l2'] as const)(
  'a linear network falls to the search in %s from 0.5 %% above the exact distance on, and neither it nor the harder attack turns it 0.5 %% below',
  async (norm) => {
    const { target, images, predicted, distances } = linear();
    for (let k = 0; k < 5; k++) {
      const image = images.subarray(k * PIXELS, (k + 1) * PIXELS);
      const nearest = distances(norm)[k];
      const [below, above] = [0.995, 1.005].map((factor) => ({ norm, epsilon: factor * nearest }));
      expect((await search(target, image, [predicted[k]], below))[0]).toBe(0);
      expect((await search(target, image, [predicted[k]], above))[0]).toBe(1);
      const options = { steps: 10, starts: 2, seed: 1, names: [k] };
      expect((await harder(target, image, [predicted[k]], { ...below, ...options }))[0]).toBe(0);
      expect((await harder(target, image, [predicted[k]], { ...above, ...options }))[0]).toBe(1);
    }
  },
);

/** Of one pixel x: logits (1, 40 relu(x − .9), x): class 0 up to x = .925, and then 1, though 2 is the rival everywhere before. */
function hidden() {
  return new Target(
    networkOf(1, [2], 3, 'relu', [
      [1, 1],
      [0, -0.9],
      [0, 0, 1, 0, 40, 0],
      [1, 0, 0],
    ]),
  );
}

test('a class that is no rival at the image is found by aiming at it, and what was left of its lead is counted by hand', async () => {
  const target = hidden();
  const image = Float32Array.of(0.5 * 255);
  expect([...(await search(target, image, [0], { norm: 'linf', epsilon: 0.44 }))]).toEqual([1]);
  expect([...(await search(target, image, [0], { norm: 'linf', epsilon: 0.42 }))]).toEqual([0]);
  // Towards class 2: a lead of .5 at x = .5, of .1 at x = .9.
  const { left } = await ascend(target, image, [0], [0], {
    ball: { norm: 'linf', radius: 0.4 * 255 },
    sizes: [1],
    loss: { towards: () => 2 },
  });
  expect(left[0]).toBeCloseTo(0.1 / 0.4, 5);
});

test('FGSM in L2 keeps the whole gradient and clips after the step (worked by hand)', () => {
  // ε 1 along (3, −4) / 5 from (1, .5): (1.6, −.3), clipped to (1, 0).
  const changed = fastGradient(Float32Array.of(255, 127.5), Float32Array.of(3, -4), 2, 'l2', 1);
  expect([...changed]).toEqual([255, 0]);
  const inside = fastGradient(Float32Array.of(255, 127.5), Float32Array.of(3, -4), 2, 'l2', 0.1);
  expect(inside[1]).toBeCloseTo(127.5 - 0.1 * 0.8 * 255, 4);
});

test('a network that is so sure that float32 has no gradient of its loss left falls to the same attacks', async () => {
  const { target, images, predicted, distances } = linear(1e6);
  const epsilon = 1.005 * Math.max(...distances('linf'));
  const { gradient } = target.ascent(images, predicted, 'crossEntropy');
  const fast = target.answers(fastGradient(images, gradient, PIXELS, 'linf', epsilon), predicted).predicted;
  expect(fast.every((answer, k) => answer !== predicted[k])).toBe(true);
  const losses = ['crossEntropy'] as const;
  const { fooled } = await pgd(target, images, predicted, {
    norm: 'linf',
    epsilon,
    steps: 10,
    restarts: 1,
    seed: 1,
    losses,
  });
  expect(fooled.every((flag) => flag === 1)).toBe(true);
});

test.each(['linf', 'l2'] as const)(
  'changes in %s keep to ε within 1e-6 and to the range of pixels',
  async (norm) => {
    const random = new Random(9, 'weights');
    const weights = [PIXELS * 30, 30, 300, 10].map((n) =>
      Float32Array.from({ length: n }, () => 0.2 * random.normal()),
    );
    const target = new Target(networkOf(PIXELS, [30], 10, 'tanh', weights));
    const images = Float32Array.from(
      { length: 12 * PIXELS },
      () => [0, 0, 0, 255, random.integer(256)][random.integer(5)],
    );
    const labels = target.answers(images, new Uint8Array(12)).predicted;
    const epsilon = norm === 'linf' ? 0.02 : 0.3;
    const result = await pgd(target, images, labels, { norm, epsilon, steps: 9, restarts: 3, seed: 2 });
    for (let k = 0; k < 12; k++) {
      const [x, clean] = [result.images, images].map((all) => all.subarray(k * PIXELS, (k + 1) * PIXELS));
      expect(distance(norm, clean, x)).toBeLessThan(epsilon + 1e-6);
      expect(x.every((pixel) => pixel >= 0 && pixel <= 255)).toBe(true);
    }
    const answers = target.answers(result.images, labels).predicted;
    expect([...answers]).toEqual([...result.predicted]);
    expect([...result.fooled]).toEqual([...answers].map((answer, k) => Number(answer !== labels[k])));

    const names = [7, 3];
    const some = new Float32Array(2 * PIXELS);
    names.forEach((k, row) => some.set(images.subarray(k * PIXELS, (k + 1) * PIXELS), row * PIXELS));
    const own = names.map((k) => labels[k]);
    const again = await pgd(target, some, own, { norm, epsilon, steps: 9, restarts: 3, seed: 2, names });
    names.forEach((k, row) => {
      expect(again.images.subarray(row * PIXELS, (row + 1) * PIXELS)).toEqual(
        result.images.subarray(k * PIXELS, (k + 1) * PIXELS),
      );
    });
  },
);

/** logits (.5, relu(20 x − 9)) of one pixel x: flat below .45, and class 1 from .475 on. */
function door() {
  return new Target(networkOf(1, [1], 2, 'relu', [[20], [-9], [0, 1], [0.5, 0]]));
}

test('the best of many restarts counts: from .4, where all is flat, only a start above .45 finds the way, one in four; each image has its own starts', async () => {
  const count = 200;
  const images = new Float32Array(count).fill(0.4 * 255);
  const fooledBy = async (restarts: number) => {
    const options = { norm: 'linf', epsilon: 0.1, steps: 10, restarts, seed: 3 } as const;
    return (await pgd(door(), images, new Uint8Array(count), options)).fooled;
  };
  const [one, two, three, forty] = await Promise.all([1, 2, 3, 40].map(fooledBy));
  const sum = (flags: Uint8Array) => flags.reduce((total, flag) => total + flag, 0);
  expect(sum(one)).toBe(0);
  // Binomial, within 4 standard deviations: 200 · (1 − (3/4)^k).
  expect(Math.abs(sum(two) - 50)).toBeLessThan(4 * Math.sqrt(200 * 0.25 * 0.75));
  expect(Math.abs(sum(three) - 87.5)).toBeLessThan(4 * Math.sqrt((200 * 7 * 9) / 256));
  expect(two.every((flag, k) => flag <= three[k])).toBe(true);
  expect(sum(forty)).toBe(count);
});

test('an image answered wrongly as it is counts as fooled, unchanged', async () => {
  const { target, images, predicted } = linear();
  const wrong = predicted.map((answer) => 1 - answer);
  const result = await pgd(target, images, wrong, {
    norm: 'linf',
    epsilon: 0.001,
    steps: 3,
    restarts: 1,
    seed: 1,
  });
  expect(result.fooled.every((flag) => flag === 1)).toBe(true);
  expect(result.images).toEqual(images);
});

test('the random search turns a linear network at six times the exact distance, and never below that distance', async () => {
  const { target, images, predicted, distances } = linear();
  const nearest = distances('linf');
  const extents = [1, images.length / predicted.length, 1] as const;
  const options = { queries: 400, extents, seed: 3 };
  const below = await squareSearch(target, images, predicted, {
    ...options,
    epsilon: 0.99 * Math.min(...nearest),
  });
  expect(below.every((flag) => flag === 0)).toBe(true);
  const above = await squareSearch(target, images, predicted, {
    ...options,
    epsilon: 6 * Math.max(...nearest),
  });
  expect(above.reduce((sum, flag) => sum + flag, 0)).toBe(20);
});

test('an attack stops when it is told to', async () => {
  const { target, images, predicted } = linear();
  const options = { norm: 'l2', epsilon: 1e-6, steps: 50, restarts: 1, seed: 1 } as const;
  await expect(
    pgd(target, images, predicted, options, { signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({
    code: 'E_ABORTED',
  });
});
