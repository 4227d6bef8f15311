import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { makeFolder } from '../store/atomic.ts';
import { fileError } from '../store/fileError.ts';
import { DactylError } from '../util/errors.ts';
import { print, warn } from './terminal.ts';

export interface EventLog {
  readonly write: (event: object) => void;
  readonly close: () => void;
}

const NONE: EventLog = { write: () => undefined, close: () => undefined };

/**
 * Where `--events` go: a file, a pipe with a reader, or with - standard output. A file that is there is replaced only where it has events: E_ARGUMENT for
 * any other, which might be the study itself. E_FILE for a pipe that nobody reads. Events that cannot be written are given up with a warning:
 * the results matter more.
 */
export function openEvents(path: string | undefined, signal?: AbortSignal): EventLog {
  if (path === undefined) return NONE;
  if (path === '-') {
    return {
      write: (event) => {
        print(JSON.stringify(event));
      },
      close: () => undefined,
    };
  }
  try {
    makeFolder(dirname(path));
    const descriptor = openWithoutWaiting(path);
    return fstatSync(descriptor).isFIFO() ? toPipe(descriptor, path, signal) : toFile(descriptor, path);
  } catch (error) {
    throw error instanceof DactylError ? error : fileError(error, 'write', path);
  }
}

function openWithoutWaiting(path: string): number {
  const { O_RDWR, O_WRONLY, O_CREAT, O_NONBLOCK = 0 } = constants;
  try {
    // A pipe without a reader is ENXIO with O_NONBLOCK, and an endless wait without.
    const pipe = openSync(path, O_WRONLY | O_NONBLOCK);
    if (!fstatSync(pipe).isFile()) return pipe;
    closeSync(pipe);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENXIO') {
      throw new DactylError(
        'E_FILE',
        `Cannot write ${path}: it is a pipe that nobody reads. Start its reader first.`,
        { cause: error },
      );
    }
    if (code !== 'ENOENT') throw error;
  }
  return openSync(path, O_RDWR | O_CREAT, 0o666);
}

function toFile(descriptor: number, path: string): EventLog {
  try {
    emptyEvents(descriptor, path);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  let broken = false;
  return {
    write(event) {
      if (broken) return;
      try {
        writeSync(descriptor, `${JSON.stringify(event)}\n`);
      } catch (error) {
        broken = true;
        givenUp(error, path);
      }
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

const START = '{"event":';

/** Empties a file of events; refuses any other content. */
function emptyEvents(descriptor: number, path: string): void {
  const stats = fstatSync(descriptor);
  if (!stats.isFile() || stats.size === 0) return;
  const start = Buffer.alloc(START.length);
  readSync(descriptor, start, 0, start.length, 0);
  if (start.toString() !== START) {
    throw new DactylError(
      'E_ARGUMENT',
      `--events ${path}: expected a new file, or one of events; received one with other content, which would be lost. Choose another name.`,
    );
  }
  ftruncateSync(descriptor, 0);
}

/** What its reader does not take waits in memory, so that a reader that sleeps stops nothing. */
function toPipe(descriptor: number, path: string, signal: AbortSignal | undefined): EventLog {
  const pipe = new Socket({ fd: descriptor, readable: false, writable: true });
  pipe.on('error', (error: Error) => {
    givenUp(error, path);
  });
  signal?.addEventListener('abort', () => pipe.destroy(), { once: true });
  return {
    write(event) {
      if (pipe.writable) pipe.write(`${JSON.stringify(event)}\n`);
    },
    close: () => {
      pipe.end();
    },
  };
}

function givenUp(error: unknown, path: string): void {
  warn(`No more events are written. ${fileError(error, 'write', path).message}`);
}
