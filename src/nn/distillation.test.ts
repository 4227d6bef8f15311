import { atOnce } from '../util/steps.ts';
import { expect, test } from 'vitest';
import { errorOf } from '../../test/support/models.ts';
import { pixels } from '../../test/support/networks.ts';
import { distortionStream, distortReference } from '../images/distortion.ts';
import { Random } from '../util/random.ts';
import type { DistillationOptions } from './distillation.ts';
import type { FitOptions } from './fitOptions.ts';
import { Conv2D, Dense, Flatten, Input, RandomDistortion, Rescaling } from './layers.ts';
import { toCategorical } from './losses.ts';
import { Adam } from './optimizers.ts';
import { Sequential } from './sequential.ts';

const COUNT = 150;
const random = new Random(1, 'images');
const { data } = pixels(COUNT, 784, random);
const images = { data, shape: [COUNT, 28, 28] };
const classes = Uint8Array.from({ length: COUNT }, () => random.integer(10));
const oneHot = toCategorical(classes, 10);
const DISTORTION = { rotation: 0.2, scale: 0.1, shear: 0.1, shift: 2, elastic: 1 };

function network(seed: number, outputs = 10, units = 6, distorted = false): Sequential {
  const model = new Sequential(
    [
      Input([28, 28]),
      ...(distorted ? [RandomDistortion(DISTORTION)] : []),
      Rescaling(1 / 255),
      Flatten(),
      Dense(units, { activation: 'tanh' }),
      Dense(outputs, { activation: 'softmax' }),
    ],
    { seed },
  );
  model.compile({ optimizer: Adam({ learningRate: 0.01 }), loss: 'categoricalCrossentropy' });
  return model;
}

const teachers = [network(11), network(12, 10, 9), network(13)];
for (const teacher of teachers) await teacher.fit(images, oneHot, { epochs: 3, verbose: 0 });

/** Summed in the order of the teachers, in float32. */
function meanOf(each: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(each[0].length);
  for (const one of each) for (let i = 0; i < sum.length; i++) sum[i] += one[i];
  return sum.map((value) => value / each.length);
}

async function trained(labels: typeof oneHot, options: FitOptions, distorted = false): Promise<string> {
  const model = network(3, 10, 6, distorted);
  await model.fit(images, labels, { epochs: 2, batchSize: 20, verbose: 0, ...options });
  return model.weightsHash();
}

test.each([1, 0.3])(
  'weight %d: the same bits as training on labels mixed by hand with the teachers’ mean answers',
  async (weight) => {
    const answers = meanOf(teachers.map((teacher) => teacher.predict(images).data));
    const mixed = oneHot.data.map((label, i) => (1 - weight) * label + weight * answers[i]);
    expect(await trained(oneHot, { distillation: { teachers, weight } })).toBe(
      await trained({ data: mixed, shape: oneHot.shape }, {}),
    );
  },
);

/** A pupil that skips zeros, and teachers of which one does not. */
function convolutional(seed: number): Sequential {
  const model = new Sequential(
    [
      Input([28, 28, 1]),
      Rescaling(1 / 255),
      Conv2D(2, 5, { strides: 3, activation: 'relu' }),
      Flatten(),
      Dense(10, { activation: 'softmax' }),
    ],
    { seed },
  );
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  return model;
}

test('a convolutional teacher beside a dense one: the same bits as with labels mixed by hand', async () => {
  const mixed = [convolutional(21), teachers[0], convolutional(22)];
  const answers = meanOf(mixed.map((teacher) => teacher.predict(images).data));
  expect(await trained(oneHot, { distillation: { teachers: mixed, weight: 1 } })).toBe(
    await trained({ data: answers, shape: oneHot.shape }, {}),
  );
});

test('dense and convolutional teachers of a convolutional pupil see the same distorted images', () => {
  const [pupil, plain] = [convolutional(3), network(3)];
  const all = [convolutional(21), teachers[0]].map((teacher) => teacher.network);
  const [own, others] = [pupil, plain].map((model) => {
    const rows = model.createRows(images, { distortion: DISTORTION, seed: 7 });
    rows.startEpoch!(2);
    const answers = atOnce(model.network.meanPredictions(rows, all));
    rows.dispose();
    return answers;
  });
  expect(own).toEqual(others);
});

