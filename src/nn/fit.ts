import type { Rows, Targets } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { Random } from '../util/random.ts';
import type { Tensor } from '../util/tensor.ts';
import { yieldToEvents } from '../util/yieldToEvents.ts';
import type { Callback } from './callbacks.ts';
import { epochLine } from './epochLine.ts';
import { type EpochLogs, History } from './history.ts';
import type { Model } from './model.ts';
import { checkOptions } from './names.ts';

export interface FitOptions {
  /** 1 */
  epochs?: number;
  /** 32; the last batch of an epoch may be shorter. */
  batchSize?: number;
  /** Evaluated after every epoch. */
  validationData?: readonly [inputs: Tensor, labels: Tensor];
  /** true: a new order of the examples every epoch. */
  shuffle?: boolean;
  /** Starts the streams of the order and of dropout afresh; by default they go on from where the model's last `fit` left them. */
  seed?: number;
  /** 0: silent. 1 (default): a heading and a line per epoch. 2: a line per epoch as Keras prints it. Printed with console.log, no control codes. */
  verbose?: 0 | 1 | 2;
  callbacks?: readonly Callback[];
  /** Ends `fit` within about 50 ms with E_ABORTED. */
  signal?: AbortSignal;
}

const FIT_OPTIONS = [
  'epochs',
  'batchSize',
  'validationData',
  'shuffle',
  'seed',
  'verbose',
  'callbacks',
  'signal',
] as const satisfies (keyof FitOptions)[];

export const NUMERIC_ADVICE = 'Lower the learning rate, or look for very large values in the inputs.';

/** How long training may keep the thread to itself. */
const YIELD_EVERY_MS = 50;

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
  } = options;
  checkOptions('fit', FIT_OPTIONS, options);
  checkCount('epochs', epochs);
  checkCount('batchSize', batchSize);
  throwIfAborted(signal);
  const targets = model.targets(inputs, labels);
  const validation = validationData && {
    inputs: validationData[0],
    targets: model.targets(...validationData),
  };
  const withAccuracy = model.compiled!.metrics.includes('accuracy');

  const rows = model.createRows(inputs);
  let validationRows: Rows | undefined;
  try {
    if (validation) validationRows = model.createRows(validation.inputs);
    const breathe = breather(signal);
    const history = new History();
    let { shuffleStream } = model;
    if (options.seed !== undefined) {
      shuffleStream = new Random(checkSeed(options.seed), 'shuffle');
      model.network.setSeed(options.seed);
    }
    model.stopTraining = false;
    for (const callback of callbacks) await callback.onTrainBegin?.(model);
    for (let epoch = 0; epoch < epochs && !model.stopTraining; epoch++) {
      const start = performance.now();
      if (verbose === 1) console.log(`Epoch ${epoch + 1}/${epochs}`);
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, model);
      const order = Uint32Array.from({ length: rows.count }, (_, s) => s);
      if (shuffle) shuffleStream.shuffle(order);
      const { loss, accuracy } = await trainEpoch(model, rows, targets, order, {
        batchSize,
        epoch,
        callbacks,
        breathe,
      });
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
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, model);
    }
    for (const callback of callbacks) await callback.onTrainEnd?.(model);
    return history;
  } finally {
    rows.dispose();
    validationRows?.dispose();
  }
}

interface EpochContext {
  batchSize: number;
  epoch: number;
  callbacks: readonly Callback[];
  breathe: () => Promise<void> | undefined;
}

async function trainEpoch(
  model: Model,
  rows: Rows,
  targets: Targets,
  order: Uint32Array,
  { batchSize, epoch, callbacks, breathe }: EpochContext,
): Promise<{ loss: number; accuracy: number }> {
  const { network } = model;
  const observers = callbacks.filter((callback) => callback.onBatchEnd !== undefined);
  let lossSum = 0;
  let correct = 0;
  for (let first = 0, step = 0; first < order.length; first += batchSize, step++) {
    const batch = order.subarray(first, first + batchSize);
    const result = network.trainBatch(rows, targets, batch);
    if (!Number.isFinite(result.loss)) {
      throw new DactylError(
        'E_NUMERIC',
        `The loss is ${result.loss} in epoch ${epoch + 1}, step ${step + 1}. ${NUMERIC_ADVICE}`,
      );
    }
    lossSum += result.loss * batch.length;
    correct += result.correct;
    for (const callback of observers) {
      const accuracy = result.correct / batch.length;
      callback.onBatchEnd!(step, { loss: result.loss, accuracy, size: batch.length }, model);
    }
    const pause = breathe();
    if (pause) await pause;
  }
  return { loss: lossSum / order.length, accuracy: correct / order.length };
}

/** Lets events through now and then, also where epochs are short, and throws E_ABORTED once `signal` says so. */
function breather(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    throwIfAborted(signal);
    if (performance.now() - last <= YIELD_EVERY_MS) return undefined;
    return yieldToEvents().then(() => {
      last = performance.now();
      throwIfAborted(signal);
    });
  };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new DactylError('E_ABORTED', 'Training was stopped on request.', { cause: signal.reason });
}

function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new DactylError('E_ARGUMENT', `fit: expected ${name}: a whole number >= 1; received ${value}.`);
}

export function checkSeed(seed: number): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new DactylError('E_ARGUMENT', `seed: expected a whole number, received ${seed}.`);
}
