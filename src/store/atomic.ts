import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DactylError } from '../util/errors.ts';
import { fileError } from './fileError.ts';

/**
 * Writes a file so that a reader sees the old content or the whole new one, never a part: a temporary file in the same
 * folder is written, flushed to the disk (fsync) and renamed. The temporary file is removed if any step fails.
 * Text is written as UTF-8. Synchronous. `mode`: who may read it, as far as the process's mask lets. Throws E_FILE with the path and the reason.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o666): void {
  requireReplaceable(path);
  const temporary = temporaryIn(dirname(path));
  try {
    const descriptor = openSync(temporary, 'wx', mode);
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw fileError(error, 'write', path);
  }
}

/** `writeFileAtomic` whose waiting for the disk is not this thread's. */
export async function writeFileAtomicInTurns(path: string, content: Uint8Array): Promise<void> {
  requireReplaceable(path);
  const temporary = temporaryIn(dirname(path));
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    renameSync(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw fileError(error, 'write', path);
  }
}

/** Renaming a file to the name of a device or a pipe would put the file in its place. */
function requireReplaceable(path: string): void {
  // What cannot be looked at cannot be written either, and is told when that is tried.
  if (!existsSync(path)) return;
  const stats = statSync(path);
  if (stats.isFile() || stats.isDirectory()) return;
  throw new DactylError(
    'E_FILE',
    `Cannot write ${path}: expected the name of a file, received that of a device or a pipe. Name a file.`,
  );
}

/** Makes the folder with its parents where needed and tries that a file can be created in it, else throws E_FILE. `mode` as of `makeFolder`. */
export function ensureWritableFolder(path: string, mode = 0o777): void {
  const probe = temporaryIn(path);
  try {
    makeFolders(path, mode);
    closeSync(openSync(probe, 'wx'));
  } catch (error) {
    throw fileError(error, 'write to the folder', path);
  } finally {
    removeIfThere(probe);
  }
}

/** Tries what `ensureWritableFolder` does and leaves nothing behind. Throws E_FILE. */
export function tryWritableFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = path; !existsSync(folder); folder = dirname(folder)) missing.push(folder);
  try {
    ensureWritableFolder(path);
  } finally {
    for (const folder of missing) removeIfEmpty(folder);
  }
}

/** Makes a folder, with its parents, where it is missing. `mode`: who may use what is made, as far as the process's mask lets. Throws E_FILE. */
export function makeFolder(path: string, mode = 0o777): void {
  try {
    makeFolders(path, mode);
  } catch (error) {
    throw fileError(error, 'make the folder', path);
  }
}

/**
 * Parents first where they are missing. Not `mkdirSync(…, { recursive: true })`: that never returns where a folder exists
 * and yet refuses a new one with ENOENT, as /proc does.
 */
function makeFolders(path: string, mode: number): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const parent = dirname(path);
    if (code === 'ENOENT' && parent !== path && !existsSync(parent)) {
      makeFolders(parent, mode);
      mkdirSync(path, mode);
    } else if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw error;
    }
  }
}

/** Of this process, so that what its threads leave can be told from what others are writing. */
const TEMPORARY = `.dactyl-${process.pid}-`;

function temporaryIn(folder: string): string {
  return join(folder, `${TEMPORARY}${randomBytes(8).toString('hex')}.tmp`);
}

/** Removes what a thread of this process that was ended amid a write has left in the folder. */
export function removeTorn(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name.startsWith(TEMPORARY)) removeIfThere(join(folder, name));
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
}

/** A failure here must not hide the error that led here. */
function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    return;
  }
}
