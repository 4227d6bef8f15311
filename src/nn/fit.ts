import type { BatchResult, Rows, Targets } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { requireType } from '../util/options.ts';
import { Random } from '../util/random.ts';
import { inSteps } from '../util/steps.ts';
import { checkTensor, copyInSteps, type Tensor } from '../util/tensor.ts';
import { breather, throwIfAborted } from './breather.ts';
import { TaughtTargets } from './distillation.ts';
import { watchEpoch } from './earlyStopping.ts';
import { epochLine } from './epochLine.ts';
import { evaluateRowsInTurns } from './evaluate.ts';
import { checkFitOptions } from './fitChecks.ts';
import type { FitOptions } from './fitOptions.ts';
import type { FitState } from './fitState.ts';
import { type EpochLogs, History } from './history.ts';
import { warnOfDoubleScaling } from './inputRange.ts';
import { type Labels, ownTargets, smoothTargets } from './losses.ts';
import { Meter } from './meter.ts';
import type { Model } from './model.ts';
import { NUMERIC_ADVICE } from './numeric.ts';
import { privateStep } from './privacy.ts';
import { dataName, freshState, runName, takeUp } from './resume.ts';
import { resolveSchedule } from './schedules/family.ts';
import type { ScheduleFunction, ScheduleMoment } from './schedules/schedule.ts';
import { splitOff } from './validationSplit.ts';
import { weighTargets } from './weights.ts';

export type { FitOptions };

/** Inputs and labels are copied before the first step: what their owner does with them afterwards changes nothing. */
export async function fit(
  model: Model,
  allInputs: Tensor,
  allLabels: Labels,
  given: FitOptions,
): Promise<History> {
  checkTensor(allInputs, 'inputs');
  checkFitOptions(model, allInputs, given);
  const { inputs, labels, options } = splitOff(allInputs, allLabels, given);
  const { objective, network, distortion } = model;
  const { width } = objective.setting;
  const count = inputs.shape[0];
  const plain = ownTargets(weighTargets(model.targets(inputs, labels), options, count, width));
  const {
    epochs = 1,
    batchSize = 32,
    validationData,
    shuffle = true,
    verbose = 1,
    callbacks = [],
    signal,
    averaging = 0,
    labelSmoothing = 0,
    distillation,
    earlyStopping,
    privacy,
    resume,
  } = options;
  throwIfAborted(signal);
  const schedule = options.schedule === undefined ? undefined : resolveSchedule(options.schedule);
  const smoothed =
    labelSmoothing > 0 ? smoothTargets(plain, count, objective.setting, labelSmoothing) : plain;
  const taught = distillation && new TaughtTargets(smoothed, count, width, distillation);
  const targets = taught?.targets ?? smoothed;
  const validation = validationData && validationOf(model, validationData);
  const seed = options.seed ?? model.seed;
  const breathe = breather(signal);
  const own = await inSteps(copyInSteps(inputs), breathe);
  const ownValidation = validation && (await inSteps(copyInSteps(validation.inputs), breathe));
  const augmentation = distortion && { distortion, seed };
  const rows = await inSteps(model.prepareRows(own, augmentation), breathe);
  let validationRows: Rows | undefined;
  let state: FitState | undefined;
  const putBackBest = (): void => {
    if (earlyStopping?.restoreBestWeights && state?.best) model.setWeights(state.best.weights);
  };
  try {
    if (ownValidation) validationRows = await inSteps(model.prepareRows(ownValidation), breathe);
    warnOfDoubleScaling(model, inputs);
    const history = new History();
    let { shuffleStream } = model;
    if (options.seed !== undefined) {
      shuffleStream = new Random(options.seed, 'shuffle');
      network.setSeed(options.seed);
    }
    if (averaging > 0) network.startAveraging(averaging);
    const named = options.checkpoint !== undefined || resume !== undefined;
    const run = named ? runName(model, options) : '';
    const fresh = freshState(run, named ? dataName(inputs, labels, options) : '', rows.count);
    const now = resume ? takeUp(resume, fresh, { model, history, shuffleStream, options }) : fresh;
    state = now;
    model.stopTraining = false;
    for (const callback of callbacks) {
      await callback.onTrainBegin?.(model, { epoch: now.epoch, history: history.history });
    }
    const meter = new Meter(objective);
    let last = performance.now();
    const saveNow = async (): Promise<void> => {
      const { checkpoint } = options;
      if (!checkpoint || performance.now() - last < 1000 * checkpoint.everySeconds) return;
      await checkpoint.save({
        ...now,
        learningRate: model.compiled!.optimizer.learningRate,
        order: now.order.slice(),
        shuffle: shuffleStream.save(),
        history: structuredClone(history.history),
        network: new Map(Object.entries(network.saveState())),
      });
      last = performance.now();
    };
    const trainStep = (batch: Uint32Array, step: number): BatchResult & { readonly size: number } => {
      if (!privacy) return { ...network.trainBatch(rows, targets, batch), size: batch.length };
      return privateStep(network, rows, targets, { privacy, seed, batchSize, step });
    };
    while (now.epoch < epochs && !model.stopTraining) {
      const { epoch } = now;
      const start = performance.now();
      if (verbose === 1) console.log(`Epoch ${epoch + 1}/${epochs}`);
      if (now.position === 0) {
        for (const callback of callbacks) await callback.onEpochBegin?.(epoch, model);
        now.order.forEach((_, s, order) => (order[s] = s));
        if (shuffle && !privacy) shuffleStream.shuffle(now.order);
      }
      rows.startEpoch?.(epoch);
      await taught?.startEpoch(model, rows, breathe);
      meter.restart();
      await trainEpoch(model, now, {
        options,
        schedule,
        trainStep,
        see: meter.looks
          ? (batch) => {
              meter.see(plain, batch, network.lastOutputs(batch.length));
            }
          : undefined,
        breathe,
        saveNow: options.checkpoint && !meter.looks ? saveNow : undefined,
      });
      const logs: EpochLogs = {
        loss: now.lossSum / now.order.length,
        ...(await inSteps(meter.resultsInSteps(now.correct / now.order.length), breathe)),
      };
      if (averaging > 0) network.swapAverages();
      if (validation && validationRows) {
        const measured = await evaluateRowsInTurns(
          network,
          objective,
          validationRows,
          validation.targets,
          breathe,
        );
        requireFiniteValidation(measured.loss, epoch);
        for (const name of ['loss', ...objective.names]) logs[`val_${name}`] = measured[name];
      }
      history.add(epoch, logs);
      if (verbose > 0) {
        const line = epochLine(Math.ceil(rows.count / batchSize), (performance.now() - start) / 1000, logs);
        console.log(verbose === 2 ? `Epoch ${epoch + 1}/${epochs}\n${line}` : line);
      }
      if (earlyStopping) {
        const { best, stop } = watchEpoch(earlyStopping, now.best, { epoch, logs, model });
        now.best = best;
        if (stop) model.stopTraining = true;
      }
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, model);
      Object.assign(now, { epoch: epoch + 1, position: 0, lossSum: 0, correct: 0 });
      if (averaging > 0 && now.epoch < epochs && !model.stopTraining) network.swapAverages();
      if (meter.looks && now.epoch < epochs && !model.stopTraining) await saveNow();
    }
    putBackBest();
    for (const callback of callbacks) await callback.onTrainEnd?.(model);
    return history;
  } catch (error) {
    try {
      putBackBest();
    } catch {
      // The model was disposed of meanwhile; the first error says more.
    }
    throw error;
  } finally {
    rows.dispose();
    validationRows?.dispose();
    if (averaging > 0) network.stopAveraging();
    if (schedule) network.setLearningRate(model.compiled!.optimizer.learningRate);
  }
}

