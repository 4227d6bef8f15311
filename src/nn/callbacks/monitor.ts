import { DactylError } from '../../util/errors.ts';
import { requireText, requireType } from '../../util/options.ts';
import { directionOfLog } from '../metrics/metrics.ts';

export type Mode = 'auto' | 'min' | 'max';

/** By the names in `EpochLogs`. */
export type MonitoredLogs = Readonly<Record<string, number | undefined>>;

/** Which way `monitor` gets better; `'auto'` goes by its name. Throws E_ARGUMENT where that says nothing. */
export function resolveMode(what: string, monitor: string, mode: Mode): 'min' | 'max' {
  requireText(`${what}: monitor`, monitor);
  requireType(
    what,
    "mode: 'auto', 'min' or 'max'",
    (['auto', 'min', 'max'] as unknown[]).includes(mode),
    mode,
  );
  const direction = mode === 'auto' ? directionOfLog(monitor) : mode;
  if (direction !== undefined) return direction;
  throw new DactylError(
    'E_ARGUMENT',
    `${what}: expected mode 'min' or 'max' beside monitor '${monitor}', whose name does not say it; received 'auto'.`,
  );
}

/** The value of `monitor`; E_ARGUMENT with the names there are where it is not among the logs. */
export function monitored(what: string, monitor: string, logs: MonitoredLogs): number {
  const value = Object.hasOwn(logs, monitor) ? logs[monitor] : undefined;
  if (value !== undefined) return value;
  const names = Object.keys(logs).filter((name) => logs[name] !== undefined);
  throw new DactylError(
    'E_ARGUMENT',
    `${what}: expected a monitor of ${names.join(', ')}; received ${monitor}. Give fit validationData or validationSplit for val_…, compile the metric for its own.`,
  );
}

/** Whether `value` is better than `best` by more than `minDelta`, as Keras has it: any value is better than none. */
export function improves(
  mode: 'min' | 'max',
  value: number,
  best: number | undefined,
  minDelta = 0,
): boolean {
  if (best === undefined) return true;
  return mode === 'max' ? value - minDelta > best : value + minDelta < best;
}
