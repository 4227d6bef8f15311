import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeModel } from '../../nn/saved.ts';
import { judged } from '../../reading/doubt.ts';
import { recognised } from '../../reading/recognise.ts';
import { readerOf } from '../../reading/reader.ts';
import { loadMnist } from '../../store/mnist.ts';
import { readerFile, tableFile, temporaryFolder, testServer, type TestServer } from '../fixtures/serving.ts';
import { describeModel } from './model.ts';
import type { Models } from './models.ts';

const { put, remove } = temporaryFolder();
const { images, labels } = loadMnist().test;
const image = (i: number): Uint8Array => images.data.subarray(784 * i, 784 * (i + 1));
/** Of 0 and of 1 nothing is sure, of the other digits everything. */
const BY_DIGIT = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
let server: TestServer;
let models: Models;

beforeAll(async () => {
  const table = put('table.safetensors', tableFile());
  server = await testServer({
    models: [
      put('digits.safetensors', readerFile()),
      put('plain/model.safetensors', readerFile({ outputs: 10, seed: 2 })),
      `rows=${table}`,
      `by-digit=${put('by-digit.safetensors', readerFile({ seed: 3, sureFrom: BY_DIGIT }))}`,
    ],
  });
  ({ models } = server.services);
});
afterAll(async () => {
  await server.close();
  remove();
});

test('models are named by file, folder or NAME=, and versioned by their hash', () => {
  expect(models.list().map(({ name }) => name)).toEqual(['digits', 'plain', 'rows', 'by-digit']);
  for (const { hash, version } of models.list()) expect(hash.slice(0, 12)).toBe(version);
  expect(models.find('rows')).toMatchObject({ kind: 'classes', classes: ['0', '1', '2'], inputShape: [5] });
  expect(() => models.find('none')).toThrow('there is digits, plain, rows, by-digit');
  expect(() => models.find('rows', 'f00')).toThrow("Unknown version 'f00'");
});

test.each(['digits', 'plain'])(
  '%s: probabilities, none and doubts are those of reading, to the bit',
  async (name) => {
    const file = name === 'digits' ? readerFile() : readerFile({ outputs: 10, seed: 2 });
    const reader = await readerOf(file);
    const expected = recognised(reader, [0, 1, 2].map(image));
    const answers = await models.predict(models.find(name), images.data.slice(0, 3 * 784), 3);
    for (let i = 0; i < 3; i++) {
      const own = judged(expected.subarray(11 * i, 11 * (i + 1)), reader.sureFrom);
      const answer = answers.at(i);
      expect(answer.probabilities).toEqual(own.probabilities);
      expect(answer).toMatchObject({
        index: own.digit,
        label: String(own.digit),
        second: String(own.second),
        none: own.none,
        confidence: own.confidence,
      });
      expect(answer.notSure).toBe(own.notSure);
    }
    reader.model.dispose();
  },
);

test('of a reader with ten thresholds an answer is sure by that of its digit, and the server says all ten', async () => {
  const answers = await models.predict(models.find('by-digit'), images.data.slice(0, 200 * 784), 200);
  const sures = Array.from({ length: 200 }, (_, i) => [answers.index(i) > 1, answers.isSure(i)]);
  expect(sures.every(([expected, isSure]) => isSure === expected)).toBe(true);
  expect(new Set(sures.map(([expected]) => expected)).size).toBe(2);
  for (let i = 0; i < 200; i++) expect(answers.notSure(i) === undefined).toBe(answers.isSure(i));
  const get = async (url: string) => (await server.app.inject({ url })).json<Record<string, never>>();
  expect(await get('/v1/models/by-digit')).toMatchObject({ versions: [{ sureFrom: BY_DIGIT }] });
  expect(await get('/v2/models/by-digit')).toMatchObject({
    parameters: { sure_from: '1,1,0,0,0,0,0,0,0,0' },
  });
  const card = await server.app.inject({ url: '/v1/cards/by-digit' });
  expect(card.body).toContain('An answer is sure from a probability of 1 for 0, 1 for 1, 0 for 2,');
});

