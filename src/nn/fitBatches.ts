import type { Rows } from '../engine/engine.ts';
import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions } from '../util/options.ts';
import { inSteps } from '../util/steps.ts';
import { copyInSteps } from '../util/tensor.ts';
import {
  asBatch,
  asLabelBatch,
  type Batches,
  isBatches,
  type LabelledBatch,
  labelledBatch,
  untilAborted,
} from './batches.ts';
import { type Breathe, breather, throwIfAborted } from './breather.ts';
import { watchEpoch } from './earlyStopping.ts';
import type { BestEpoch } from './earlyStopping.ts';
import { epochLine } from './epochLine.ts';
import { evaluateRowsInTurns } from './evaluate.ts';
import { requireFiniteValidation, validationOf } from './fit.ts';
import { checkFitOptions } from './fitChecks.ts';
import type { FitOptions } from './fitOptions.ts';
import { type EpochLogs, History } from './history.ts';
import { Meter } from './meter.ts';
import type { Model } from './model.ts';
import { NUMERIC_ADVICE } from './numeric.ts';
import { weighTargets } from './weights.ts';

/** Batches for every epoch: an iterable that can be gone through again, such as an array, or a function that makes one. */
export type EpochBatches = Batches<LabelledBatch> | ((epoch: number) => Batches<LabelledBatch>);

const OPTIONS = [
  'epochs',
  'validationData',
  'classWeight',
  'seed',
  'verbose',
  'callbacks',
  'signal',
  'averaging',
  'earlyStopping',
] as const;

/** Options of `fit` that need no array of all examples: batches come as they are, in their order. */
export type BatchFitOptions = Pick<FitOptions, (typeof OPTIONS)[number]>;

/** Trains on batches as they come; one step each. Between batches events are let through. */
export async function fitBatches(
  model: Model,
  batches: EpochBatches,
  options: BatchFitOptions,
): Promise<History> {
  checkOptions('fit on batches', OPTIONS, options);
  checkFitOptions(model, { data: new Uint8Array(), shape: [Infinity] }, options);
  const { epochs = 1, validationData, verbose = 1, callbacks = [], signal } = options;
  const { averaging = 0, earlyStopping } = options;
  throwIfAborted(signal);
  const { network, objective } = model;
  const breathe = breather(signal);
  const validation = validationData && validationOf(model, validationData);
  const history = new History();
  const meter = new Meter(objective);
  let best: BestEpoch | undefined;
  let validationRows: Rows | undefined;
  try {
    if (validation) {
      const own = await inSteps(copyInSteps(validation.inputs), breathe);
      validationRows = await inSteps(model.prepareRows(own), breathe);
    }
    if (options.seed !== undefined) network.setSeed(options.seed);
    if (averaging > 0) network.startAveraging(averaging);
    model.stopTraining = false;
    for (const callback of callbacks) await callback.onTrainBegin?.(model, { epoch: 0, history: {} });
    for (let epoch = 0; epoch < epochs && !model.stopTraining; epoch++) {
      const start = performance.now();
      if (verbose === 1) console.log(`Epoch ${epoch + 1}/${epochs}`);
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, model);
      meter.restart();
      const source = typeof batches === 'function' ? batches(epoch) : batches;
      const { steps, ...logs } = await trainEpoch(model, source, epoch, { options, meter, breathe });
      if (averaging > 0) network.swapAverages();
      if (validation && validationRows) {
        const { targets } = validation;
        const measured = await evaluateRowsInTurns(network, objective, validationRows, targets, breathe);
        requireFiniteValidation(measured.loss, epoch);
        for (const name of ['loss', ...objective.names]) logs[`val_${name}`] = measured[name];
      }
      history.add(epoch, logs);
      if (verbose > 0) {
        const line = epochLine(steps, (performance.now() - start) / 1000, logs);
        console.log(verbose === 2 ? `Epoch ${epoch + 1}/${epochs}\n${line}` : line);
      }
      if (earlyStopping) {
        const watched = watchEpoch(earlyStopping, best, { epoch, logs, model });
        ({ best } = watched);
        if (watched.stop) model.stopTraining = true;
      }
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, model);
      if (averaging > 0 && epoch + 1 < epochs && !model.stopTraining) network.swapAverages();
    }
    for (const callback of callbacks) await callback.onTrainEnd?.(model);
    return history;
  } finally {
    validationRows?.dispose();
    if (averaging > 0) network.stopAveraging();
    if (earlyStopping?.restoreBestWeights && best) model.setWeights(best.weights);
  }
}

interface EpochContext {
  readonly options: BatchFitOptions;
  readonly meter: Meter;
  readonly breathe: Breathe;
}

/** Means over the batches, weighted by size. */
async function trainEpoch(
  model: Model,
  batches: Batches<LabelledBatch>,
  epoch: number,
  { options, meter, breathe }: EpochContext,
): Promise<EpochLogs & { steps: number }> {
  if (!isBatches(batches)) throw badSource(epoch, describe(batches));
  const { callbacks = [], classWeight } = options;
  const { network, distortion, objective } = model;
  const augmentation = distortion && { distortion, seed: options.seed ?? model.seed };
  let [steps, count, lossSum, correct] = [0, 0, 0, 0];
  for await (const batch of untilAborted(batches, options.signal)) {
    const [one, labels, sampleWeight] = labelledBatch(batch, steps);
    const { inputs, single } = asBatch(one, model.inputShape);
    const size = inputs.shape[0];
    const plain = model.targets(inputs, asLabelBatch(labels, single));
    const weights = { ...(sampleWeight && { sampleWeight }), ...(classWeight && { classWeight }) };
    const targets = weighTargets(plain, weights, size, objective.setting.width);
    const rows = await inSteps(model.prepareRows(inputs, augmentation), breathe);
    try {
      // Each batch of an epoch is shown in its own way.
      rows.startEpoch?.((epoch << 20) + steps);
      const order = Uint32Array.from({ length: size }, (_, s) => s);
      const result = network.trainBatch(rows, targets, order);
      if (!Number.isFinite(result.loss)) {
        throw new DactylError(
          'E_NUMERIC',
          `The loss is ${result.loss} in epoch ${epoch + 1}, step ${steps + 1}. ${NUMERIC_ADVICE}`,
        );
      }
      if (meter.looks) meter.see(targets, order, network.lastOutputs(size));
      count += size;
      lossSum += result.loss * size;
      correct += result.correct;
      const logs = { loss: result.loss, accuracy: result.correct / size, size };
      for (const callback of callbacks) await callback.onBatchEnd?.(steps, logs, model);
    } finally {
      rows.dispose();
    }
    steps++;
    const pause = breathe();
    if (pause) await pause;
  }
  if (steps === 0) throw badSource(epoch);
  return { steps, loss: lossSum / count, ...(await inSteps(meter.resultsInSteps(correct / count), breathe)) };
}

function badSource(epoch: number, received = 'none'): DactylError {
  const advice =
    epoch > 0 && received === 'none'
      ? ` A generator is at its end after one epoch: give an array, or a function that makes a new one for each epoch.`
      : '';
  return new DactylError(
    'E_ARGUMENT',
    `fit: expected batches for epoch ${epoch + 1}: an iterable of [inputs, labels] with at least one; received ${received}.${advice}`,
  );
}
