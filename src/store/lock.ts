import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { DactylError } from '../util/errors.ts';
import { makeFolder } from './atomic.ts';
import { fileError } from './fileError.ts';

const Holder = Type.Object({
  pid: Type.Integer({ minimum: 1 }),
  host: Type.String(),
  token: Type.String({ description: 'of this very lock' }),
});
type Holder = Static<typeof Holder>;

/** Tokens of this process with what gives their locks back. Where process numbers are few, as in a container, a dead holder may have had our own. */
const held = new Map<string, () => void>();
process.on('exit', () => {
  for (const unlock of held.values()) unlock();
});

/**
 * Takes the lock of a folder, a file that names its holder, and returns what gives it back. A lock is taken over where its holder has ended on this
 * machine or where it names nobody. Throws E_LOCKED naming the holder.
 */
export function lockFolder(folder: string): () => void {
  makeFolder(folder);
  const path = join(folder, 'lock.json');
  const holder: Holder = { pid: process.pid, host: hostname(), token: randomBytes(8).toString('hex') };
  const own = `${path}.${holder.token}`;
  try {
    // Written whole under another name and then linked: nobody sees a lock without its holder.
    writeFileSync(own, `${JSON.stringify(holder)}\n`);
    while (!link(own, path)) {
      const other = readHolder(path);
      if (other && !hasEnded(other)) throw locked(folder, path, other);
      takeAway(path, other);
    }
  } catch (error) {
    throw error instanceof DactylError ? error : fileError(error, 'lock', folder);
  } finally {
    rmSync(own, { force: true });
  }
  const unlock = (): void => {
    held.delete(holder.token);
    if (readHolder(path)?.token === holder.token) rmSync(path, { force: true });
  };
  held.set(holder.token, unlock);
  return unlock;
}

/** False where somebody's lock is there. */
function link(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // File systems without links.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  try {
    writeFileSync(path, readFileSync(own), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of `dead`; puts it back where another process has taken it over meanwhile. */
function takeAway(path: string, dead: Holder | undefined): void {
  const aside = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const found = readHolder(aside);
  if (found && found.token !== dead?.token) link(aside, path);
  rmSync(aside, { force: true });
}

function locked(folder: string, path: string, { pid, host }: Holder): DactylError {
  return new DactylError(
    'E_LOCKED',
    `${folder} is in use by process ${pid} on ${host}. Wait for it to end; if it is no process of Dactyl, remove ${path}.`,
  );
}

/** Undefined where the file is gone, torn or names nobody. */
function readHolder(path: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Value.Check(Holder, holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function hasEnded({ pid, host, token }: Holder): boolean {
  if (host !== hostname()) return false;
  if (pid === process.pid) return !held.has(token);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
