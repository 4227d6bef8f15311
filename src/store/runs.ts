import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { TrialResult } from '../study/results.ts';
import { TrialConfiguration, trialKey, type TrialOutcome } from '../study/trial.ts';
import { DactylError } from '../util/errors.ts';
import { decodeSafetensors, encodeSafetensors } from '../util/safetensors.ts';
import type { Tensor } from '../util/tensor.ts';
import { ensureWritableFolder, writeFileAtomic } from './atomic.ts';
import { fileError } from './fileError.ts';

const RECORD = 'record.json';
const MODEL = 'model.safetensors';
const PREDICTIONS = 'predictions.safetensors';
const HISTORY = 'history.csv';

const TrialRecord = Type.Object(
  {
    format: Type.Literal('dactyl-trial/1'),
    configuration: TrialConfiguration,
    result: TrialResult,
    files: Type.Object(
      { [MODEL]: Type.String(), [PREDICTIONS]: Type.String(), [HISTORY]: Type.String() },
      { additionalProperties: false, description: 'SHA-256 by file name' },
    ),
  },
  { additionalProperties: false },
);
type TrialRecord = Static<typeof TrialRecord>;

/** Finished trials, one folder each under `<root>/trials/<key>/`, shared by all comparisons below the same root. */
export class TrialStore {
  readonly folder: string;

  constructor(root: string) {
    this.folder = join(root, 'trials');
  }

  /** Throws E_FILE unless trials can be kept here. */
  prepare(): void {
    ensureWritableFolder(this.folder);
  }

  has(key: string): boolean {
    return existsSync(join(this.folder, key, RECORD));
  }

  /** Keeps a finished trial: written to a folder of another name and renamed, so that no half of one is ever seen. */
  write(configuration: TrialConfiguration, { result, model, probabilities }: TrialOutcome): void {
    const target = join(this.folder, result.key);
    let temporary: string | undefined;
    try {
      temporary = mkdtempSync(join(this.folder, '.writing-'));
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
      const record: TrialRecord = { format: 'dactyl-trial/1', configuration, result, files };
      writeFileAtomic(join(temporary, RECORD), `${JSON.stringify(record, null, 2)}\n`);
      rmSync(target, { recursive: true, force: true });
      renameSync(temporary, target);
    } catch (error) {
      if (temporary) rmSync(temporary, { recursive: true, force: true });
      // Another process was faster with the same trial; the same key means the same content.
      if (isOccupied(error) && this.has(result.key)) return;
      throw error instanceof DactylError ? error : fileError(error, 'write', target);
    }
  }

  /** The record and test-set probabilities of a trial, held to their hashes. Throws E_FILE, E_FORMAT or E_CHECKSUM naming the file. */
  read(key: string): { record: TrialRecord; probabilities: Tensor<Float32Array> } {
    const folder = join(this.folder, key);
    const record = readJson(join(folder, RECORD), TrialRecord);
    if (trialKey(record.configuration) !== key || record.result.key !== key) {
      throw new DactylError(
        'E_CHECKSUM',
        `${join(folder, RECORD)}: the configuration does not belong to the key ${key}.`,
      );
    }
    for (const [name, expected] of Object.entries(record.files)) {
      const received = sha256(readFile(join(folder, name)));
      if (received !== expected) {
        throw new DactylError(
          'E_CHECKSUM',
          `${join(folder, name)}: expected SHA-256 ${expected}, received ${received}.`,
        );
      }
    }
    const path = join(folder, PREDICTIONS);
    const probabilities = decodeSafetensors(readFile(path), path).tensors.get('probabilities');
    if (!(probabilities?.data instanceof Float32Array)) {
      throw new DactylError('E_FORMAT', `${path}: expected the float32 tensor probabilities.`);
    }
    return { record, probabilities: { data: probabilities.data, shape: probabilities.shape } };
  }
}

/** Reads a JSON file and holds it to its schema; E_FILE, or E_FORMAT naming the place. */
export function readJson<S extends TSchema>(path: string, schema: S): Static<S> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(readFile(path)));
  } catch (error) {
    if (error instanceof DactylError) throw error;
    throw new DactylError('E_FORMAT', `${path}: not JSON; the file is torn or was changed.`, {
      cause: error,
    });
  }
  if (Value.Check(schema, value)) return value;
  const [first] = Value.Errors(schema, value);
  throw new DactylError('E_FORMAT', `${path}: wrong at ${first.instancePath || '/'}: ${first.message}.`);
}

export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

function historyCsv(history: TrialResult['history']): string {
  const { loss, accuracy, val_loss, val_accuracy } = history;
  const rows = loss.map((_, e) => [e + 1, loss[e], accuracy[e], val_loss[e], val_accuracy[e]].join(','));
  return `epoch,loss,accuracy,val_loss,val_accuracy\n${rows.join('\n')}\n`;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function isOccupied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}
