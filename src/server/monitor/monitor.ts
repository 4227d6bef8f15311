import type { FastifyBaseLogger } from 'fastify';
import { driftObservations } from '../../analysis/drift/observations.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { ServerConfig } from '../config/schema.ts';
import type { Answers } from '../models/answers.ts';
import type { Values } from '../models/batches.ts';
import { hasImages, type ServedModel } from '../models/model.ts';
import type { Models } from '../models/models.ts';
import type { Database } from '../store/database.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Point } from './point.ts';
import { Records } from './records.ts';
import { Sampler } from './sampler.ts';
import { Tally } from './tally.ts';
import { type EpisodeChange, type ModelState, Watched } from './watched.ts';

/** A point is kept after so long, or where an episode begins or ends. */
const KEEP_EVERY_MS = 600_000;
const SWEEP_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Models that are watched; the one that was used longest ago is forgotten. */
const MOST_MODELS = 8;

/** What is counted of a model's answers, all of them. */
export interface Counted {
  readonly name: string;
  readonly version: string;
  images: number;
  notSure: number;
  readonly confidence: Tally;
}

export interface Monitor {
  /** Images that were answered, `values` as the model took them; a bounded number a second is looked at, at once, and nothing of them kept but numbers. */
  observe(answers: Answers, values: Values): void;
  /** An answer was reviewed: whether it was right, and how sure it had been. */
  label(model: string, version: string, confidence: number, right: boolean): void;
  /** Whoever an answer was about labelled it: whether it was right; `before`: whether it was by an earlier label of theirs. */
  correct(model: string, version: string, right: boolean, before?: boolean): void;
  models(): readonly ModelState[];
  counted(): readonly Counted[];
  /** When all windows that were closed are judged. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Needed {
  readonly config: Pick<ServerConfig, 'monitor'>;
  readonly models: Pick<Models, 'list'>;
  readonly clock: Clock;
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'error' | 'info'>;
  readonly database: Database;
  readonly audit: Pick<Audit, 'append'>;
  readonly webhooks: Pick<Webhooks, 'statements' | 'wake'>;
}

/** Watches what is served: drift by the rule of docs/decisions/0024-drift.md, one message at the beginning and one at the end of an episode. */
export function createMonitor(needed: Needed): Monitor {
  const { config, models, clock, log, database, audit, webhooks } = needed;
  const { imagesPerSecond, keepDays } = config.monitor;
  const sampler = new Sampler(imagesPerSecond);
  const records = new Records(database);
  /** In the order of their last use. */
  const watched = new Map<string, Watched>();
  const counted = new Map<string, Counted>();
  const kept = new Map<string, number>();
  const failed = (error: unknown): void => {
    log.error({ err: error }, 'monitoring failed');
  };

  const judged = async (own: Watched, point: Point, changed?: EpisodeChange): Promise<void> => {
    const { key } = own;
    const state = own.state();
    if (changed !== undefined) {
      const { change, episode } = changed;
      const facts = messageOf(state, point, changed);
      const statements = [
        ...webhooks.statements(`drift.${change}`, { episode: episode.id, ...facts }),
        records.pointAdded(key, point),
        records.stateSet(key, own.kept),
      ];
      log.warn({ episode: episode.id, ...facts }, `drift ${change}`);
      await audit.append({ kind: `drift.${change}`, at: point.at, subject: episode.id, facts }, statements);
      kept.set(key, point.at);
      webhooks.wake();
    } else if (point.at - (kept.get(key) ?? -KEEP_EVERY_MS) >= KEEP_EVERY_MS) {
      kept.set(key, point.at);
      await database.write([records.pointAdded(key, point), records.stateSet(key, own.kept)]);
    }
  };

  const watch = (model: ServedModel): Watched => {
    const key = `${model.name}/${model.version}`;
    const own =
      watched.get(key) ??
      new Watched({
        ...{ model, heldOut: model.reference, records, now: () => clock.now(), judged, failed },
        labelled: async (one) => {
          await database.write([records.stateSet(one.key, one.kept)]);
        },
        adopted: async (one, reference, at) => {
          await database.write([records.referenceSet(one.key, at, reference)]);
        },
      });
    watched.delete(key);
    watched.set(key, own);
    if (watched.size > MOST_MODELS) watched.delete(watched.keys().next().value!);
    return own;
  };

  /** Labels come late: of a model that is served, also where it has answered nothing since the start. */
  const watchedAs = (name: string, version: string): Watched | undefined => {
    const model = models.list().find((one) => one.name === name && one.version === version);
    return watched.get(`${name}/${version}`) ?? (model && hasImages(model) ? watch(model) : undefined);
  };

  const count = (answers: Answers): Counted => {
    const { name, version } = answers.model;
    const key = `${name}/${version}`;
    let own = counted.get(key);
    if (own === undefined) {
      own = {
        name,
        version,
        images: 0,
        notSure: 0,
        confidence: new Tally([0.5, 0.8, 0.9, 0.95, 0.99, 0.999]),
      };
      counted.set(key, own);
      if (counted.size > MOST_MODELS) counted.delete(counted.keys().next().value!);
    }
    own.images += answers.count;
    for (let i = 0; i < answers.count; i++) if (!answers.isSure(i)) own.notSure++;
    return own;
  };

  const look = (answers: Answers, values: Values): void => {
    const own = count(answers);
    const { model } = answers;
    const chosen = sampler.choose(answers.count, clock.now());
    if (chosen.length === 0) return;
    for (const i of chosen) own.confidence.add(answers.confidence(i));
    if (!hasImages(model)) return;
    const pixels = pixelsAt(values, model.size, chosen);
    watch(model).add(driftObservations(pixels, model.inputShape, calibratedAt(answers, chosen)));
  };

  const sweep = (): void => {
    database.write([records.forgotten(clock.now() - keepDays * DAY_MS)]).catch(failed);
  };
  const end = clock.every(SWEEP_MS, sweep);

  return {
    observe(answers, values) {
      try {
        look(answers, values);
      } catch (error) {
        // An answer does not depend on whether it can be watched.
        failed(error);
      }
    },
    label(model, version, confidence, right) {
      watchedAs(model, version)?.label(confidence, right);
    },
    correct(model, version, right, before) {
      watchedAs(model, version)?.correct(right, before);
    },
    models: () => [...watched.values()].map((own) => own.state()),
    counted: () => [...counted.values()],
    async settled() {
      for (const own of watched.values()) await own.settled();
    },
    async close() {
      end();
      for (const own of watched.values()) {
        await own.settled();
        const point = own.lastPoint;
        await database.write([
          ...(point === undefined ? [] : [records.pointAdded(own.key, point)]),
          records.stateSet(own.key, own.kept),
        ]);
      }
    },
  };
}

/** Of the images at `chosen`. */
function pixelsAt(values: Values, size: number, chosen: readonly number[]): Values {
  const count = chosen.length * size;
  const pixels = values instanceof Uint8Array ? new Uint8Array(count) : new Float32Array(count);
  chosen.forEach((index, i) => {
    pixels.set(values.subarray(index * size, (index + 1) * size), i * size);
  });
  return pixels;
}

function calibratedAt(answers: Answers, chosen: readonly number[]): Parameters<typeof driftObservations>[2] {
  const classes = answers.model.classes.length;
  const probabilities = new Float64Array(chosen.length * classes);
  chosen.forEach((index, i) => {
    probabilities.set(answers.probabilities(index), i * classes);
  });
  return { probabilities, none: Float64Array.from(chosen, (index) => answers.none(index)), classes };
}

/** Of an episode that begins or ends: what alarms, and by how much. */
function messageOf(
  { name, version }: ModelState,
  { windows, accuracy }: Point,
  { episode }: EpisodeChange,
): Record<string, unknown> {
  return {
    model: name,
    version,
    since: new Date(episode.since).toISOString(),
    images: windows.at(-1)?.images ?? 0,
    alarms: windows.flatMap(({ images, effects }) =>
      effects
        .filter(({ alarm }) => alarm)
        .map(({ kind, statistic, estimate, low, high }) => ({
          ...{ measure: statistic ?? kind, images, effect: estimate, low, high },
        })),
    ),
    estimatedAccuracy: accuracy,
  };
}
