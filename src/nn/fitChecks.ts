import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, isNumber, requireSignal, requireType } from '../util/options.ts';
import type { Tensor } from '../util/tensor.ts';
import type { Callback } from './callbacks.ts';
import { checkEarlyStopping } from './earlyStopping.ts';
import type { FitOptions } from './fitOptions.ts';
import { nnFeature } from './feature.ts';
import { logNames } from './logNames.ts';
import type { Model } from './model.ts';
import { resolveSchedule } from './schedules/family.ts';

const FIT_OPTIONS = [
  'epochs',
  'batchSize',
  'validationData',
  'shuffle',
  'seed',
  'verbose',
  'callbacks',
  'signal',
  'schedule',
  'validationSplit',
  'sampleWeight',
  'classWeight',
  'averaging',
  'labelSmoothing',
  'distillation',
  'earlyStopping',
  'privacy',
  'checkpoint',
  'resume',
  'threads',
] as const satisfies (keyof FitOptions)[];

const HOOKS = [
  'onTrainBegin',
  'onEpochBegin',
  'onBatchEnd',
  'onEpochEnd',
  'onTrainEnd',
] as const satisfies (keyof Callback)[];

/** Throws E_ARGUMENT for an option of `fit` that is unknown, of another type or out of range. */
export function checkFitOptions(model: Model, { shape }: Tensor, options: FitOptions): void {
  checkOptions('fit', FIT_OPTIONS, options);
  const { epochs = 1, batchSize = 32, averaging = 0, labelSmoothing = 0, seed, threads } = options;
  const { shuffle = true, verbose = 1, schedule, signal, checkpoint, resume } = options;
  const { privacy, distillation, earlyStopping, validationData, callbacks = [] } = options;
  checkCount('epochs', epochs);
  checkCount('batchSize', batchSize);
  if (threads !== undefined) checkThreads(threads);
  checkShare('averaging: a decay', averaging);
  checkShare('labelSmoothing', labelSmoothing);
  if (seed !== undefined) checkSeed(seed);
  requireType('fit', 'shuffle: true or false', typeof shuffle === 'boolean', shuffle);
  requireType('fit', 'verbose: 0, 1 or 2', ([0, 1, 2] as unknown[]).includes(verbose), verbose);
  if (schedule !== undefined) resolveSchedule(schedule);
  requireSignal('fit', signal);
  requireType('fit', 'callbacks: an array of objects', Array.isArray(callbacks), callbacks);
  callbacks.forEach(checkCallback);
  if (validationData !== undefined) checkPair(validationData);
  if (privacy !== undefined) nnFeature('privacy').checkPrivacy(privacy, batchSize, shape[0]);
  if (distillation !== undefined) {
    nnFeature('distillation').checkDistillation(distillation, model, privacy);
  }
  if (earlyStopping !== undefined) checkEarlyStopping(earlyStopping, logNames(model, options));
  if (checkpoint !== undefined) nnFeature('checkpoint').checkCheckpoint(checkpoint);
  if (resume !== undefined) nnFeature('resume').checkResume(resume);
  if (labelSmoothing > 0 && model.objective.setting.task === 'values') {
    throw new DactylError(
      'E_ARGUMENT',
      `fit: labelSmoothing expects a loss of classes or labels; ${model.objective.rule.name} compares values. Leave it out.`,
    );
  }
}

export function checkSeed(seed: number): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new DactylError('E_ARGUMENT', `seed: expected a whole number, received ${received(seed)}.`);
}

/** A plain object has hooks and nothing else; one of a class may hold more, but no hook that is never called. */
function checkCallback(callback: Callback, index: number): void {
  const what = `callbacks[${index}]`;
  if (!isObject(callback) || Object.getPrototypeOf(callback) === Object.prototype) {
    checkOptions(what, HOOKS, callback);
  } else {
    const hooks = new Set<string>();
    for (let object: object = callback; object !== Object.prototype;) {
      for (const name of Object.getOwnPropertyNames(object)) if (/^on[A-Z_]/.test(name)) hooks.add(name);
      object = (Object.getPrototypeOf(object) as object | null) ?? Object.prototype;
    }
    checkOptions(what, HOOKS, Object.fromEntries([...hooks].map((name) => [name, true])));
  }
  for (const hook of HOOKS) {
    const value = (callback as Readonly<Record<string, unknown>>)[hook];
    requireType(what, `${hook}: a function`, value === undefined || typeof value === 'function', value);
  }
}

function checkPair(validationData: readonly unknown[]): void {
  const expected = 'validationData: [inputs, labels] or [inputs, labels, sampleWeight]';
  requireType('fit', expected, Array.isArray(validationData), validationData);
  if (validationData.length === 2 || validationData.length === 3) return;
  throw new DactylError(
    'E_ARGUMENT',
    `fit: expected ${expected}; received ${validationData.length} entries.`,
  );
}

function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new DactylError(
    'E_ARGUMENT',
    `fit: expected ${name}: a whole number >= 1; received ${received(value)}.`,
  );
}

/** More than the cores would take turns, and each wait for the others. */
function checkThreads(threads: number): void {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } };
  const cores = navigator?.hardwareConcurrency ?? 1;
  if (Number.isSafeInteger(threads) && threads >= 1 && threads <= cores) return;
  throw new DactylError(
    'E_ARGUMENT',
    `fit: expected threads: a whole number from 1 to ${cores}, the cores of this machine; received ${received(threads)}.`,
  );
}

function checkShare(name: string, value: unknown): void {
  if (isNumber(value, (x) => x >= 0 && x < 1)) return;
  throw new DactylError('E_ARGUMENT', `fit: expected ${name} in [0, 1); received ${received(value)}.`);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function received(value: unknown): string {
  return typeof value === 'number' ? String(value) : describe(value);
}
