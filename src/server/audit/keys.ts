import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, writeFileAtomic } from '../../store/atomic.ts';
import { fileError } from '../../store/fileError.ts';
import { readText } from '../../store/readFile.ts';
import { DactylError } from '../../util/errors.ts';
import {
  type Checkpoint,
  isSignedBy,
  namedKey,
  type NamedKey,
  originOf,
  parseVerifier,
  verifierText,
} from './checkpoint.ts';

const SECRET = 0o600;

/** The key that signs checkpoints, `signing.key` in the folder, made where it is missing; beside it `CHAIN.vkey`, the public half to give away. Throws E_FILE, E_FORMAT. */
export function signingKey(folder: string, chain: string): KeyObject {
  const path = join(folder, 'signing.key');
  makeFolder(folder);
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileAtomic(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), SECRET);
  }
  const key = privateKeyOf(path);
  if (!existsSync(join(folder, `${chain}.vkey`))) addVerifier(folder, chain, key);
  return key;
}

/** The public half of a key, as text; it is a line of `CHAIN.vkey`, too, behind those of the keys before it. Throws E_FILE. */
export function addVerifier(folder: string, chain: string, key: KeyObject): string {
  const path = join(folder, `${chain}.vkey`);
  const own = verifierText(namedKey(originOf(chain), key));
  const lines = existsSync(path)
    ? readText(path)
        .split('\n')
        .filter((line) => line !== '')
    : [];
  if (!lines.includes(own)) writeFileAtomic(path, `${[...lines, own].join('\n')}\n`);
  return own;
}

/** Whether the folder's key signed each of the notes; undefined where there is no key. Makes none. Throws E_FILE, E_FORMAT. */
export function signedWith(folder: string, notes: readonly Checkpoint[]): boolean | undefined {
  const path = join(folder, 'signing.key');
  if (!existsSync(path)) return undefined;
  const key = privateKeyOf(path);
  return notes.every((note) => isSignedBy(note, [namedKey(originOf(note.chain), key)]));
}

/** The public keys in a file, one a line, or in the `*.vkey` files of a folder. Throws E_FILE; E_FORMAT where a file holds none. */
export function verifierKeys(path: string): NamedKey[] {
  const files = readable(path, () =>
    readdirSync(path)
      .filter((name) => name.endsWith('.vkey'))
      .sort()
      .map((name) => join(path, name)),
  );
  return files.flatMap((file) => {
    const text = readable(file, () => [readFileSync(file, 'utf8')])[0];
    const keys = text.split('\n').flatMap((line) => parseVerifier(line) ?? []);
    if (keys.length === 0) {
      throw new DactylError(
        'E_FORMAT',
        `${file}: expected a line NAME+ID+KEY, as the server writes it to keys/audit/*.vkey; received none.`,
      );
    }
    return keys;
  });
}

/** The path itself where it is a file. */
function readable(path: string, read: () => string[]): string[] {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [path];
    throw fileError(error, 'read', path);
  }
}

function privateKeyOf(path: string): KeyObject {
  try {
    return createPrivateKey(readable(path, () => [readFileSync(path, 'utf8')])[0]);
  } catch (cause) {
    if (cause instanceof DactylError) throw cause;
    const message = `${path}: expected an Ed25519 key in PEM, received something else. Put back the file; a new key would not fit the checkpoints that were signed.`;
    throw new DactylError('E_FORMAT', message, { cause });
  }
}