test('teachers answer to the images as this epoch distorts them: within .02 of their answers to the slow form’s images', () => {
  const student = network(3);
  const rows = student.createRows(images, { distortion: DISTORTION, seed: 7 });
  for (const epoch of [0, 5]) {
    rows.startEpoch!(epoch);
    const answers = atOnce(
      student.network.meanPredictions(
        rows,
        teachers.map((teacher) => teacher.network),
      ),
    );
    const distorted = Uint8Array.from({ length: 784 * COUNT });
    for (let index = 0; index < COUNT; index++) {
      const image = data.subarray(784 * index, 784 * (index + 1));
      distorted.set(
        distortReference(image, DISTORTION, { stream: distortionStream(7), epoch, index }),
        784 * index,
      );
    }
    const seen = { data: distorted, shape: images.shape };
    const expected = meanOf(teachers.map((teacher) => teacher.predict(seen).data));
    expect(Math.max(...expected.map((value, i) => Math.abs(value - answers[i])))).toBeLessThan(0.02);
    const plain = meanOf(teachers.map((teacher) => teacher.predict(images).data));
    expect(Math.max(...expected.map((value, i) => Math.abs(value - plain[i])))).toBeGreaterThan(0.1);
  }
  rows.dispose();
});

test('with distortion every epoch has targets of its own: the same bits as with labels exchanged by hand before each', async () => {
  const student = network(3);
  const rows = student.createRows(images, { distortion: DISTORTION, seed: 3 });
  for (let epoch = 0; epoch < 3; epoch++) {
    rows.startEpoch!(epoch);
    const probabilities = meanOf(teachers.map((teacher) => teacher.network.predict(rows)));
    const order = student.shuffleStream.shuffle(Uint32Array.from({ length: COUNT }, (_, s) => s));
    for (let from = 0; from < COUNT; from += 20) {
      student.network.trainBatch(
        rows,
        { kind: 'values', values: probabilities },
        order.subarray(from, from + 20),
      );
    }
  }
  rows.dispose();
  const distillation = { teachers, weight: 1 };
  expect(await trained(oneHot, { epochs: 3, distillation }, true)).toBe(student.weightsHash());
});

test('with distortion the bits are others than with the answers to undistorted images', async () => {
  const distillation = { teachers, weight: 1 };
  const answers = meanOf(teachers.map((teacher) => teacher.predict(images).data));
  expect(await trained(oneHot, { distillation }, true)).not.toBe(
    await trained({ data: answers, shape: oneHot.shape }, {}, true),
  );
});

test('a teacher stays as it is', async () => {
  const before = teachers.map((teacher) => teacher.weightsHash());
  await trained(oneHot, { distillation: { teachers, weight: 0.5 } });
  expect(teachers.map((teacher) => teacher.weightsHash())).toEqual(before);
});

test.each<[string, DistillationOptions, string, string]>([
  ['no teacher', { teachers: [], weight: 1 }, 'E_ARGUMENT', 'at least one teacher'],
  ['weight 0', { teachers, weight: 0 }, 'E_ARGUMENT', 'received 0'],
  ['weight 1.5', { teachers, weight: 1.5 }, 'E_ARGUMENT', 'received 1.5'],
  ['other classes', { teachers: [network(1, 4)], weight: 1 }, 'E_SHAPE', 'received one with 4'],
])('%s is refused', async (_, distillation, code, words) => {
  const error = await errorOf(() => trained(oneHot, { distillation }));
  expect(error).toMatchObject({ code });
  expect(error.message).toContain(words);
});

test('with other inputs, or with privacy, it is refused', async () => {
  const other = new Sequential([Input([28, 28]), Flatten(), Dense(10, { activation: 'softmax' })]);
  expect(
    await errorOf(() => trained(oneHot, { distillation: { teachers: [other], weight: 1 } })),
  ).toMatchObject({
    code: 'E_SHAPE',
  });
  const privacy = { clip: 1, noiseMultiplier: 1 };
  expect(
    await errorOf(() => trained(oneHot, { distillation: { teachers, weight: 1 }, privacy })),
  ).toMatchObject({
    code: 'E_ARGUMENT',
  });
});

test('a teacher whose answers are no probabilities is E_ARGUMENT: targets are shares of one', async () => {
  const logits = new Sequential([Input([28, 28]), Flatten(), Dense(10)]);
  const options = { distillation: { teachers: [teachers[0], logits], weight: 0.5 }, verbose: 0 } as const;
  expect(await errorOf(() => network(3).fit(images, oneHot, options))).toEqual({
    code: 'E_ARGUMENT',
    message:
      "distillation: expected teachers that end with softmax; received one with linear. Put Activation('softmax') behind its layers.",
  });
});
