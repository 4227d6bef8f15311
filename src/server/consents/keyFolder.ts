import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, writeFileAtomic } from '../../store/atomic.ts';
import { fileError } from '../../store/fileError.ts';
import { DactylError } from '../../util/errors.ts';
import * as form from '../../util/form.ts';
import { KEY_BYTES, openBytes, sealBytes } from './cipher.ts';

/** Why images are used for nothing. It stands with their key, too, so that it cannot be taken away in the store, nor by a backup of it. */
export const STOPS = ['restricted', 'objected'] as const;
export type Stop = (typeof STOPS)[number];

export interface DataKey {
  readonly key: Uint8Array;
  readonly stops: readonly Stop[];
}

/**
 * A folder that lies outside of every backup: `master/1.key`, and for each consent `consents/ab/abcd….json`, a data key that the master key wraps.
 * A consent's images open with its data key only, so whoever destroys that file destroys them wherever they are, in backups too.
 */
export interface KeyFolder {
  /** A new data key, on the disk when it returns. */
  create(consent: string, stops?: readonly Stop[]): Uint8Array;
  /** Throws E_ERASED where there is none (any more), E_CHECKSUM where the master key is another or the file was changed. */
  read(consent: string): DataKey;
  /** On the disk when it returns. Throws as `read`. */
  setStops(consent: string, stops: readonly Stop[]): void;
  /** Overwritten, then removed. Nothing happens where there is none. */
  destroy(consent: string): void;
  /** A new master key wraps every data key, then the old one is destroyed. Goes on where it was interrupted. */
  rotate(): { readonly master: number; readonly rewrapped: number };
}

const SECRET = 0o600;
const PRIVATE = 0o700;
const IDENTIFIER = /^[0-9a-z-]{4,80}$/;
const Wrapped = form.fields({
  master: form.integer,
  key: form.text,
  stops: form.optional(form.list(form.oneOf(...STOPS))),
});

/** Opens the folder, and makes it, with a master key, where it is missing. Throws E_FILE. */
export function openKeyFolder(folder: string): KeyFolder {
  const masters = join(folder, 'master');
  const consents = join(folder, 'consents');
  makeFolder(folder, PRIVATE);
  makeFolder(masters, PRIVATE);
  makeFolder(consents, PRIVATE);
  if (mastersIn(masters).length === 0) {
    if (fileNames(consents).length > 0) {
      throw new DactylError(
        'E_NOT_FOUND',
        `${masters}: expected the master key that wraps the data keys beside it; it is not there. Put back the folder that the server had.`,
      );
    }
    writeMaster(1);
  }

  function newest(): number {
    return mastersIn(masters).at(-1) ?? 0;
  }

  function writeMaster(version: number): void {
    writeFileAtomic(masterPath(version), `${randomBytes(KEY_BYTES).toString('hex')}\n`, SECRET);
  }

  function masterPath(version: number): string {
    return join(masters, `${version}.key`);
  }

  function master(version: number): Uint8Array {
    const path = masterPath(version);
    const text = readIfThere(path)?.trim();
    if (text === undefined) {
      throw new DactylError(
        'E_NOT_FOUND',
        `${path}: expected the master key ${version}, which wraps a data key; it is not there. Put back the keys folder that the server had.`,
      );
    }
    if (!/^[0-9a-f]{64}$/.test(text)) {
      throw new DactylError(
        'E_FORMAT',
        `${path}: expected a master key, 64 hexadecimal digits; received ${text.length} other characters. Put back the file.`,
      );
    }
    return Buffer.from(text, 'hex');
  }

  function pathOf(consent: string): string {
    return dataKeyPath(folder, consent);
  }

  function write(consent: string, { key, stops }: DataKey): void {
    // Whoever rotates meanwhile either sees this file or has made a newer master key by now.
    for (let version = newest(); ; version = newest()) {
      const wrapped = sealBytes(master(version), placeOf(consent, stops), key);
      const content = {
        master: version,
        key: Buffer.from(wrapped).toString('base64'),
        ...(stops.length > 0 && { stops }),
      };
      writeFileAtomic(pathOf(consent), `${JSON.stringify(content)}\n`, SECRET);
      if (newest() === version) return;
    }
  }

  function read(consent: string): DataKey {
    const path = pathOf(consent);
    const text = readIfThere(path);
    if (text === undefined) {
      throw new DactylError(
        'E_ERASED',
        `${consent}: the key of this consent's images is not in ${consents}. It was destroyed when they were erased, and nothing opens them any more; or this is not the keys folder that the server had.`,
      );
    }
    const wrapped = form.parseJson(Wrapped, text, (reason, options) => {
      return new DactylError('E_CHECKSUM', `${path}: ${reason}. Put back the file.`, options);
    });
    const { stops = [] } = wrapped;
    const sealed = new Uint8Array(Buffer.from(wrapped.key, 'base64'));
    return { key: openBytes(master(wrapped.master), placeOf(consent, stops), sealed), stops };
  }

  return {
    create(consent, stops = []) {
      const key = randomBytes(KEY_BYTES);
      makeFolder(dirname(pathOf(consent)), PRIVATE);
      write(consent, { key, stops });
      return key;
    },
    read,
    setStops(consent, stops) {
      write(consent, { key: read(consent).key, stops });
    },
    destroy(consent) {
      shred(pathOf(consent));
    },
    rotate() {
      const old = mastersIn(masters);
      const next = newest() + 1;
      writeMaster(next);
      let rewrapped = 0;
      for (const consent of dataKeysIn(folder)) {
        let key: DataKey;
        try {
          key = read(consent);
        } catch (error) {
          // Erased since the folder was listed.
          if (error instanceof DactylError && error.code === 'E_ERASED') continue;
          throw error;
        }
        write(consent, key);
        rewrapped++;
      }
      for (const version of old) shred(masterPath(version));
      return { master: next, rewrapped };
    },
  };
}

