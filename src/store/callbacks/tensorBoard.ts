import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Callback } from '../../nn/callbacks.ts';
import { checkOptions, requireText } from '../../util/options.ts';
import { ensureWritableFolder, makeFolder, writeFileAtomic } from '../atomic.ts';
import { fileError } from '../fileError.ts';
import { firstRecord, restartRecord, scalarsRecord } from './eventFile.ts';

export interface TensorBoardOptions {
  /** `'logs'` by default; one folder a run. */
  readonly logDir?: string;
}

/** Files of this process, so that two of one second have different names. */
let files = 0;

/**
 * Keras' TensorBoard, for `fit`'s callbacks: scalars a run at every epoch (from 0) in event files that `tensorboard --logdir` reads, `epoch_loss`, `epoch_accuracy`, … and
 * `epoch_learning_rate` (under a schedule, what its factors apply to) in `train/`, those of validation under the same names in `validation/`. Each `fit` makes files of its own; one that
 * resumes tells readers to leave out what older files hold of epochs that come again. Event files hold the time, so no two are alike. Throws E_ARGUMENT and E_FILE.
 */
export function TensorBoard(options: TensorBoardOptions = {}): Callback {
  checkOptions('TensorBoard', ['logDir'], options);
  const { logDir = 'logs' } = options;
  requireText('TensorBoard: logDir', logDir);
  let paths: Partial<Record<'train' | 'validation', string>> = {};

  const write = (part: 'train' | 'validation', epoch: number, scalars: Record<string, number>): void => {
    const seconds = Date.now() / 1000;
    if (paths[part] === undefined) {
      makeFolder(join(logDir, part));
      const name = `events.out.tfevents.${Math.floor(seconds)}.dactyl.${process.pid}.${files++}.v2`;
      const path = join(logDir, part, name);
      const start =
        epoch > 0 ? [firstRecord(seconds), restartRecord(seconds, epoch)] : [firstRecord(seconds)];
      writeFileAtomic(path, Buffer.concat(start));
      paths[part] = path;
    }
    try {
      appendFileSync(paths[part], scalarsRecord(seconds, epoch, scalars));
    } catch (error) {
      throw fileError(error, 'write', paths[part]);
    }
  };
  return {
    onTrainBegin() {
      paths = {};
      ensureWritableFolder(logDir);
    },
    onEpochEnd(epoch, logs, model) {
      const [train, validation]: Record<string, number>[] = [{}, {}];
      for (const [name, value] of Object.entries<number | undefined>(logs)) {
        if (value === undefined) continue;
        if (name.startsWith('val_')) validation[`epoch_${name.slice(4)}`] = value;
        else train[`epoch_${name}`] = value;
      }
      write('train', epoch, { ...train, epoch_learning_rate: model.compiled!.optimizer.learningRate });
      if (Object.keys(validation).length > 0) write('validation', epoch, validation);
    },
  };
}
