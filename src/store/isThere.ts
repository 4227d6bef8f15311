import { statSync } from 'node:fs';
import { fileError } from './fileError.ts';

/** Whether a path leads to something. Not `existsSync`, which takes what may not be looked at for absent: throws E_FILE there. */
export function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw fileError(error, 'read', path);
  }
}
