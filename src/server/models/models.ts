import type { FastifyBaseLogger } from 'fastify';
import type { ServerConfig } from '../config/schema.ts';
import { notFound, unavailable } from '../errors.ts';
import type { Tally } from '../monitor/tally.ts';
import { heldOutReference, OWN_TRAFFIC } from '../monitor/heldOutReference.ts';
import type { Answers } from './answers.ts';
import { Batches, type Values } from './batches.ts';
import { calibrated, type HeldOut } from './calibrate.ts';
import { describeModel, hasImages, type ServedModel } from './model.ts';
import { type FoundModel, findModels } from './sources.ts';
import { InferenceThreads } from './threads.ts';

/** Of what `predict` is asked for. */
export interface PredictOptions {
  /** Of the conformal sets; by default 0.99. */
  readonly coverage?: number;
  /** Whether nobody waits for the answer any more. */
  readonly isGone?: () => boolean;
}

export interface Models {
  /** All versions, the newest of a name first. */
  list(): readonly ServedModel[];
  /** The newest of this name, or the version named. Throws E_NOT_FOUND. */
  find(name: string, version?: string): ServedModel;
  /** Values [count][size], as the model takes them, 0 to 255 of an image. Throws E_BUSY, and E_NUMERIC where an answer is no number. */
  predict(model: ServedModel, values: Values, count: number, options?: PredictOptions): Promise<Answers>;
  /** Images that wait for a thread. */
  readonly waiting: number;
  /** Of the batches that threads were given. */
  readonly batchSizes: Tally;
  /** Whether all threads are there. */
  ready(): boolean;
  /** Serves it from now on as the newest of its name; the one before stays as a version, those before that go. */
  add(found: FoundModel): Promise<ServedModel>;
  /** Throws E_NOT_FOUND. What it has under way is answered. */
  remove(name: string, version: string): Promise<void>;
  /** Reads all files anew and serves those that changed; throws, and changes nothing, where one cannot be read. */
  reload(): Promise<readonly ServedModel[]>;
  /** After all that was taken is answered. */
  close(): Promise<void>;
}

export const USUAL_COVERAGE = 0.99;

/** The newest and the one before: for clients that name a version while it is replaced, and to go back. */
const KEPT_VERSIONS = 2;
/** Images at a time when a model is calibrated, so that others are answered meanwhile. */
const CALIBRATED_AT_A_TIME = 500;
const LOOK_MS = 10;

