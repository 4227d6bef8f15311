import { readFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { afterAll, expect, test } from 'vitest';
import { encodeModel } from '../../nn/saved.ts';
import { Dense, Flatten, Input } from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
import { readDigits } from '../../reading/readDigits.ts';
import { plainReading } from '../../reading/plainReading.ts';
import { decodePicture } from '../../store/loadPicture.ts';
import { loadMnist } from '../../store/mnist.ts';
import { shippedReader } from '../../store/reader.ts';
import { sha256Hex } from '../../util/hash.ts';
import { Random } from '../../util/random.ts';
import type { HttpError } from '../errors.ts';
import { ReadingPool } from './pool.ts';
import type { ExplainTask, ReadTask, TaskModel } from './task.ts';

const { test: digits } = loadMnist();
const file = new Uint8Array(readFileSync('data/reader.safetensors'));
const model: TaskModel = { name: 'reader', hash: sha256Hex(file), file };
const pool = new ReadingPool({ threads: 1, waiting: 4, milliseconds: 20_000, heapMegabytes: 256 });
afterAll(() => pool.close());

/** The i-th test image of MNIST as a picture, dark on light. */
function scan(i: number): Uint8Array {
  const data = digits.images.data.slice(784 * i, 784 * (i + 1)).map((value) => 255 - value);
  return encode({ width: 28, height: 28, depth: 8, channels: 1, data });
}

function reading(bytes: Uint8Array, more: Partial<ReadTask> = {}): ReadTask {
  return {
    kind: 'read',
    model,
    input: { kind: 'picture', bytes },
    what: 'The picture',
    mostPixels: 1_000_000,
    crops: false,
    ...more,
  };
}

async function failure(
  promise: Promise<unknown>,
): Promise<{ status?: number; code: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as HttpError;
  }
  throw new Error('nothing failed');
}

test('a thread answers what readDigits answers, with a row for each digit; crops only where they are wanted', async () => {
  const own = readDigits(await decodePicture(scan(0), 'f'), await shippedReader());
  const answer = await pool.run(reading(scan(0), { crops: true }));
  if (answer.kind !== 'numbers') throw new Error(answer.kind);
  expect(answer.reading).toEqual(plainReading(own));
  expect(answer.rows.count).toBe(1);
  expect(answer.rows.images).toEqual(own.numbers[0].digits[0].image);
  expect(Array.from(answer.rows.probabilities)).toEqual([
    ...own.numbers[0].digits[0].probabilities,
    own.numbers[0].digits[0].none,
  ]);
  const crop = await decodePicture(new Uint8Array(Buffer.from(answer.crops![0], 'base64')), 'crop');
  expect(crop).toEqual(own.numbers[0].digits[0].crop);
  expect('crops' in (await pool.run(reading(scan(0))))).toBe(false);
});

test('strokes are read; what is no picture, or has too many pixels, is refused in a sentence, and the thread reads on', async () => {
  const strokes = [[50, 10, 50, 90]];
  const drawn = await pool.run(reading(scan(0), { input: { kind: 'strokes', strokes } }));
  expect(drawn.kind === 'numbers' && drawn.reading.numbers[0].digits[0].digit).toBe(1);
  const none = await failure(pool.run(reading(new TextEncoder().encode('seven'), { what: 'Picture 2' })));
  expect([none.code, none.message]).toEqual([
    'E_DATA',
    expect.stringMatching(/^Picture 2: expected an image: PNG, JPEG, WebP, BMP or GIF, received/),
  ]);
  const large = await failure(pool.run(reading(scan(0), { mostPixels: 783 })));
  expect(large.message).toBe(
    'The picture: expected an image of at most 783 pixels, received a header of 28 × 28. Make the image smaller.',
  );
  expect((await pool.run(reading(scan(1)))).rows.count).toBe(1);
});

test('a model of other classes answers with one for the picture, and takes no strokes', async () => {
  using columns = new Sequential([
    Input([4, 6]),
    Flatten(),
    Dense(3, { activation: 'softmax', useBias: false }),
  ]);
  const weights = new Float32Array(24 * 3);
  for (let pixel = 0; pixel < 24; pixel++) weights[pixel * 3 + Math.floor((pixel % 6) / 2)] = 0.01;
  columns.setWeights([{ data: weights, shape: [24, 3] }]);
  const bytes = encodeModel(columns);
  const other: TaskModel = { name: 'columns', hash: sha256Hex(bytes), file: bytes, classes: ['a', 'b', 'c'] };
  const data = Uint8Array.from({ length: 24 }, (_, i) => (Math.floor((i % 6) / 2) === 2 ? 180 : 0));
  const picture = encode({ width: 6, height: 4, depth: 8, channels: 1, data });
  const answer = await pool.run(reading(picture, { model: other }));
  if (answer.kind !== 'class') throw new Error(answer.kind);
  // Eight pixels of 180: logits 0, 0 and 14.4.
  expect([answer.reading.label, answer.rows.images]).toEqual([2, data]);
  expect(answer.reading.confidence).toBeCloseTo(1 / (1 + 2 * Math.exp(-14.4)), 6);
  const strokes = { kind: 'strokes', strokes: [[1, 2]] } as const;
  expect((await failure(pool.run(reading(picture, { model: other, input: strokes })))).message).toMatch(
    /expected a model that reads digits, received columns/,
  );
});

