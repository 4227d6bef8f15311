import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { mostProbable } from '../analysis/mostProbable.ts';
import { resultHash } from '../study/evaluation/record.ts';
import { TrialResult } from '../study/results.ts';
import type { TrialEnd } from '../study/runStudy.ts';
import type { TrialOutcome } from '../study/trial.ts';
import { TrialConfiguration, trialKey } from '../study/trialConfiguration.ts';
import { DactylError } from '../util/errors.ts';
import { decodeSafetensors, encodeSafetensors } from '../util/safetensors.ts';
import type { Tensor } from '../util/tensor.ts';
import { ensureWritableFolder, writeFileAtomic } from './atomic.ts';
import { CheckpointStore } from './checkpoints.ts';
import { fileError } from './fileError.ts';
import { readFile, readJson } from './readFile.ts';
import { resultDoubt } from './recordedResult.ts';
import { sha256 } from './sha256.ts';

const RECORD = 'record.json';
const MODEL = 'model.safetensors';
const PREDICTIONS = 'predictions.safetensors';
const HISTORY = 'history.csv';
const FAILURE = 'failure.json';

/** Half-written things of other processes, which may be at work just now; an hour later nobody is. */
const LEFTOVER = /^\.writing-|^\.dactyl-.*\.tmp$/;
const LEFTOVER_AGE_MS = 3_600_000;

const TrialRecord = Type.Object(
  {
    format: Type.Literal('dactyl-trial/1'),
    configuration: TrialConfiguration,
    result: TrialResult,
    resultHash: Type.Optional(
      Type.String({ description: 'SHA-256 of the result as JSON; absent in records of version 0.1.0' }),
    ),
    files: Type.Object(
      { [MODEL]: Type.String(), [PREDICTIONS]: Type.String(), [HISTORY]: Type.String() },
      { additionalProperties: false, description: 'SHA-256 by file name' },
    ),
  },
  { additionalProperties: false },
);
type TrialRecord = Static<typeof TrialRecord>;
/** Several times as fast; a study may have thousands. */
const CompiledRecord = Compile(TrialRecord);

const FailureRecord = Type.Object(
  {
    format: Type.Literal('dactyl-failed-trial/1'),
    configuration: TrialConfiguration,
    message: Type.String(),
    messageHash: Type.Optional(Type.String({ description: 'SHA-256 of the message' })),
  },
  { additionalProperties: false },
);

/** Finished trials, one folder each under `<root>/trials/<key>/`, shared by all studies below the same root. */
export class TrialStore {
  readonly folder: string;

  constructor(root: string) {
    this.folder = join(root, 'trials');
  }

  /** Throws E_FILE unless trials can be kept here. Removes what processes that were killed left half-written. */
  prepare(): void {
    ensureWritableFolder(this.folder);
    for (const name of readdirSync(this.folder)) {
      const path = join(this.folder, name);
      if (LEFTOVER.test(name) && isOld(path)) rmSync(path, { recursive: true, force: true });
    }
  }

