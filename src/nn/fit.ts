import type { Rows, Targets } from '../engine/engine.ts';
import { checkDistortion } from '../images/distortion.ts';
import { DactylError } from '../util/errors.ts';
import { Random } from '../util/random.ts';
import type { Tensor } from '../util/tensor.ts';
import { breather, throwIfAborted } from './breather.ts';
import type { Callback } from './callbacks.ts';
import { checkDistillation, TaughtTargets } from './distillation.ts';
import { checkEarlyStopping, watchEpoch } from './earlyStopping.ts';
import { epochLine } from './epochLine.ts';
import type { FitOptions } from './fitOptions.ts';
import type { FitState } from './fitState.ts';
import { type EpochLogs, History } from './history.ts';
import { smoothTargets } from './losses.ts';
import type { Model } from './model.ts';
import { checkOptions } from './names.ts';
import { checkPrivacy, type PrivacyOptions, privateStep } from './privacy.ts';
import { freshState, logNames, runName, takeUp } from './resume.ts';
import type { Schedule } from './schedules.ts';

export type { FitOptions };

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
  'distortion',
  'averaging',
  'labelSmoothing',
  'distillation',
  'earlyStopping',
  'privacy',
  'checkpoint',
  'resume',
] as const satisfies (keyof FitOptions)[];

export const NUMERIC_ADVICE = 'Lower the learning rate, or look for very large values in the inputs.';

export async function fit(
  model: Model,
  inputs: Tensor,
  labels: Tensor,
  options: FitOptions,
): Promise<History> {
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
  checkOptions('fit', FIT_OPTIONS, options);
  checkCount('epochs', epochs);
  checkCount('batchSize', batchSize);
  if (!(averaging >= 0 && averaging < 1)) {
    throw new DactylError('E_ARGUMENT', `fit: expected averaging: a decay in [0, 1); received ${averaging}.`);
  }
  throwIfAborted(signal);
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new DactylError(
      'E_ARGUMENT',
      `fit: expected labelSmoothing in [0, 1); received ${labelSmoothing}.`,
    );
  }
  if (distortion) checkDistortion(distortion);
  if (privacy) checkPrivacy(privacy, batchSize, inputs.shape[0]);
  if (distillation) checkDistillation(distillation, model.outputs);
  if (distillation && privacy) {
    throw new DactylError(
      'E_ARGUMENT',
      'fit: expected distillation or privacy, received both. What teachers give away of their training data is not accounted for. Leave one out.',
    );
  }
  const plain = model.targets(inputs, labels);
  if (earlyStopping) checkEarlyStopping(earlyStopping, logNames(model, options));
  const smoothed =
    labelSmoothing > 0 ? smoothTargets(plain, inputs.shape[0], model.outputs, labelSmoothing) : plain;
  const taught = distillation && new TaughtTargets(smoothed, inputs.shape[0], model.outputs, distillation);
  const targets = taught?.targets ?? smoothed;
  const validation = validationData && {
    inputs: validationData[0],
    targets: model.targets(...validationData),
  };
  const withAccuracy = model.compiled!.metrics.includes('accuracy');
  const { network } = model;

  const rows = model.createRows(inputs, distortion && { distortion, seed: options.seed ?? model.seed });
  let validationRows: Rows | undefined;
  try {
    if (validation) validationRows = model.createRows(validation.inputs);
    const breathe = breather(signal);
    const history = new History();
    let { shuffleStream } = model;
    if (options.seed !== undefined) {
      shuffleStream = new Random(checkSeed(options.seed), 'shuffle');
      network.setSeed(options.seed);
    }
    if (averaging > 0) network.startAveraging(averaging);
    const fresh = freshState(options.checkpoint || resume ? runName(model, options) : '', rows.count);
    const state = resume ? takeUp(resume, fresh, { model, history, shuffleStream, options }) : fresh;
    model.stopTraining = false;
    for (const callback of callbacks) await callback.onTrainBegin?.(model);
    let last = performance.now();
    const saveNow = (): void => {
      const { checkpoint } = options;
      if (!checkpoint || performance.now() - last < 1000 * checkpoint.everySeconds) return;
      checkpoint.save({
        ...state,
        order: state.order.slice(),
        shuffle: shuffleStream.save(),
        history: structuredClone(history.history),
        network: new Map(Object.entries(network.saveState())),
      });
      last = performance.now();
    };
    while (state.epoch < epochs && !model.stopTraining) {
      const { epoch } = state;
      const start = performance.now();
      if (verbose === 1) console.log(`Epoch ${epoch + 1}/${epochs}`);
      if (state.position === 0) {
        for (const callback of callbacks) await callback.onEpochBegin?.(epoch, model);
        state.order.forEach((_, s, order) => (order[s] = s));
        if (shuffle && !privacy) shuffleStream.shuffle(state.order);
      }
      rows.startEpoch?.(epoch);
      taught?.startEpoch(model, rows);
      const { loss, accuracy } = await trainEpoch(model, rows, targets, state, {
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
        const { best, stop } = watchEpoch(earlyStopping, state.best, { epoch, logs, model });
        state.best = best;
        if (stop) model.stopTraining = true;
      }
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, model);
      Object.assign(state, { epoch: epoch + 1, position: 0, lossSum: 0, correct: 0 });
      if (averaging > 0 && state.epoch < epochs && !model.stopTraining) network.swapAverages();
    }
    if (earlyStopping?.restoreBestWeights && state.best) model.setWeights(state.best.weights);
    for (const callback of callbacks) await callback.onTrainEnd?.(model);
    return history;
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
  const { learningRate } = model.compiled!.optimizer;
  const observers = callbacks.filter((callback) => callback.onBatchEnd !== undefined);
  const steps = Math.ceil(order.length / batchSize);
  while (state.position < order.length) {
    const step = state.position / batchSize;
    const batch = order.subarray(state.position, state.position + batchSize);
    if (schedule) network.setLearningRate(learningRate * schedule((epoch * steps + step) / (epochs * steps)));
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

function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new DactylError('E_ARGUMENT', `fit: expected ${name}: a whole number >= 1; received ${value}.`);
}

export function checkSeed(seed: number): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new DactylError('E_ARGUMENT', `seed: expected a whole number, received ${seed}.`);
}