interface EpochContext {
  options: FitOptions;
  schedule: ScheduleFunction | undefined;
  trainStep: (batch: Uint32Array, step: number) => BatchResult & { readonly size: number };
  see: ((batch: Uint32Array) => void) | undefined;
  breathe: () => Promise<void> | undefined;
  saveNow: (() => Promise<void>) | undefined;
}

/** Trains from the state's position to the end of its epoch. */
async function trainEpoch(
  model: Model,
  state: FitState,
  { options, schedule, trainStep, see, breathe, saveNow }: EpochContext,
): Promise<void> {
  const { batchSize = 32, epochs = 1, callbacks = [], privacy } = options;
  const { order, epoch } = state;
  const observers = callbacks.filter((callback) => callback.onBatchEnd !== undefined);
  const steps = Math.ceil(order.length / batchSize);
  while (state.position < order.length) {
    const step = state.position / batchSize;
    const batch = order.subarray(state.position, state.position + batchSize);
    if (schedule) {
      const factor = factorAt(schedule, { step: epoch * steps + step, steps: epochs * steps, epoch });
      model.network.setLearningRate(model.compiled!.optimizer.learningRate * factor);
    }
    const result = trainStep(batch, epoch * steps + step);
    if (!Number.isFinite(result.loss)) {
      throw new DactylError(
        'E_NUMERIC',
        `The loss is ${result.loss} in epoch ${epoch + 1}, step ${step + 1}. ${NUMERIC_ADVICE}`,
      );
    }
    see?.(batch);
    state.lossSum += result.loss * batch.length;
    const accuracy = result.size > 0 ? result.correct / result.size : 0;
    state.correct += privacy ? accuracy * batch.length : result.correct;
    state.position += batch.length;
    for (const callback of observers) {
      await callback.onBatchEnd!(step, { loss: result.loss, accuracy, size: result.size }, model);
    }
    const pause = breathe();
    if (pause) await pause;
    if (saveNow) await saveNow();
  }
}

function factorAt(schedule: ScheduleFunction, moment: ScheduleMoment): number {
  const progress = moment.step / moment.steps;
  const factor: unknown = schedule(progress, moment);
  const fits = typeof factor === 'number' && factor >= 0 && factor < Infinity;
  requireType('fit', `schedule to give a factor >= 0 at ${progress}`, fits, factor);
  return factor as number;
}

/** E_NUMERIC for a validation loss that is no number. */
export function requireFiniteValidation(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new DactylError(
    'E_NUMERIC',
    `The validation loss is ${loss} after epoch ${epoch + 1}. ${NUMERIC_ADVICE}`,
  );
}

/** What is evaluated after every epoch, with targets of its own. */
export function validationOf(
  model: Model,
  [inputs, labels, sampleWeight]: NonNullable<FitOptions['validationData']>,
): { readonly inputs: Tensor; readonly targets: Targets } {
  const targets = model.targets(inputs, labels);
  const { width } = model.objective.setting;
  const weighted = weighTargets(targets, sampleWeight ? { sampleWeight } : {}, inputs.shape[0], width);
  return { inputs, targets: ownTargets(weighted) };
}