  /** How a trial ended, or undefined where it did not. Throws as `read` does where its files are damaged. */
  find(key: string): TrialEnd | undefined {
    return this.#end(key, (record) => {
      this.#checkFiles(key, record);
    });
  }

  /** As `find`, but reads little more than what it returns: a damaged model and damaged predictions are not noticed. */
  result(key: string): TrialEnd | undefined {
    return this.#end(key, () => undefined);
  }

  /** Predicted class of each image kept out. Throws as `read`. */
  predictions(key: string): Uint8Array {
    return mostProbable(this.read(key).probabilities);
  }

  #end(key: string, check: (record: TrialRecord) => void): TrialEnd | undefined {
    if (this.has(key)) {
      const record = this.#record(key);
      check(record);
      return { kind: 'finished', result: record.result };
    }
    return this.hasFailed(key) ? { kind: 'failed', message: this.#failure(key) } : undefined;
  }

  #failure(key: string): string {
    const path = join(this.folder, key, FAILURE);
    const { configuration, message, messageHash = sha256(message) } = readJson(path, FailureRecord);
    if (trialKey(configuration) !== key || messageHash !== sha256(message)) {
      throw new DactylError('E_CHECKSUM', `${path}: the content is not what its checksums promise.`);
    }
    return message;
  }

  hasEnded(key: string): boolean {
    return this.has(key) || this.hasFailed(key);
  }

  hasFailed(key: string): boolean {
    return existsSync(join(this.folder, key, FAILURE));
  }

  has(key: string): boolean {
    return existsSync(join(this.folder, key, RECORD));
  }

  /** Keeps a finished trial. */
  write(configuration: TrialConfiguration, { result, model, probabilities }: TrialOutcome): void {
    this.#writeFolder(result.key, (temporary) => {
      const contents = {
        [MODEL]: model,
        [PREDICTIONS]: encodeSafetensors({ probabilities }),
        [HISTORY]: historyCsv(result.history),
      };
      for (const [name, content] of Object.entries(contents)) writeFileAtomic(join(temporary, name), content);
      const files = {
        [MODEL]: sha256(contents[MODEL]),
        [PREDICTIONS]: sha256(contents[PREDICTIONS]),
        [HISTORY]: sha256(contents[HISTORY]),
      };
      const record: TrialRecord = {
        format: 'dactyl-trial/1',
        configuration,
        result,
        resultHash: resultHash(result),
        files,
      };
      writeFileAtomic(join(temporary, RECORD), `${JSON.stringify(record, null, 2)}\n`);
    });
  }

  /** Keeps that a trial failed, and how. */
  writeFailure(configuration: TrialConfiguration, message: string): void {
    const record: Static<typeof FailureRecord> = {
      format: 'dactyl-failed-trial/1',
      configuration,
      message,
      messageHash: sha256(message),
    };
    this.#writeFolder(trialKey(configuration), (temporary) => {
      writeFileAtomic(join(temporary, FAILURE), `${JSON.stringify(record, null, 2)}\n`);
    });
  }

  /** What `write` puts into a folder of another name is renamed, so that no half of a trial is ever seen. */
  #writeFolder(key: string, write: (temporary: string) => void): void {
    const target = join(this.folder, key);
    let temporary: string | undefined;
    try {
      temporary = mkdtempSync(join(this.folder, '.writing-'));
      // mkdtemp makes folders for their owner alone; a kept trial is for all who may read its neighbours.
      chmodSync(temporary, 0o777 & ~process.umask());
      write(temporary);
      rmSync(target, { recursive: true, force: true });
      renameSync(temporary, target);
      new CheckpointStore(this.folder, key).remove();
    } catch (error) {
      if (temporary) rmSync(temporary, { recursive: true, force: true });
      // Another process was faster with the same trial; the same key means the same content.
      if (isOccupied(error) && this.hasEnded(key)) return;
      throw error instanceof DactylError ? error : fileError(error, 'write', target);
    }
  }

  /** The trained model as a file, held to its hash like the rest. Throws as `read`. */
  readModel(key: string): { record: TrialRecord; model: Uint8Array } {
    const { record } = this.read(key);
    return { record, model: readFile(join(this.folder, key, MODEL)) };
  }

  /** The record and test-set probabilities of a trial, held to their hashes. Throws E_FILE, E_FORMAT or E_CHECKSUM naming the file. */
  read(key: string): { record: TrialRecord; probabilities: Tensor<Float32Array> } {
    const record = this.#record(key);
    this.#checkFiles(key, record);
    return { record, probabilities: this.#probabilities(key) };
  }

  #probabilities(key: string): Tensor<Float32Array> {
    const path = join(this.folder, key, PREDICTIONS);
    const probabilities = decodeSafetensors(readFile(path), path).tensors.get('probabilities');
    if (!(probabilities?.data instanceof Float32Array)) {
      throw new DactylError('E_FORMAT', `${path}: expected the float32 tensor probabilities.`);
    }
    return { data: probabilities.data, shape: probabilities.shape };
  }

  #record(key: string): TrialRecord {
    const path = join(this.folder, key, RECORD);
    const record = readJson(path, TrialRecord, CompiledRecord);
    if (trialKey(record.configuration) !== key || record.result.key !== key) {
      throw new DactylError('E_CHECKSUM', `${path}: the configuration does not belong to the key ${key}.`);
    }
    this.#checkResult(key, record);
    return record;
  }

  /** By its hash; a result without one by the history and the predictions beside it, once these are what the record says. */
  #checkResult(key: string, record: TrialRecord): void {
    const path = join(this.folder, key, RECORD);
    const { configuration, result } = record;
    if (record.resultHash !== undefined) {
      if (record.resultHash === resultHash(result)) return;
      throw new DactylError(
        'E_CHECKSUM',
        `${path}: expected a result with SHA-256 ${record.resultHash}, received ${resultHash(result)}.`,
      );
    }
    this.#checkFiles(key, record, [HISTORY, PREDICTIONS]);
    const doubt =
      sha256(historyCsv(result.history)) === record.files[HISTORY]
        ? resultDoubt(configuration, result, this.#probabilities(key))
        : `its history is not that of ${HISTORY}`;
    if (doubt !== undefined) throw new DactylError('E_CHECKSUM', `${path}: ${doubt}; the file was changed.`);
  }

  #checkFiles(key: string, { files }: TrialRecord, names = Object.keys(files)): void {
    for (const name of names) {
      const expected = files[name as keyof typeof files];
      const path = join(this.folder, key, name);
      const received = sha256(readFile(path));
      if (received !== expected) {
        throw new DactylError('E_CHECKSUM', `${path}: expected SHA-256 ${expected}, received ${received}.`);
      }
    }
  }
}

function historyCsv(history: TrialResult['history']): string {
  const { loss, accuracy, val_loss, val_accuracy } = history;
  const rows = loss.map((_, e) => [e + 1, loss[e], accuracy[e], val_loss[e], val_accuracy[e]].join(','));
  return `epoch,loss,accuracy,val_loss,val_accuracy\n${rows.join('\n')}\n`;
}

/** False for what is gone meanwhile. */
function isOld(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > LEFTOVER_AGE_MS;
}

function isOccupied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}
