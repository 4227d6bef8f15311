import { dirname, isAbsolute } from 'node:path';
import { DactylError } from '../util/errors.ts';

/** What the system's error codes mean to a user, and what to do. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission is denied. Choose another place or change its permissions',
  EPERM: 'the system does not permit it. Choose another place',
  EROFS: 'the file system is read-only. Choose another place',
  ENOSPC: 'the disk is full. Free some space or choose another disk',
  EDQUOT: 'the disk quota is used up. Free some space or choose another disk',
  ENOTDIR: 'a part of the path is a file, not a folder. Choose another path',
  EISDIR: 'it is a folder, not a file. Choose another path',
  EEXIST: 'a file of that name is in the way. Remove it or choose another path',
  ENOTEMPTY: 'a folder of that name is in the way. Remove it or choose another path',
  ENAMETOOLONG: 'the name is too long. Choose a shorter one',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open. Raise the limit of open files',
  EIO: 'the disk reports a fault',
};

/** E_FILE in one line for a failed call of `node:fs`: `Cannot <action> <path>: <reason> (<system code>).` */
export function fileError(cause: unknown, action: string, path: string): DactylError {
  const code =
    cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const fallback = cause instanceof Error ? cause.message : String(cause);
  if (code === 'ENOENT' && action === 'write') {
    return new DactylError(
      'E_FILE',
      `Cannot write ${path}: the folder ${dirname(path)} does not exist (ENOENT). Make it first, or choose another path.`,
      { cause },
    );
  }
  if (code === 'ENOENT' && (action === 'make the folder' || action === 'write to the folder')) {
    const gone = isAbsolute(path) ? '' : ', or the working folder is gone';
    return new DactylError(
      'E_FILE',
      `Cannot ${action} ${path}: nothing can be made there${gone} (ENOENT). Choose another path.`,
      { cause },
    );
  }
  const reason = code !== undefined && Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : fallback;
  return new DactylError('E_FILE', `Cannot ${action} ${path}: ${reason}.`, { cause });
}

/** Whether too few file descriptors are behind it; Node says so in several ways, some of them of a module that it could not read. */
export function isCrowded(error: unknown): boolean {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  return code === 'EMFILE' || /EMFILE|too many open files/.test(message);
}