test('an explanation: maps of both classes and of their difference, which add up to the scores within 1 %', async () => {
  // The digit itself counts, not blank paper, so that integrated gradients are complete: map sum = F(x) − F(blank).
  const task: ExplainTask = {
    ...reading(scan(3)),
    kind: 'explain',
    method: 'integratedBlank',
    index: 0,
  };
  const { shape, maps, scores, output, against, rows } = await pool.run(task);
  const answered = Array.from(rows.probabilities);
  expect(answered[output]).toBe(Math.max(...answered));
  expect([shape, maps.output.values.length]).toEqual([[28, 28], 784]);
  const reader = await shippedReader();
  const blank = reader.model.withRows({ data: new Uint8Array(784), shape: [1, 28, 28] }, (input) =>
    reader.model.network.logitsOf(input),
  );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  for (const [map, k, score] of [
    [maps.output, output, scores[0]],
    [maps.against, against, scores[1]],
  ] as const) {
    expect(Math.abs(sum(map.values) - (score - blank[k]))).toBeLessThanOrEqual(
      0.01 * Math.abs(score - blank[k]) + 1e-4,
    );
  }
  const tip = scores[0] - scores[1] - (blank[output] - blank[against]);
  expect(Math.abs(sum(maps.contrast.values) - tip)).toBeLessThanOrEqual(0.01 * Math.abs(tip) + 1e-4);
  const picture = await decodePicture(new Uint8Array(Buffer.from(maps.contrast.png, 'base64')), 'map');
  expect([picture.rows, picture.columns]).toEqual([28, 28]);
  const nines = await pool.run({ ...task, method: 'occlusion', output: 4, against: 9 });
  expect([nines.output, nines.against]).toEqual([4, 9]);
  expect((await failure(pool.run({ ...task, index: 3 }))).message).toMatch(
    /expected index to be a digit from 0 to 0, received 3/,
  );
  expect((await failure(pool.run({ ...task, output: 4, against: 4 }))).code).toBe('E_ARGUMENT');
  expect((await failure(pool.run({ ...task, output: 11 }))).code).toBe('E_LABEL');
});

/** 2,000 strokes one over the other: four seconds of a processor. */
function manyStrokes(): number[][] {
  const random = new Random(1, 'strokes');
  return Array.from({ length: 2000 }, () => {
    const [x, y] = [1000 * random.uniform(), 1000 * random.uniform()];
    return Array.from({ length: 100 }, (_, k) => (k % 2 === 0 ? x : y) + 20 * random.uniform());
  });
}

test('what takes too long is refused with 422, its thread replaced; what waited is answered by the new one', async () => {
  const strokes = manyStrokes();
  const hasty = new ReadingPool({ threads: 1, waiting: 4, milliseconds: 1000, heapMegabytes: 256 });
  try {
    const slow = failure(hasty.run(reading(scan(0), { input: { kind: 'strokes', strokes } })));
    const after = failure(hasty.run(reading(Uint8Array.of(1))));
    const { status, code, message } = await slow;
    expect([status, code]).toEqual([422, 'E_DATA']);
    expect(message).toBe(
      'Expected what is read within 1 s, received what takes longer. Send a smaller picture, or fewer strokes.',
    );
    expect((await after).message).toMatch(/^The picture: expected an image/);
  } finally {
    await hasty.close();
  }
});

test('past its places a pool refuses with 503 and a time; who is gone is taken out of the queue', async () => {
  const small = new ReadingPool({ threads: 1, waiting: 1, milliseconds: 20_000, heapMegabytes: 256 });
  const first = small.run(reading(scan(0)));
  const gone = new AbortController();
  const second = failure(small.run(reading(scan(1)), gone.signal));
  expect(small.hasRoom).toBe(false);
  const third = (await failure(small.run(reading(scan(2))))) as HttpError;
  expect([third.status, third.code, third.retryAfter]).toEqual([503, 'E_BUSY', 1]);
  gone.abort();
  expect(await second).toMatchObject({ status: 503, code: 'E_BUSY' });
  expect(small.hasRoom).toBe(true);
  const last = small.run(reading(scan(3)));
  const closed = small.close();
  expect((await failure(small.run(reading(scan(4))))).code).toBe('E_BUSY');
  await closed;
  expect([(await first).kind, (await last).kind]).toEqual(['numbers', 'numbers']);
});

test('what has waited too long is refused with 503, not left to a connection that ends; what is read meanwhile is not touched', async () => {
  const small = new ReadingPool({
    threads: 1,
    waiting: 4,
    longestWait: 100,
    milliseconds: 2000,
    heapMegabytes: 256,
  });
  try {
    // A task that waits for the thread to start may be one too many, too.
    const isRead = () =>
      small.run(reading(scan(0))).then(
        () => true,
        () => false,
      );
    while (!(await isRead()));
    const slow = failure(small.run(reading(scan(0), { input: { kind: 'strokes', strokes: manyStrokes() } })));
    expect(await failure(small.run(reading(scan(1))))).toMatchObject({
      status: 503,
      code: 'E_BUSY',
      retryAfter: 1,
    });
    expect((await slow).status).toBe(422);
  } finally {
    await small.close();
  }
});
