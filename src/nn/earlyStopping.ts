import { DactylError } from '../util/errors.ts';
import { checkOptions, isNumber, requireType } from '../util/options.ts';
import type { Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import { type Mode, resolveMode } from './callbacks/monitor.ts';
import type { EpochLogs } from './history.ts';
import type { Model } from './model.ts';

export interface EarlyStoppingOptions {
  /** `'val_loss'` by default. */
  readonly monitor?: string;
  /** Which way it gets better: `'min'`, `'max'`, or by its name, `'auto'` (by default). */
  readonly mode?: Mode;
  /** Epochs without improvement after which training ends. */
  readonly patience: number;
  /** Improvements smaller than this do not count; 0 by default. */
  readonly minDelta?: number;
  /** true: the weights of the best epoch are put back at the end, whether training ended early or not. */
  readonly restoreBestWeights?: boolean;
}

/** Keeps the best epoch so far; as plain data, so that training can be taken up again. */
export interface BestEpoch {
  epoch: number;
  value: number;
  /** Each [n], whatever the shape of the weights; older checkpoints have that. */
  weights: Tensor<Float32Array>[];
}

/** `logs`: what is measured in every epoch. */
export function checkEarlyStopping(options: EarlyStoppingOptions, logs: readonly string[]): void {
  checkOptions('earlyStopping', ['monitor', 'mode', 'patience', 'minDelta', 'restoreBestWeights'], options);
  const { monitor = 'val_loss', mode = 'auto', patience, minDelta = 0, restoreBestWeights = false } = options;
  requireType(
    'earlyStopping',
    'restoreBestWeights: true or false',
    typeof restoreBestWeights === 'boolean',
    restoreBestWeights,
  );
  if (
    !isNumber(patience, (x) => Number.isSafeInteger(x) && x >= 0) ||
    !isNumber(minDelta, (x) => x >= 0 && x < Infinity)
  ) {
    throw new DactylError(
      'E_ARGUMENT',
      `earlyStopping: expected patience: a whole number >= 0, and minDelta >= 0; received ${patience} and ${minDelta}.`,
    );
  }
  if (logs.includes(monitor)) {
    resolveMode('earlyStopping', monitor, mode);
    return;
  }
  throw new DactylError(
    'E_ARGUMENT',
    `earlyStopping: expected a monitor of ${logs.join(', ')}; received ${monitor}. Give fit validationData or validationSplit for val_…, compile the metric for its own.`,
  );
}

/** Looks at an epoch; returns the best so far, and whether patience is at its end. */
export function* watchEpoch(
  { monitor = 'val_loss', mode = 'auto', patience, minDelta = 0 }: EarlyStoppingOptions,
  best: BestEpoch | undefined,
  { epoch, logs, model }: { epoch: number; logs: EpochLogs; model: Model },
): Steps<{ best: BestEpoch; stop: boolean }> {
  const value = logs[monitor]!;
  const sign = resolveMode('earlyStopping', monitor, mode) === 'min' ? -1 : 1;
  if (best && !(sign * (value - best.value) > minDelta))
    return { best, stop: epoch - best.epoch >= patience };
  const weights = yield* model.network.readWeights();
  return {
    best: { epoch, value, weights: weights.map((data) => ({ data, shape: [data.length] })) },
    stop: false,
  };
}
