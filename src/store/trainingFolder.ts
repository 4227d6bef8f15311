import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Study, studyHash } from '../study/configuration.ts';
import { DactylError } from '../util/errors.ts';
import { readStudy } from './studyRecord.ts';

/** What a finished training has in its folder. */
export const MODEL = 'model.safetensors';
export const RESULTS = 'results.json';

/**
 * Throws E_MISMATCH where a folder holds a finished training of other images or labels, by their SHA-256 (`data`), or of another recipe: its model would be replaced
 * by another. Throws as `readStudy`.
 */
export function requireOwnFolder(folder: string, study: Study, data: readonly string[]): void {
  if (![MODEL, RESULTS].some((file) => existsSync(join(folder, file)))) return;
  const differs = existsSync(join(folder, 'study.json'))
    ? difference(folder, study, data)
    : 'without a study.json that says what it was trained on';
  if (differs === undefined) return;
  throw new DactylError(
    'E_MISMATCH',
    `${folder} holds a finished training ${differs}, which would be replaced: keep this one elsewhere with another --out, or remove the folder.`,
  );
}

function difference(folder: string, study: Study, data: readonly string[]): string | undefined {
  const kept = readStudy(folder);
  const k = Array.from({ length: Math.max(data.length, kept.data.length) }, (_, i) => i).find(
    (i) => data[i] !== kept.data[i],
  );
  if (k !== undefined) {
    return `of other images or labels (SHA-256 ${shortened(kept.data[k])}, now ${shortened(data[k])})`;
  }
  const hash = studyHash(study);
  return kept.studyHash === hash
    ? undefined
    : `of another recipe (hash ${shortened(kept.studyHash)}, now ${shortened(hash)})`;
}

function shortened(sum: string | undefined): string {
  return sum === undefined ? 'none' : `${sum.slice(0, 12)}…`;
}
