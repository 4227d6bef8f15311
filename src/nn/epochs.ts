import type { Rows, Targets, Threads } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { inSteps, type Steps } from '../util/steps.ts';
import { copyInSteps, type Tensor } from '../util/tensor.ts';
import type { LabelledBatch } from './batches.ts';
import { type Breathe, breather } from './breather.ts';
import { type BestEpoch, watchEpoch } from './earlyStopping.ts';
import { epochLine } from './epochLine.ts';
import { evaluateRowsInTurns } from './evaluate.ts';
import type { FitOptions } from './fitOptions.ts';
import { type EpochLogs, History } from './history.ts';
import { labelTensor } from './losses.ts';
import { Meter } from './meter.ts';
import type { Model } from './model.ts';
import { NUMERIC_ADVICE } from './numeric.ts';

/** Where training stands between two steps. */
export interface Standing {
  /** The first that is not over. */
  epoch: number;
  /** Above 0 where that epoch is taken up midway. */
  position?: number;
  best?: BestEpoch;
}

/** What an epoch trains on: an array's examples in an order of its own, or batches as they come. */
export interface EpochSource {
  /** Called when all else is ready; `history` becomes what it was where a checkpoint is taken up. */
  begin(history: History): Standing | Promise<Standing>;
  /** Takes the steps of the epoch that training stands in. `logs`: means over its batches. */
  train(epoch: number, meter: Meter): Promise<{ readonly logs: EpochLogs; readonly steps: number }>;
  /** Called where another epoch follows. */
  between?(meter: Meter): Promise<void>;
}

/** Options that do not depend on where the batches come from. */
export type EpochOptions = Pick<
  FitOptions,
  'epochs' | 'seed' | 'verbose' | 'callbacks' | 'averaging' | 'earlyStopping' | 'threads'
>;

interface EpochTools {
  readonly source: EpochSource;
  readonly validation: Examples | undefined;
  readonly breathe: Breathe;
}

/** Epoch after epoch: training, validation, the line that is printed, early stopping, callbacks. */
export async function trainEpochs(
  model: Model,
  options: EpochOptions,
  { source, validation, breathe }: EpochTools,
): Promise<History> {
  const { epochs = 1, verbose = 1, callbacks = [], averaging = 0, earlyStopping } = options;
  const { network, objective } = model;
  let validationRows: Rows | undefined;
  let standing: Standing | undefined;
  let threads: Threads | undefined;
  const putBackBest = function* (): Steps<void> {
    const { best } = standing ?? {};
    if (earlyStopping?.restoreBestWeights && best)
      yield* network.writeWeights(best.weights.map(({ data }) => data));
  };
  try {
    if (validation) validationRows = await inSteps(model.prepareRows(validation.inputs), breathe);
    if (options.seed !== undefined) network.setSeed(options.seed);
    if (averaging > 0) await inSteps(network.startAveraging(averaging), breathe);
    // Of kernels that are linked later the work is not shared.
    if (options.threads !== undefined) threads = await model.startThreads(options.threads);
    const history = new History();
    const meter = new Meter(objective);
    const now = await source.begin(history);
    standing = now;
    model.stopTraining = false;
    for (const callback of callbacks) {
      await callback.onTrainBegin?.(model, { epoch: now.epoch, history: history.history });
    }
    while (now.epoch < epochs && !model.stopTraining) {
      const { epoch } = now;
      const start = performance.now();
      if (verbose === 1) console.log(`Epoch ${epoch + 1}/${epochs}`);
      if (!now.position) for (const callback of callbacks) await callback.onEpochBegin?.(epoch, model);
      meter.restart();
      const { logs, steps } = await source.train(epoch, meter);
      if (averaging > 0) await inSteps(network.swapAverages(), breathe);
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
      // Before and after all weights are copied, put back or exchanged.
      await breathe();
      if (earlyStopping) {
        const watched = watchEpoch(earlyStopping, now.best, { epoch, logs, model });
        const { best, stop } = await inSteps(watched, breathe);
        now.best = best;
        if (stop) model.stopTraining = true;
      }
      await breathe();
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, model);
      now.epoch = epoch + 1;
      if (now.epoch < epochs && !model.stopTraining) {
        if (averaging > 0) await inSteps(network.swapAverages(), breathe);
        await source.between?.(meter);
      }
    }
    await inSteps(putBackBest(), breathe);
    for (const callback of callbacks) await callback.onTrainEnd?.(model);
    return history;
  } catch (error) {
    try {
      // In turns, though training may have been stopped by the signal.
      await inSteps(putBackBest(), breather(undefined));
    } catch {
      // The model was disposed of meanwhile; the first error says more.
    }
    throw error;
  } finally {
    validationRows?.dispose();
    if (averaging > 0) network.stopAveraging();
    threads?.stop();
  }
}

/** E_NUMERIC for the loss of a step that is no number. */
export function requireFiniteLoss(loss: number, epoch: number, step: number): void {
  if (Number.isFinite(loss)) return;
  throw new DactylError(
    'E_NUMERIC',
    `The loss is ${loss} in epoch ${epoch + 1}, step ${step + 1}. ${NUMERIC_ADVICE}`,
  );
}

function requireFiniteValidation(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new DactylError(
    'E_NUMERIC',
    `The validation loss is ${loss} after epoch ${epoch + 1}. ${NUMERIC_ADVICE}`,
  );
}

/** What is trained on, or evaluated after every epoch. */
export interface Examples {
  readonly inputs: Tensor;
  readonly targets: Targets;
}

/** Copies, the labels checked, the inputs not yet: what their owner does with them afterwards changes nothing. */
export function* copyExamples(
  model: Model,
  [inputs, labels, sampleWeight]: LabelledBatch,
  validationData?: LabelledBatch,
): Steps<Examples & { readonly validation: Examples | undefined }> {
  const own = yield* copyInSteps(labelTensor(labels));
  const targets = yield* model.prepareTargets(inputs, own, sampleWeight);
  return {
    inputs: yield* copyInSteps(inputs),
    targets,
    validation: validationData && (yield* copyExamples(model, validationData)),
  };
}
