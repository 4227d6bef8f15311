import { expect, test } from 'vitest';
import { CLASSES, points, smallModel } from '../../test/support/models.ts';
import { SGD } from './optimizers.ts';
import { type Schedule, SCHEDULES } from './schedules.ts';

const QUIET = { verbose: 0, shuffle: false } as const;

test('cosine and linear: 1 at the start, their formulas on 1,001 points within 1e-14, 0 at the end', () => {
  const { constant, cosine, linear } = SCHEDULES;
  expect([constant(), cosine(0), linear(0)]).toEqual([1, 1, 1]);
  for (let k = 0; k <= 1000; k++) {
    const progress = k / 1000;
    expect(Math.abs(cosine(progress) - (1 + Math.cos(Math.PI * progress)) / 2)).toBeLessThan(1e-14);
    expect(Math.abs(linear(progress) - (1 - progress))).toBeLessThan(1e-15);
    expect(constant()).toBe(1);
  }
  const root = Math.SQRT1_2;
  for (const [progress, expected] of [
    [1 / 4, (1 + root) / 2],
    [1 / 2, 1 / 2],
    [3 / 4, (1 - root) / 2],
    [1, 0],
  ]) {
    expect(Math.abs(cosine(progress) - expected)).toBeLessThan(2e-15);
  }
});

test('the first step of SGD at factor 1/2 goes half the way, by hand: uniform outputs, so a bias moves by rate (target share − 1/3)', async () => {
  const { inputs, labels } = points(9);
  const model = smallModel({ optimizer: SGD({ learningRate: 0.3 }) });
  model.setWeights(
    model.getWeights().map(({ shape, data }) => ({ shape, data: new Float32Array(data.length) })),
  );
  await model.fit(inputs, labels, { ...QUIET, batchSize: 9, schedule: () => 0.5 });
  const bias = model.getWeights()[3].data;
  for (let j = 0; j < CLASSES; j++) {
    const share = labels.data.filter((label) => label === j).length / 9;
    expect(Math.abs(bias[j] - 0.15 * (share - 1 / 3))).toBeLessThan(1e-8);
  }
});

test('every step has the rate of its place in the whole run: 3 epochs of 4 batches, the last short, are 12 trainOnBatch with those rates to the bit', async () => {
  const { inputs, labels } = points(14);
  const [fitted, stepped] = [smallModel(), smallModel()];
  const asked: number[] = [];
  const schedule: Schedule = (progress) => {
    asked.push(progress);
    return SCHEDULES.cosine(progress);
  };
  await fitted.fit(inputs, labels, { ...QUIET, epochs: 3, batchSize: 4, schedule });
  expect(asked).toEqual(Array.from({ length: 12 }, (_, k) => k / 12));
  for (let k = 0; k < 12; k++) {
    const [first, last] = [4 * (k % 4), Math.min(14, 4 * (k % 4) + 4)];
    stepped.setLearningRate(0.001 * SCHEDULES.cosine(k / 12));
    stepped.trainOnBatch(
      { data: inputs.data.subarray(6 * first, 6 * last), shape: [last - first, 6] },
      { data: labels.data.subarray(first, last), shape: [last - first] },
    );
  }
  expect(fitted.weightsHash()).toBe(stepped.weightsHash());
});

test('after fit the rate is what it was before; setLearningRate is where a schedule starts', async () => {
  const { inputs, labels } = points(10);
  const one = smallModel({ optimizer: SGD({ learningRate: 0.1 }) });
  await one.fit(inputs, labels, { ...QUIET, batchSize: 10, epochs: 4, schedule: SCHEDULES.linear });
  const plain = smallModel({ optimizer: SGD({ learningRate: 0.1 }) });
  plain.setWeights(one.getWeights());
  await one.fit(inputs, labels, { ...QUIET, batchSize: 10 });
  await plain.fit(inputs, labels, { ...QUIET, batchSize: 10 });
  expect(one.weightsHash()).toBe(plain.weightsHash());

  const [set, made] = [
    smallModel({ optimizer: SGD({ learningRate: 0.1 }) }),
    smallModel({ optimizer: SGD({ learningRate: 0.02 }) }),
  ];
  set.setLearningRate(0.02);
  for (const model of [set, made]) {
    await model.fit(inputs, labels, { ...QUIET, epochs: 3, schedule: SCHEDULES.cosine });
  }
  expect(set.weightsHash()).toBe(made.weightsHash());
});

test.each<[string, Schedule | undefined]>([
  ['no', undefined],
  ['a constant', () => 1],
  ['a falling', (progress) => 1 - progress / 2],
])(
  'setLearningRate between two steps holds from the next step on, under %s schedule',
  async (_, schedule) => {
    const { inputs, labels } = points(40);
    const model = smallModel({ optimizer: SGD({ learningRate: 0.1 }) });
    const hashes: string[] = [];
    await model.fit(inputs, labels, {
      ...QUIET,
      batchSize: 4,
      ...(schedule && { schedule }),
      callbacks: [
        {
          onBatchEnd(batch) {
            hashes.push(model.weightsHash());
            if (batch === 4) model.setLearningRate(1e-30);
          },
        },
      ],
    });
    expect(new Set(hashes).size).toBe(5);
    expect(hashes.slice(4)).toEqual(new Array(6).fill(hashes[4]));
  },
);
