import { dirname } from 'node:path';
import type { Callback } from '../../nn/callbacks.ts';
import {
  improves,
  type Mode,
  monitored,
  type MonitoredLogs,
  resolveMode,
} from '../../nn/callbacks/monitor.ts';
import type { Model } from '../../nn/model.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { checkOptions, isNumber, requireFlag, requireText, requireType } from '../../util/options.ts';
import { ensureWritableFolder, makeFolder } from '../atomic.ts';
import { saveModelInTurns } from '../models.ts';
import { pathTemplate } from './pathTemplate.ts';

export interface ModelCheckpointOptions {
  /** A name in the logs, for `saveBestOnly`; `'val_loss'` by default. */
  readonly monitor?: string;
  /** true: only where `monitor` is better than ever before; false by default. */
  readonly saveBestOnly?: boolean;
  /** `'auto'` (default): by the monitor's name. */
  readonly mode?: Mode;
  /** `'epoch'` (default), or a number of batches, after each of which it saves; the logs are then those of the batch. */
  readonly saveFreq?: 'epoch' | number;
}

/**
 * Keras' ModelCheckpoint, for `fit`'s callbacks: writes the model as `saveModel` does, the whole file or nothing, and lets events through amid it. `path` may hold `{epoch}` (from 1),
 * `{batch}` and names in the logs, `'models/{epoch:02d}-{val_loss:.2f}.safetensors'`; folders are made. Where `fit` resumes, the best value so far is taken from
 * the history. With `averaging`, the file of an epoch holds the averages. Throws E_ARGUMENT and E_FILE.
 */
export function ModelCheckpoint(path: string, options: ModelCheckpointOptions = {}): Callback {
  const what = 'ModelCheckpoint';
  requireText(`${what}: path`, path);
  requireType(what, "path: a file's, such as 'best.safetensors'", !/(^|[/\\])$/.test(path), path);
  checkOptions(what, ['monitor', 'saveBestOnly', 'mode', 'saveFreq'], options);
  const { monitor = 'val_loss', saveBestOnly = false, saveFreq = 'epoch' } = options;
  requireFlag(`${what}: saveBestOnly`, saveBestOnly);
  requireType(
    what,
    "saveFreq: 'epoch' or a whole number of batches >= 1",
    saveFreq === 'epoch' || isNumber(saveFreq, (x) => Number.isSafeInteger(x) && x >= 1),
    saveFreq,
  );
  const mode = saveBestOnly ? resolveMode(what, monitor, options.mode ?? 'auto') : 'min';
  if (options.mode !== undefined && !saveBestOnly) resolveMode(what, 'loss', options.mode);
  requireType(
    what,
    "monitor: 'loss' or 'accuracy' where saveFreq counts batches, since none is validated",
    !saveBestOnly || saveFreq === 'epoch' || ['loss', 'accuracy'].includes(monitor),
    monitor,
  );
  const fill = pathTemplate(what, path);
  let best: number | undefined;
  let [epochNow, batches] = [0, 0];

  const save = async (values: Record<string, number>, logs: MonitoredLogs, model: Model): Promise<void> => {
    if (saveBestOnly) {
      const value = monitored(what, monitor, logs);
      if (!improves(mode, value, best)) return;
      best = value;
    }
    const known = Object.entries(logs).filter(([, value]) => value !== undefined) as [string, number][];
    const file = fill({ ...values, ...Object.fromEntries(known) });
    makeFolder(dirname(file));
    // Every model that `fit` trains is a Sequential.
    await saveModelInTurns(model as Sequential, file);
  };
  return {
    onTrainBegin(_, past) {
      best = undefined;
      [epochNow, batches] = [past?.epoch ?? 0, 0];
      for (const value of past?.history[monitor] ?? []) if (improves(mode, value, best)) best = value;
      if (!dirname(path).includes('{')) ensureWritableFolder(dirname(path));
    },
    onEpochBegin(epoch) {
      epochNow = epoch;
    },
    ...(saveFreq !== 'epoch' && {
      async onBatchEnd(batch, logs, model) {
        if (++batches % saveFreq !== 0) return;
        await save({ epoch: epochNow + 1, batch: batch + 1 }, logs, model);
      },
    }),
    ...(saveFreq === 'epoch' && {
      async onEpochEnd(epoch, logs, model) {
        await save({ epoch: epoch + 1 }, logs, model);
      },
    }),
  };
}
