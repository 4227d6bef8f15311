import { DactylError } from '../util/errors.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { fingerprint } from '../util/fingerprint.ts';
import { sha256Hex } from '../util/hash.ts';
import { checkOptions, isNumber, requireType } from '../util/options.ts';
import type { Random } from '../util/random.ts';
import { parts, type Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import type { BestEpoch } from './earlyStopping.ts';
import type { FitOptions } from './fitOptions.ts';
import type { FitState } from './fitState.ts';
import type { EpochLogs, History } from './history.ts';
import { logNames } from './logNames.ts';
import { type Labels, labelTensor } from './losses.ts';
import type { Model } from './model.ts';
import { hashWeights } from './modelWeights.ts';
import { resolveSchedule, type ScheduleOption } from './schedules/family.ts';
import { weightTensor } from './weights.ts';

/** Some milliseconds. */
const LOOKED_AT_AT_A_TIME = 1 << 19;

/** Names all that decides a run's bits but the data's values (`dataName`): equal for equal runs, and for no others. */
function* runName(model: Model, options: FitOptions): Steps<string> {
  const { schedule = 'constant', validationData } = options;
  const { optimizer, loss, metrics } = model.compiled!;
  const { distillation } = options;
  const teachers: string[] = [];
  for (const { network } of distillation?.teachers ?? []) {
    teachers.push(yield* hashWeights(yield* network.readWeights()));
  }
  const named = {
    layers: model.layers,
    compiled: { optimizer, loss: sourceOf(loss), metrics: metrics.map(sourceOf) },
    seeds: [model.seed, options.seed ?? null],
    epochs: options.epochs ?? 1,
    batchSize: options.batchSize ?? 32,
    shuffle: options.shuffle ?? true,
    schedule: samplesOf(schedule),
    distortion: null,
    averaging: options.averaging ?? 0,
    labelSmoothing: options.labelSmoothing ?? 0,
    earlyStopping: options.earlyStopping ?? null,
    ...(options.privacy && { privacy: options.privacy }),
    ...(distillation && { distillation: { teachers, weight: distillation.weight } }),
    validation: validationData?.[0].shape[0] ?? 0,
    ...(options.classWeight && { classWeight: options.classWeight }),
  };
  return sha256Hex(new TextEncoder().encode(canonicalJson(named)));
}

/** A function of one's own is what its text says. */
function sourceOf(one: unknown): unknown {
  return typeof one === 'function' ? `${one.name}: ${String(one)}` : one;
}

/** The factors at sixteen places, as if all were of the first epoch of 1,600 steps. */
function samplesOf(schedule: ScheduleOption): string[] {
  const factor = resolveSchedule(schedule);
  return Array.from({ length: 16 }, (_, k) =>
    String(factor(k / 16, { step: 100 * k, steps: 1600, epoch: 0 })),
  );
}

/** Names of a run and of its data. */
export function* namesOfRun(
  model: Model,
  options: FitOptions,
  inputs: Tensor,
  labels: Labels,
): Steps<Pick<FitState, 'run' | 'data'>> {
  return { run: yield* runName(model, options), data: yield* dataName(inputs, labels, options) };
}

/** What training goes on from, copied. */
export function* fitState(
  state: FitState,
  model: Model,
  shuffle: Random,
  { history }: History,
): Steps<FitState> {
  return {
    ...state,
    learningRate: model.compiled!.optimizer.learningRate,
    order: state.order.slice(),
    shuffle: shuffle.save(),
    history: structuredClone(history),
    network: new Map(Object.entries(yield* model.network.saveState())),
  };
}

/** Names the values of the inputs, the labels, the weights and the validation data. */
function* dataName(
  inputs: Tensor,
  labels: Labels,
  { validationData, sampleWeight }: FitOptions,
): Steps<string> {
  const arrays = [inputs, labelTensor(labels)];
  if (sampleWeight) arrays.push(weightTensor(sampleWeight));
  if (validationData) {
    arrays.push(validationData[0], labelTensor(validationData[1]));
    if (validationData[2]) arrays.push(weightTensor(validationData[2]));
  }
  const names: string[] = [];
  for (const array of arrays) names.push(yield* fingerprint(array));
  return names.join('-');
}

/** E_ARGUMENT unless it says how often and how to save. */
export function checkCheckpoint(checkpoint: NonNullable<FitOptions['checkpoint']>): void {
  checkOptions('checkpoint', ['everySeconds', 'save'], checkpoint);
  const { everySeconds, save } = checkpoint;
  const fits = isNumber(everySeconds, (x) => x >= 0);
  requireType('checkpoint', 'everySeconds: a number >= 0', fits, everySeconds);
  requireType('checkpoint', 'save: a function', typeof save === 'function', save);
}

/** E_ARGUMENT for what no checkpoint can be. */
export function checkResume(resume: FitState): void {
  const isState =
    isObject(resume) &&
    [resume.order, resume.shuffle].every((words) => words instanceof Uint32Array) &&
    resume.network instanceof Map &&
    isObject(resume.history);
  requireType('fit', 'resume: a FitState, as checkpoint.save is given it', isState, resume);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/**
 * Puts model, history and stream where the checkpoint was, and returns the state to go on from; `resume` stays as it is. Throws E_SHAPE where
 * the checkpoint is of other data, E_FORMAT where it is of another run or does not hang together; nothing is changed then.
 */
export function* takeUp(
  resume: FitState,
  fresh: FitState,
  {
    model,
    history,
    shuffleStream,
    options,
  }: {
    model: Model;
    history: History;
    shuffleStream: Random;
    options: FitOptions;
  },
): Steps<FitState> {
  const count = fresh.order.length;
  const { epochs = 1, batchSize = 32 } = options;
  const { epoch, position, order, shuffle, best } = resume;
  if (order.length !== count) {
    throw new DactylError(
      'E_SHAPE',
      `fit: the checkpoint is of ${order.length} examples, received ${count}.`,
    );
  }
  if (resume.run !== fresh.run) {
    throw malformed('it is of another network, optimizer, seed or other options; give those of its run');
  }
  if (resume.data !== undefined && resume.data !== fresh.data) {
    throw malformed(
      'it is of other inputs, labels or validation data; give those of its run, or start anew without resume',
    );
  }
  const logs = logNames(model, options);
  const seen = new Uint8Array(count);
  yield* parts(count, LOOKED_AT_AT_A_TIME, (from, to) => {
    for (const s of order.subarray(from, to)) if (s < count) seen[s] = 1;
  });
  yield;
  const soundBest =
    !best || (best.epoch < epoch && Number.isFinite(best.value) && (yield* bestFits(model, best)));
  if (
    epoch >= epochs ||
    position > count ||
    (position % batchSize !== 0 && position !== count) ||
    resume.correct > position ||
    !Number.isFinite(resume.lossSum) ||
    !((resume.learningRate ?? 1) > 0 && (resume.learningRate ?? 1) < Infinity) ||
    seen.includes(0) ||
    shuffle.length !== 4 ||
    shuffle.every((word) => word === 0) ||
    !Object.keys(resume.history).every((name) => logs.includes(name)) ||
    !logs.every((name) => (resume.history[name]?.length ?? 0) === epoch) ||
    (options.earlyStopping !== undefined && epoch > 0) !== (best !== undefined) ||
    !soundBest
  ) {
    throw malformed('it contradicts itself');
  }
  yield* model.network.restoreState(resume.network);
  if (resume.learningRate !== undefined) model.setLearningRate(resume.learningRate);
  shuffleStream.restore(shuffle);
  for (let e = 0; e < epoch; e++) {
    history.add(
      e,
      Object.fromEntries(logs.map((name) => [name, resume.history[name]![e]])) as unknown as EpochLogs,
    );
  }
  return { ...resume, data: fresh.data!, order: order.slice() };
}

function* bestFits(model: Model, { weights }: BestEpoch): Steps<boolean> {
  const own = yield* model.network.readWeights();
  let fits = own.length === weights.length && own.every(({ length }, k) => length === weights[k].data.length);
  for (const { data } of weights) {
    yield* parts(data.length, LOOKED_AT_AT_A_TIME, (from, to) => {
      fits &&= data.subarray(from, to).every(Number.isFinite);
    });
  }
  return fits;
}

function malformed(reason: string): DactylError {
  return new DactylError('E_FORMAT', `fit: cannot go on from the checkpoint: ${reason}.`);
}
