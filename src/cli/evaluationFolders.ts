import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Target } from '../queue/evaluation/target.ts';
import { ensureWritableFolder } from '../store/atomic.ts';
import { DactylError } from '../util/errors.ts';

/** What a folder of another study, search or trial has. */
const RECORDS = ['study.json', 'tuning.json', 'record.json'];

/** Where the pages go: E_ARGUMENT for the folder of another study, search or trial, whose pages they would replace. */
export function outOf(out: string | undefined, { folder }: Pick<Target, 'folder'>): string {
  if (out === undefined || resolve(out) === resolve(folder)) return folder;
  const record = RECORDS.find((file) => existsSync(join(out, file)));
  if (record === undefined) return out;
  throw new DactylError(
    'E_ARGUMENT',
    `--out ${out}: expected a folder of its own, received one with the ${record} of another; its pages would be replaced.`,
  );
}

const NOT_OURS = ['EROFS', 'EACCES', 'EPERM'];

/** Below which measurements are kept: the target's root, or the pages' own folder where that may not be written to. */
export function writableRoot({ root, folder: own }: Pick<Target, 'root' | 'folder'>, folder: string): string {
  if (folder === own) return root;
  try {
    ensureWritableFolder(join(root, 'evaluations'));
    return root;
  } catch (error) {
    const cause = error instanceof DactylError ? error.cause : undefined;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (!NOT_OURS.includes(code)) throw error;
    return folder;
  }
}
