import { afterEach, expect, test } from 'vitest';
import { CORRUPTIONS } from '../../images/corruptions/all.ts';
import { corruptImages } from '../../images/corruptions/corruptImages.ts';
import { loadMnist } from '../../store/mnist.ts';
import { Random } from '../../util/random.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Clock } from '../clock.ts';
import { Answers, BEHIND } from '../models/answers.ts';
import type { ServedModel } from '../models/model.ts';
import type { Database, Statement } from '../store/database.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { nextEpisode } from './episode.ts';
import { type HeldOutReference, heldOutReference } from './heldOutReference.ts';
import { createMonitor, type Monitor } from './monitor.ts';
import { Sampler } from './sampler.ts';
import { Tally } from './tally.ts';
import { found } from '../../../test/support/evidence.ts';

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const { test: images } = loadMnist();
const CLASSES = '0123456789'.split('');

/** Confident of its label, whatever the pixels are: what changes is what is seen of the images. */
function answersTo(model: ServedModel, labels: ArrayLike<number>, random: Random): Answers {
  const width = CLASSES.length + BEHIND;
  const rows = new Float64Array(labels.length * width);
  for (let i = 0; i < labels.length; i++) {
    const sure = 0.9 + 0.1 * random.uniform();
    rows.fill((1 - sure) / 9, i * width, i * width + 10);
    rows[i * width + labels[i]] = sure;
    rows[i * width + 11] = labels[i];
    rows[i * width + 12] = (labels[i] + 1) % 10;
  }
  return new Answers(model, rows, 0, labels.length, 0.99);
}

function modelOf(name: string, reference?: HeldOutReference): ServedModel {
  const facts = { name, version: 'v1', inputShape: [28, 28], size: 784, classes: CLASSES };
  return {
    ...facts,
    kind: 'digits',
    sureFrom: 0.95,
    ...(reference && { reference }),
  } as unknown as ServedModel;
}

interface Told {
  readonly kind: string;
  readonly data: Record<string, unknown>;
}

async function watching(
  database?: Database,
  failed = (error: Error): void => {
    throw error;
  },
  served: readonly ServedModel[] = [],
): Promise<{
  monitor: Monitor;
  clock: Clock & { at: number };
  told: Told[];
  audited: AuditEvent[];
  database: Database;
}> {
  const own = database ?? (await openDatabase(':memory:'));
  if (!database) ends.push(() => own.close());
  const clock = { at: 1_000_000, now: () => clock.at, every: () => () => undefined };
  const told: Told[] = [];
  const audited: AuditEvent[] = [];
  const statements = (kind: string, data: object): Statement[] => {
    told.push({ kind, data: data as Told['data'] });
    return [];
  };
  const audit = {
    async append(event: AuditEvent, others: readonly Statement[] = []) {
      audited.push(event);
      await own.write(others);
    },
  };
  const log = {
    warn: () => undefined,
    info: () => undefined,
    error: ({ err }: { err: Error }) => {
      failed(err);
    },
  };
  const config = { monitor: { imagesPerSecond: 100, keepDays: 90 } };
  const webhooks = { statements, wake: () => undefined };
  const models = { list: () => served };
  const monitor = createMonitor({ config, models, clock, log: log as never, database: own, audit, webhooks });
  return { monitor, clock, told, audited, database: own };
}

const random = new Random(1, 'monitor');
/** MNIST’s images stand one writer after the other, and 250 of two writers are not like all. */
const ORDER = random.shuffle(Uint32Array.from({ length: 10_000 }, (_, i) => i));
const labelsAt = (indices: ArrayLike<number>): number[] => Array.from(indices, (i) => images.labels[i]);

function pixelsOf(indices: Uint32Array): Uint8Array {
  const pixels = new Uint8Array(indices.length * 784);
  indices.forEach((index, i) => {
    pixels.set(images.images.data.subarray(index * 784, (index + 1) * 784), i * 784);
  });
  return pixels;
}