test('a classifier of rows answers with its softmax, in any number type', async () => {
  const model = decodeModel(tableFile(), 'table');
  const data = Float32Array.of(1, -2, 3.5, 0, 100, 5, 4, 3, 2, 1);
  const expected = model.predict({ data, shape: [2, 5] }).data;
  const answers = await models.predict(models.find('rows'), data.slice(), 2);
  expect([...answers.probabilities(0), ...answers.probabilities(1)]).toEqual([...expected]);
  expect(answers.set(0)).toBeUndefined();
  model.dispose();
});

test('requests of the same moment get each their own answers, whatever the batches', async () => {
  const model = models.find('digits');
  const all = await models.predict(model, images.data.slice(0, 784 * 50), 50);
  const single = await Promise.all(
    Array.from({ length: 50 }, (_, i) => models.predict(model, image(i).slice(), 1)),
  );
  single.forEach((answers, i) => {
    expect(answers.at(0)).toEqual(all.at(i));
  });
});

test('one bad request of a batch fails alone', async () => {
  const model = models.find('rows');
  const good = Float32Array.of(1, 2, 3, 4, 5);
  const bad = new Float32Array(5).fill(3e38);
  const settled = await Promise.allSettled([good, bad, good].map((row) => models.predict(model, row, 1)));
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((settled[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'E_NUMERIC' });
});

test('past the limit 503 with Retry-After, and what was taken is answered', async () => {
  const own = await testServer({
    models: [put('digits.safetensors', readerFile())],
    inference: { waiting: 10, waitMs: 60_000 },
  });
  const model = own.services.models.find('digits');
  const asked = Array.from({ length: 30 }, () => own.services.models.predict(model, image(0).slice(), 1));
  const settled = await Promise.allSettled(asked);
  const taken = settled.filter(({ status }) => status === 'fulfilled').length;
  expect(taken).toBe(10);
  const refused = settled.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
  expect(refused.reason).toMatchObject({ status: 503, code: 'E_BUSY', retryAfter: 1 });
  await own.close();
});

test('a file that changed is a new version; the one before stays, those before that go', async () => {
  const file = put('swap/model.safetensors', readerFile({ seed: 3 }));
  const own = await testServer({ models: [`swap=${file}`] });
  const { models: swapped } = own.services;
  const versions = [swapped.find('swap').version];
  expect(await swapped.reload()).toEqual([]);
  for (const seed of [4, 5]) {
    put('swap/model.safetensors', readerFile({ seed }));
    await swapped.reload();
    versions.push(swapped.find('swap').version);
  }
  expect(new Set(versions).size).toBe(3);
  expect(swapped.list().map(({ version }) => version)).toEqual([versions[2], versions[1]]);
  const before = await swapped.predict(swapped.find('swap', versions[1]), image(0).slice(), 1);
  expect(before.model.version).toBe(versions[1]);
  put('swap/model.safetensors', 'no model');
  await expect(swapped.reload()).rejects.toThrow();
  expect(swapped.find('swap').version).toBe(versions[2]);
  await own.close();
});

test('what was taken before a stop is answered, and nothing is taken after', async () => {
  const own = await testServer({ models: [put('digits.safetensors', readerFile())] });
  const model = own.services.models.find('digits');
  const asked = Array.from({ length: 20 }, () => own.services.models.predict(model, image(0).slice(), 1));
  const closed = own.services.models.close();
  const late = own.services.models.predict(model, image(0).slice(), 1);
  await expect(late).rejects.toMatchObject({ status: 503 });
  expect(await Promise.all(asked)).toHaveLength(20);
  await closed;
  await own.close();
});

test('conformal sets: calibrated on images that the model was not trained on, they hold the truth as often as promised, within 4 of 100', async () => {
  const found = {
    name: 'calibrated',
    file: 'calibrated',
    bytes: readerFile(),
    heldOut: {
      name: '5000 images',
      examples: {
        images: { data: images.data.subarray(0, 5000 * 784), shape: [5000, 28, 28] },
        labels: labels.subarray(0, 5000),
        classes: 10,
      },
    },
  };
  const model = await models.add(found);
  expect(model.calibration).toMatchObject({ on: '5000 images', images: 5000 });
  for (const coverage of [0.9, 0.99]) {
    const answers = await models.predict(model, images.data.slice(5000 * 784), 5000, { coverage });
    let held = 0;
    for (let i = 0; i < 5000; i++) if (answers.set(i)!.includes(labels[5000 + i])) held++;
    expect(Math.abs(held / 5000 - coverage)).toBeLessThan(0.04);
  }
  await models.remove('calibrated', model.version);
  expect(() => models.find('calibrated')).toThrow();
});

test('a model of a study is served with the names of its data’s classes, also where its shape is that of digits', async () => {
  const classes = ['shirt', 'shoe', 'bag', 'coat', 'dress', 'boot', 'top', 'skirt', 'sock', 'hat'];
  const about = { name: 'clothes', identity: [], shape: [28, 28], classes };
  const bytes = readerFile({ outputs: 10, reader: false });
  expect(await describeModel({ name: 'a', file: 'a', bytes, about })).toMatchObject({
    kind: 'classes',
    classes,
  });
  expect(await describeModel({ name: 'a', file: 'a', bytes })).toMatchObject({ kind: 'digits' });
});

test('whoever is gone before the turn comes is refused as busy, which is no fault of the server; the others are answered', async () => {
  const model = models.find('digits');
  const [gone, stays] = await Promise.allSettled([
    models.predict(model, image(0).slice(), 1, { isGone: () => true }),
    models.predict(model, image(0).slice(), 1),
  ]);
  expect(gone).toMatchObject({ status: 'rejected', reason: { status: 503, code: 'E_BUSY' } });
  expect(stays.status).toBe('fulfilled');
});

test('a model whose held-out images are not at hand is told of once, when it is served; of rows nothing is said of drift', () => {
  const said = server.lines.map((line) => JSON.parse(line) as { level: number; model?: string; msg: string });
  const none = said.filter(({ msg }) => msg.includes('found none'));
  for (const [name, images] of [
    ['digits', 1],
    ['plain', 1],
    ['rows', 0],
  ] as const) {
    const own = none.filter(({ model }) => model === name);
    expect(own).toMatchObject([{ level: 40, msg: expect.stringMatching(/^no conformal sets/) as string }]);
    for (const words of ['nothing to measure drift against', 'The first 2,000 images']) {
      expect(own[0].msg.split(words).length - 1).toBe(images);
    }
  }
});

test('fewer than 200 held-out images make no reference for drift: said once when the model is added, and its answers are watched without a fault', async () => {
  const heldOut = (count: number) => ({
    name: 'few images',
    examples: {
      images: { data: images.data.slice(0, 784 * count), shape: [count, 28, 28] },
      labels: labels.slice(0, count),
      classes: 10,
    },
  });
  for (const [name, count] of [
    ['few', 24],
    ['short', 199],
    ['enough', 200],
  ] as const) {
    const found = { name, file: name, bytes: readerFile({ seed: count }), heldOut: heldOut(count) };
    const model = await models.add(found);
    expect(model.reference?.right.length).toBe(count === 200 ? 100 : undefined);
    const answers = await models.predict(model, images.data.slice(0, 784), 1);
    server.services.monitor.observe(answers, images.data.slice(0, 784));
  }
  await server.services.monitor.settled();
  const said = server.lines.map((line) => JSON.parse(line) as { level: number; model?: string; msg: string });
  expect(said.filter(({ level }) => level > 40)).toEqual([]);
  expect(said.filter(({ msg }) => msg.startsWith('drift cannot be measured'))).toMatchObject([
    { level: 40, model: 'few', msg: expect.stringContaining('received 24. The first 2,000') as string },
    { level: 40, model: 'short', msg: expect.stringContaining('received 199') as string },
  ]);
});
