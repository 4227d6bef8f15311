import type { Augmentation, Rows, Targets } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { requireType } from '../util/options.ts';
import { Random } from '../util/random.ts';
import { checkTensor, copyOf, type Tensor } from '../util/tensor.ts';
import { breather, throwIfAborted } from './breather.ts';
import type { Callback } from './callbacks.ts';
import { TaughtTargets } from './distillation.ts';
import { watchEpoch } from './earlyStopping.ts';
import { epochLine } from './epochLine.ts';
import { checkFitOptions } from './fitChecks.ts';
import type { FitOptions } from './fitOptions.ts';
import type { FitState } from './fitState.ts';
import { type EpochLogs, History } from './history.ts';
import { warnOfDoubleScaling } from './inputRange.ts';
import { type Labels, ownTargets, smoothTargets } from './losses.ts';
import type { Model } from './model.ts';
import { NUMERIC_ADVICE } from './numeric.ts';
import { type PrivacyOptions, privateStep } from './privacy.ts';
import { dataName, freshState, runName, takeUp } from './resume.ts';
import type { Schedule } from './schedules.ts';

export type { FitOptions };

/** Inputs and labels are copied before the first step: what their owner does with them afterwards changes nothing. */
export async function fit(
  model: Model,
  inputs: Tensor,
  labels: Labels,
  options: FitOptions,
): Promise<History> {
  checkTensor(inputs, 'inputs');
  const plain = ownTargets(model.targets(inputs, labels));
  checkFitOptions(model, inputs, options);
  const {
    epochs = 1,
    batchSize = 32,
    validationData,
    shuffle = true,
    verbose = 1,
    callbacks = [],
    signal,
    distortion,
    averaging = 0,
    labelSmoothing = 0,
    distillation,
    earlyStopping,
    privacy,
    resume,
  } = options;
  throwIfAborted(signal);
  const smoothed =
    labelSmoothing > 0 ? smoothTargets(plain, inputs.shape[0], model.outputs, labelSmoothing) : plain;
  const taught = distillation && new TaughtTargets(smoothed, inputs.shape[0], model.outputs, distillation);
  const targets = taught?.targets ?? smoothed;
  const validation = validationData && {
    inputs: validationData[0],
    targets: ownTargets(model.targets(...validationData)),
  };
  const withAccuracy = model.compiled!.metrics.includes('accuracy');
  const { network } = model;

  const rows = ownRows(model, inputs, distortion && { distortion, seed: options.seed ?? model.seed });
  let validationRows: Rows | undefined;
  let state: FitState | undefined;
  const putBackBest = (): void => {
    if (earlyStopping?.restoreBestWeights && state?.best) model.setWeights(state.best.weights);
  };
  try {
    if (validation) validationRows = ownRows(model, validation.inputs);
    warnOfDoubleScaling(model, inputs);
    const breathe = breather(signal);
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
    for (const callback of callbacks) await callback.onTrainBegin?.(model);
    let last = performance.now();
    const saveNow = (): void => {
      const { checkpoint } = options;
      if (!checkpoint || performance.now() - last < 1000 * checkpoint.everySeconds) return;
      checkpoint.save({
        ...now,
        learningRate: model.compiled!.optimizer.learningRate,
        order: now.order.slice(),
        shuffle: shuffleStream.save(),
        history: structuredClone(history.history),
        network: new Map(Object.entries(network.saveState())),
      });
      last = performance.now();
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
      taught?.startEpoch(model, rows);
      const { loss, accuracy } = await trainEpoch(model, rows, targets, now, {
        batchSize,
        epochs,
        schedule: options.schedule,
        privacy,
        seed: options.seed ?? model.seed,
        callbacks,
        breathe,
        saveNow,
      });
      if (averaging > 0) network.swapAverages();
      const logs: EpochLogs = { loss, ...(withAccuracy && { accuracy }) };
      if (validation && validationRows) {
        const measured = model.evaluateRows(validationRows, validation.targets);
        if (!Number.isFinite(measured.loss)) {
          throw new DactylError(
            'E_NUMERIC',
            `The validation loss is ${measured.loss} after epoch ${epoch + 1}. ${NUMERIC_ADVICE}`,
          );
        }
        Object.assign(logs, {
          val_loss: measured.loss,
          ...(withAccuracy && { val_accuracy: measured.accuracy }),
        });
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
    if (options.schedule) network.setLearningRate(model.compiled!.optimizer.learningRate);
  }
}

interface EpochContext {
  batchSize: number;
  epochs: number;
  schedule: Schedule | undefined;
  privacy: PrivacyOptions | undefined;
  seed: number;
  callbacks: readonly Callback[];
  breathe: () => Promise<void> | undefined;
  saveNow: () => void;
}

/** Trains from the state's position to the end of its epoch. */
async function trainEpoch(
  model: Model,
  rows: Rows,
  targets: Targets,
  state: FitState,
  { batchSize, epochs, schedule, privacy, seed, callbacks, breathe, saveNow }: EpochContext,
): Promise<{ loss: number; accuracy: number }> {
  const { network } = model;
  const { order, epoch } = state;
  const observers = callbacks.filter((callback) => callback.onBatchEnd !== undefined);
  const steps = Math.ceil(order.length / batchSize);
  while (state.position < order.length) {
    const step = state.position / batchSize;
    const batch = order.subarray(state.position, state.position + batchSize);
    if (schedule) {
      const factor = factorAt(schedule, (epoch * steps + step) / (epochs * steps));
      network.setLearningRate(model.compiled!.optimizer.learningRate * factor);
    }
    const result = privacy
      ? privateStep(network, rows, targets, { privacy, seed, batchSize, step: epoch * steps + step })
      : { ...network.trainBatch(rows, targets, batch), size: batch.length };
    if (!Number.isFinite(result.loss)) {
      throw new DactylError(
        'E_NUMERIC',
        `The loss is ${result.loss} in epoch ${epoch + 1}, step ${step + 1}. ${NUMERIC_ADVICE}`,
      );
    }
    state.lossSum += result.loss * batch.length;
    const accuracy = result.size > 0 ? result.correct / result.size : 0;
    state.correct += privacy ? accuracy * batch.length : result.correct;
    state.position += batch.length;
    for (const callback of observers) {
      callback.onBatchEnd!(step, { loss: result.loss, accuracy, size: result.size }, model);
    }
    const pause = breathe();
    if (pause) await pause;
    saveNow();
  }
  return { loss: state.lossSum / order.length, accuracy: state.correct / order.length };
}

function factorAt(schedule: Schedule, progress: number): number {
  const factor: unknown = schedule(progress);
  const fits = typeof factor === 'number' && factor >= 0 && factor < Infinity;
  requireType('fit', `schedule to give a factor >= 0 at ${progress}`, fits, factor);
  return factor as number;
}

/** Rows that are no view of the caller's array. */
function ownRows(model: Model, inputs: Tensor, augmentation?: Augmentation): Rows {
  return model.createRows(copyOf(inputs), augmentation);
}