async function reference(): Promise<HeldOutReference> {
  const n = 2000;
  const rows = answersTo(modelOf('m'), labelsAt(ORDER.subarray(0, n)), random);
  const probabilities = Float64Array.from({ length: n * 10 }, (_, k) =>
    rows.probability(Math.floor(k / 10), k % 10),
  );
  const own = { on: 'test images', images: pixelsOf(ORDER.subarray(0, n)), shape: [28, 28] };
  return (await heldOutReference(
    {
      ...own,
      labels: images.labels.slice(0, n),
      probabilities,
      none: new Float64Array(n),
    },
    () => {
      throw new Error('2,000 are enough');
    },
  ))!;
}

/** Fifty images a request, a second apart; `level` of a corruption. */
async function serve(
  { monitor, clock }: { monitor: Monitor; clock: { at: number } },
  model: ServedModel,
  count: number,
  { from = 5000, corruption }: { from?: number; corruption?: string } = {},
): Promise<void> {
  for (let k = 0; k < count; k += 50) {
    const indices = ORDER.slice(from + k, from + k + 50);
    const kind = CORRUPTIONS.find(({ name }) => name === corruption);
    const pixels =
      kind === undefined
        ? pixelsOf(indices)
        : corruptImages(images.images.data, kind, { level: 2, seed: 1, indices });
    monitor.observe(answersTo(model, labelsAt(indices), random), pixels);
    clock.at += 1000;
  }
  await monitor.settled();
}

test('an episode: one message when it begins, within 500 images, one when it ends, none between; nothing of the pixels is kept', async () => {
  const own = await watching();
  const model = modelOf('m', await reference());
  await serve(own, model, 500);
  expect(own.told).toEqual([]);
  expect(own.monitor.models()[0].episode).toBeNull();
  await serve(own, model, 500, { from: 6000, corruption: 'rotate' });
  expect(own.told.map(({ kind }) => kind)).toEqual(['drift.started']);
  await serve(own, model, 500, { from: 6500, corruption: 'rotate' });
  await serve(own, model, 2750, { from: 7000 });
  expect(own.told.map(({ kind }) => kind)).toEqual(['drift.started', 'drift.resolved']);
  expect(own.audited.map(({ kind }) => kind)).toEqual(['drift.started', 'drift.resolved']);
  const [{ data }] = own.told;
  expect(own.told[1].data.episode).toBe(data.episode);
  expect(data).toMatchObject({
    model: 'm',
    version: 'v1',
    estimatedAccuracy: { estimate: expect.any(Number) as number },
  });
  expect((data.alarms as unknown[]).length).toBeGreaterThan(0);
  const [{ images: answered, notSure }] = own.monitor.counted();
  expect(answered).toBe(4250);
  expect(notSure).toBeGreaterThan(1500);
  const rows = await own.database.query('SELECT * FROM monitor_points');
  expect(rows.length).toBeLessThan(20);
  expect(JSON.stringify(rows).length).toBeLessThan(200_000);
  found({
    id: 'drift-episode',
    points: ['E9'],
    articles: ['AI Act 15', 'AI Act 72'],
    says: '500 images that were turned set off an alarm, told once when the episode began and once when it ended; of the images no pixel was kept.',
  });
}, 30_000);

test('a restart in the middle of an episode begins no second one, and keeps points and labels', async () => {
  const own = await watching();
  const model = modelOf('m', await reference());
  await serve(own, model, 500, { corruption: 'shear' });
  expect(own.told).toHaveLength(1);
  own.monitor.label('m', 'v1', 0.9, false);
  await own.monitor.close();
  const again = await watching(own.database);
  await serve(again, model, 250, { corruption: 'shear' });
  expect(again.told).toEqual([]);
  const [state] = again.monitor.models();
  expect(state.points.length).toBeGreaterThan(1);
  expect(state.estimateError).toMatchObject({ labelled: 1, estimated: 0.9, measured: 0, error: 0.9 });
});