/** Loads and calibrates what the settings name. Throws as `findModels`, and E_SHAPE for what is no classifier. */
export async function createModels(
  config: Pick<ServerConfig, 'models' | 'inference'>,
  log: FastifyBaseLogger,
): Promise<Models> {
  const threads = new InferenceThreads(config.inference.threads, log);
  const batches = new Batches(threads, config.inference);
  /** By name, the newest first. */
  const served = new Map<string, readonly ServedModel[]>();
  const warn = (line: string): void => {
    log.warn(line);
  };
  let closing = false;

  const predict: Models['predict'] = (model, values, count, { coverage = USUAL_COVERAGE, isGone } = {}) =>
    closing
      ? Promise.reject(unavailable('The server is about to end.'))
      : batches.predict(model, values, count, coverage, isGone);

  const forget = async (model: ServedModel): Promise<void> => {
    while (batches.has(model)) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const isServed = [...served.values()].flat().some(({ hash }) => hash === model.hash);
    if (!isServed) threads.unload(model.hash);
  };

  const prepare = async (found: FoundModel): Promise<ServedModel> => {
    const { heldOut, card } = found;
    const plain = { ...(await describeModel(found)), ...(card !== undefined && { card }) };
    const { hash, kind, hasNone, temperature } = plain;
    await threads.load({ hash, bytes: plain.bytes, kind, hasNone, temperature });
    const told = { model: plain.name, version: plain.version };
    if (heldOut === undefined || !fits(plain, heldOut)) {
      log.warn(told, withoutHeldOut(plain, heldOut));
      return plain;
    }
    const { images } = heldOut.examples;
    const { classes, size } = plain;
    const probabilities = new Float64Array(images.shape[0] * classes.length);
    const none = new Float64Array(images.shape[0]);
    for (let from = 0; from < images.shape[0]; from += CALIBRATED_AT_A_TIME) {
      const count = Math.min(CALIBRATED_AT_A_TIME, images.shape[0] - from);
      const some = images.data.subarray(from * size, (from + count) * size);
      const answers = await batches.predict(plain, some, count, USUAL_COVERAGE);
      probabilities.set(answers.allProbabilities(), from * classes.length);
      for (let i = 0; i < count; i++) none[from + i] = answers.none(i);
    }
    const { labels } = heldOut.examples;
    const own = { on: heldOut.name, images: images.data, shape: plain.inputShape, labels };
    const reference = await heldOutReference({ ...own, probabilities, none }, (line) => {
      log.warn(told, line);
    });
    return { ...plain, calibration: calibrated(probabilities, heldOut), ...(reference && { reference }) };
  };

  const add: Models['add'] = async (found) => {
    const model = await prepare(found);
    const before = served.get(model.name) ?? [];
    const all = [model, ...before.filter(({ version }) => version !== model.version)];
    served.set(model.name, all.slice(0, KEPT_VERSIONS));
    log.info({ model: model.name, version: model.version }, 'a model is served');
    for (const gone of all.slice(KEPT_VERSIONS)) await forget(gone);
    return model;
  };

  const models: Models = {
    list: () => [...served.values()].flat(),
    find(name, version) {
      const versions = served.get(name);
      if (versions === undefined) {
        throw notFound(`Unknown model '${name}'; there is ${[...served.keys()].join(', ') || 'none'}.`);
      }
      if (version === undefined) return versions[0];
      const found = versions.find((model) => model.version === version);
      if (found) return found;
      const known = versions.map((model) => model.version).join(', ');
      throw notFound(`Unknown version '${version}' of ${name}; there is ${known}.`);
    },
    predict,
    get waiting() {
      return batches.waiting;
    },
    batchSizes: batches.sizes,
    ready: () => !closing && threads.whole,
    add,
    async remove(name, version) {
      const model = models.find(name, version);
      const rest = served.get(name)!.filter((one) => one !== model);
      if (rest.length === 0) served.delete(name);
      else served.set(name, rest);
      log.info({ model: name, version }, 'a model is served no more');
      await forget(model);
    },
    async reload() {
      const found = await findModels(config.models, warn);
      // All of them are looked at before any is taken.
      const hashes: string[] = [];
      for (const one of found) hashes.push((await describeModel(one)).hash);
      const added: ServedModel[] = [];
      for (const [k, one] of found.entries()) {
        if (served.get(one.name)?.[0].hash !== hashes[k]) added.push(await add(one));
      }
      return added;
    },
    async close() {
      closing = true;
      await batches.drain();
      await threads.close();
    },
  };
  try {
    for (const found of await findModels(config.models, warn)) await add(found);
  } catch (error) {
    await models.close();
    throw error;
  }
  return models;
}

function withoutHeldOut(model: ServedModel, heldOut: HeldOut | undefined): string {
  const received =
    heldOut === undefined
      ? 'found none: the study.json or record.json beside it says which they are, and they have to be as they were'
      : `received ${heldOut.name}`;
  const [drift, own] = hasImages(model)
    ? [', and nothing to measure drift against', `. ${OWN_TRAFFIC}`]
    : ['', ''];
  return `no conformal sets${drift}: expected held-out images of its size and classes, ${received}${own}`;
}

function fits({ size, classes }: ServedModel, { examples }: HeldOut): boolean {
  const [n] = examples.images.shape;
  return examples.images.data.length === n * size && examples.classes === classes.length;
}
