import { consecutive } from '../util/consecutive.ts';
import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions } from '../util/options.ts';
import { inSteps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import { type Batches, isBatches, type LabelledBatch } from './batches.ts';
import { type Breathe, breather, throwIfAborted } from './breather.ts';
import { prepareBatch, requireNoLabels, untilAborted } from './eachBatch.ts';
import { copyExamples, requireFiniteLoss, trainEpochs } from './epochs.ts';
import type { FitOptions } from './fitOptions.ts';
import type { EpochLogs, History } from './history.ts';
import type { Meter } from './meter.ts';
import type { Model } from './model.ts';
import { trainStep } from './trainStep.ts';

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
  'threads',
] as const;

/** Options of `fit` that need no array of all examples: batches come as they are, in their order. */
export type BatchFitOptions = Pick<FitOptions, (typeof OPTIONS)[number]>;

/** Trains on batches as they come; one step each. Between batches events are let through. `check`: of the options that `fit` has for arrays too. */
export async function fitBatches(
  model: Model,
  batches: EpochBatches,
  options: BatchFitOptions,
  check: (model: Model, inputs: Tensor, options: FitOptions) => void,
): Promise<History> {
  requireNoLabels('fit', options);
  checkOptions('fit on batches', OPTIONS, options);
  check(model, { data: new Uint8Array(), shape: [Infinity] }, options);
  throwIfAborted(options.signal);
  const breathe = breather(options.signal);
  const { validationData } = options;
  const validation = validationData && (await inSteps(copyExamples(model, validationData), breathe));
  const source = {
    begin: () => ({ epoch: 0 }),
    train: (epoch: number, meter: Meter) => {
      const own = typeof batches === 'function' ? batches(epoch) : batches;
      return trainEpoch(model, own, epoch, { options, meter, breathe });
    },
  };
  return trainEpochs(model, options, { source, validation, breathe });
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
): Promise<{ logs: EpochLogs; steps: number }> {
  if (!isBatches(batches)) throw badSource(epoch, describe(batches));
  const { callbacks = [], classWeight } = options;
  const { network, distortion } = model;
  const augmentation = distortion && { distortion, seed: options.seed ?? model.seed };
  const step = trainStep(network, breathe);
  let [steps, count, lossSum, correct] = [0, 0, 0, 0];
  for await (const batch of untilAborted(batches, options.signal)) {
    const { rows, targets, size } = await prepareBatch(model, batch, steps, {
      breathe,
      classWeight,
      augmentation,
    });
    try {
      // Each batch of an epoch is shown in its own way.
      rows.startEpoch?.((epoch << 20) + steps);
      const order = consecutive(0, size);
      const result = await step(rows, targets, order, meter.showing(targets));
      requireFiniteLoss(result.loss, epoch, steps);
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
  const results = await inSteps(meter.resultsInSteps(correct / count), breathe);
  return { steps, logs: { loss: lossSum / count, ...results } };
}

function badSource(epoch: number, received = 'none'): DactylError {
  const advice =
    epoch > 0 && received === 'none'
      ? ` A generator ends with its epoch: give an array, or a function that makes a new one for each epoch.`
      : '';
  return new DactylError(
    'E_ARGUMENT',
    `fit: expected batches for epoch ${epoch + 1}: an iterable of [inputs, labels]; received ${received}.${advice}`,
  );
}