test('labels of a model that has answered nothing since the start are added to those of before; what people correct is counted apart, each answer once', async () => {
  const model = modelOf('m', await reference());
  const own = await watching(undefined, undefined, [model]);
  own.monitor.label('m', 'v1', 0.9, false);
  own.monitor.correct('m', 'v1', false);
  own.monitor.correct('m', 'v1', true);
  // Who labelled one that was wrong says that it was right, after all.
  own.monitor.correct('m', 'v1', true, false);
  own.monitor.label('unknown', 'v1', 0.9, true);
  await own.monitor.settled();
  const [state] = own.monitor.models();
  expect(own.monitor.models()).toHaveLength(1);
  expect(state.corrections).toEqual({ right: 2, wrong: 0 });
  expect(state.estimateError).toMatchObject({ labelled: 1, measured: 0 });
  // Killed, so without an end; the next run has seen no image when the next label comes.
  const again = await watching(own.database, undefined, [model]);
  again.monitor.label('m', 'v1', 0.5, true);
  again.monitor.correct('m', 'v1', false, true);
  await again.monitor.close();
  const last = await watching(own.database, undefined, [model]);
  last.monitor.correct('m', 'v1', true);
  await last.monitor.settled();
  expect(last.monitor.models()[0].corrections).toEqual({ right: 2, wrong: 1 });
  expect(last.monitor.models()[0].estimateError).toMatchObject({
    labelled: 2,
    estimated: 0.7,
    measured: 0.5,
  });
});

test('without held-out images the first 2,000 are the reference, over a restart, too', async () => {
  const own = await watching();
  const model = modelOf('other');
  await serve(own, model, 1950);
  expect(own.monitor.models()[0]).toMatchObject({ reference: { kind: 'none' }, points: [] });
  await serve(own, model, 550, { from: 7000 });
  expect(own.monitor.models()[0].reference).toMatchObject({ kind: 'own', images: 2000 });
  expect(own.monitor.models()[0].points).toHaveLength(2);
  await own.monitor.close();
  const again = await watching(own.database);
  await serve(again, model, 500, { corruption: 'scale' });
  expect(again.monitor.models()[0].reference).toMatchObject({ kind: 'own', images: 2000 });
  expect(again.told.map(({ kind }) => kind)).toEqual(['drift.started']);
});

test('what cannot be watched is answered all the same, and logged', async () => {
  const failures: Error[] = [];
  const own = await watching(undefined, (error) => void failures.push(error));
  const model = { ...modelOf('odd'), inputShape: [28, 27] } as ServedModel;
  own.monitor.observe(answersTo(model, [1], random), new Uint8Array(784));
  expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining('28, 27')]);
  await own.monitor.settled();
});

test('a bounded number of images is looked at: 1,000, then 100 a second, at most 50 of a request, evenly', () => {
  const sampler = new Sampler(100);
  const seen = Array.from({ length: 100 }, (_, k) => sampler.choose(10_000, k));
  const count = seen.reduce((sum, { length }) => sum + length, 0);
  expect(count).toBeLessThanOrEqual(1010);
  expect(seen[0]).toHaveLength(50);
  const gaps = seen[0].slice(1).map((index, k) => index - seen[0][k]);
  expect(new Set(gaps)).toEqual(new Set([200]));
  expect(sampler.choose(30, 10_000)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  expect(new Sampler(0).choose(10, 0)).toEqual([]);
});

test('episodes by hand: alarm, quiet, alarm, quiet, quiet', () => {
  let episode: ReturnType<typeof nextEpisode>['episode'] = null;
  const changes = [false, true, false, true, false, false, false].map((alarm, at) => {
    const step = nextEpisode(episode, alarm, at);
    episode = step.episode;
    return step.change;
  });
  expect(changes).toEqual([undefined, 'started', undefined, undefined, undefined, 'resolved', undefined]);
});

test('a tally counts up to each end, what is above all of them last', () => {
  const tally = new Tally([1, 2]);
  for (const value of [0.5, 1, 1.5, 3]) tally.add(value);
  expect([tally.cumulative(), tally.count, tally.sum]).toEqual([[2, 3], 4, 6]);
});
