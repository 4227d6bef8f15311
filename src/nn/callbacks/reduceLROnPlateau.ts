import { describe } from '../../util/describe.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, isNumber } from '../../util/options.ts';
import type { Callback } from '../callbacks.ts';
import { improves, type Mode, monitored, resolveMode } from './monitor.ts';

export interface ReduceLROnPlateauOptions {
  /** A name in the logs; `'val_loss'` by default. */
  readonly monitor?: string;
  /** What the learning rate is multiplied with, between 0 and 1; 0.1 by default. */
  readonly factor?: number;
  /** Epochs without improvement before that; 10 by default. */
  readonly patience?: number;
  /** `'auto'` (default): by the monitor's name. */
  readonly mode?: Mode;
  /** Improvements smaller than this do not count; 1e-4 by default. */
  readonly minDelta?: number;
  /** Epochs after a reduction in which none is counted; 0 by default. */
  readonly cooldown?: number;
  /** The learning rate goes no lower; 0 by default. */
  readonly minLr?: number;
}

/**
 * Keras' ReduceLROnPlateau, for `fit`'s callbacks: multiplies the learning rate with `factor` after `patience` epochs in which `monitor` has not
 * improved by more than `minDelta`. Under a schedule it changes what the schedule's factors apply to. Where `fit` resumes, what was seen before is taken from the
 * history, so that training comes to the same bits. Throws E_ARGUMENT for bad options, and after the first epoch for a monitor that the logs do not have.
 */
export function ReduceLROnPlateau(options: ReduceLROnPlateauOptions = {}): Callback {
  const settings = checked(options);
  const { monitor, factor, minLr } = settings;
  let watch = watcher(settings);
  return {
    onTrainBegin(_, past) {
      watch = watcher(settings);
      // Where a reduction would not have come about, the rate is at minLr by now and stays there.
      for (const value of past?.history[monitor] ?? []) watch(value, () => true);
    },
    onEpochEnd(_, logs, model) {
      watch(monitored('ReduceLROnPlateau', monitor, logs), () => {
        const { learningRate } = model.compiled!.optimizer;
        const reduced = Math.max(learningRate * factor, minLr);
        if (learningRate <= minLr || reduced === 0) return false;
        model.setLearningRate(reduced);
        return true;
      });
    },
  };
}

type Settings = Required<Omit<ReduceLROnPlateauOptions, 'mode'>> & { readonly mode: 'min' | 'max' };

/** Looks at one epoch's value after the other; `reduce` says whether the rate was reduced. */
function watcher({
  mode,
  minDelta,
  patience,
  cooldown,
}: Settings): (value: number, reduce: () => boolean) => void {
  let best: number | undefined;
  let [wait, cooling] = [0, 0];
  return (value, reduce) => {
    if (cooling > 0) {
      cooling--;
      wait = 0;
    }
    if (improves(mode, value, best, minDelta)) {
      best = value;
      wait = 0;
    } else if (cooling === 0) {
      wait++;
      if (wait >= patience && reduce()) [cooling, wait] = [cooldown, 0];
    }
  };
}

function checked(options: ReduceLROnPlateauOptions): Settings {
  const known = ['monitor', 'factor', 'patience', 'mode', 'minDelta', 'cooldown', 'minLr'];
  checkOptions('ReduceLROnPlateau', known, options);
  const { monitor = 'val_loss', factor = 0.1, patience = 10, minDelta = 1e-4 } = options;
  const { cooldown = 0, minLr = 0 } = options;
  const check = (name: string, expected: string, value: unknown, valid: (x: number) => boolean): void => {
    if (isNumber(value, valid)) return;
    const received = typeof value === 'number' ? String(value) : describe(value);
    throw new DactylError(
      'E_ARGUMENT',
      `ReduceLROnPlateau: expected ${name} ${expected}; received ${received}.`,
    );
  };
  const isCount = (x: number): boolean => Number.isSafeInteger(x) && x >= 0;
  const isAmount = (x: number): boolean => x >= 0 && x < Infinity;
  check('factor', 'between 0 and 1', factor, (x) => x > 0 && x < 1);
  check('patience', 'a whole number >= 0', patience, isCount);
  check('minDelta', '>= 0', minDelta, isAmount);
  check('cooldown', 'a whole number >= 0', cooldown, isCount);
  check('minLr', '>= 0', minLr, isAmount);
  const mode = resolveMode('ReduceLROnPlateau', monitor, options.mode ?? 'auto');
  return { monitor, factor, patience, mode, minDelta, cooldown, minLr };
}