/** The same without a disk. */
export function keysInMemory(): KeyFolder {
  const keys = new Map<string, DataKey>();
  let master = 1;
  const read = (consent: string): DataKey => {
    const key = keys.get(consent);
    if (key) return key;
    throw new DactylError('E_ERASED', `${consent}: the key of this consent's images was destroyed.`);
  };
  return {
    create(consent, stops = []) {
      const key = randomBytes(KEY_BYTES);
      keys.set(consent, { key, stops });
      return key;
    },
    read,
    setStops(consent, stops) {
      keys.set(consent, { key: read(consent).key, stops });
    },
    destroy(consent) {
      keys.get(consent)?.key.fill(0);
      keys.delete(consent);
    },
    rotate: () => ({ master: ++master, rewrapped: keys.size }),
  };
}

function placeOf(consent: string, stops: readonly Stop[]): string[] {
  return [consent, 'data key', ...stops];
}

/** Whether the folder has a master key. Makes none. Throws E_FILE. */
export function hasMasterKey(folder: string): boolean {
  const masters = join(folder, 'master');
  return existsSync(masters) && mastersIn(masters).length > 0;
}

/** Whether the folder has the key of this consent's images. */
export function hasDataKey(folder: string, consent: string): boolean {
  return existsSync(dataKeyPath(folder, consent));
}

/** Whose keys the folder has. Makes none. Throws E_FILE. */
export function dataKeysIn(folder: string): string[] {
  const consents = join(folder, 'consents');
  if (!existsSync(consents)) return [];
  return fileNames(consents)
    .flatMap((prefix) => fileNames(join(consents, prefix)))
    .flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []));
}

function dataKeyPath(folder: string, consent: string): string {
  if (!IDENTIFIER.test(consent)) throw new Error(`not an identifier: ${consent}`);
  return join(folder, 'consents', consent.slice(0, 2), `${consent}.json`);
}

/** The numbers of the master keys that are there, ascending. */
function mastersIn(folder: string): number[] {
  return fileNames(folder)
    .flatMap((file) => (/^[1-9][0-9]*\.key$/.test(file) ? [parseInt(file, 10)] : []))
    .sort((a, b) => a - b);
}

function fileNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw fileError(error, 'read the folder', folder);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(error, 'read', path);
  }
}

/** What a disk keeps of an overwritten file is a key that the next rotation of the master key makes useless. */
function shred(path: string): void {
  try {
    const descriptor = openSync(path, 'r+');
    try {
      writeSync(descriptor, new Uint8Array(statSync(path).size));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    rmSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(error, 'erase', path);
  }
}
