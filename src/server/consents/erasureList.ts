import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureWritableFolder, writeFileAtomic } from '../../store/atomic.ts';
import { fileError } from '../../store/fileError.ts';
import { sha256 } from '../../store/sha256.ts';
import { canonicalJson } from '../../util/canonicalJson.ts';
import { DactylError } from '../../util/errors.ts';
import * as form from '../../util/form.ts';

/** Why images were erased: whoever gave the consent asked for it, or its time was over. */
export type ErasureReason = 'request' | 'expiry';

export interface Erasure {
  readonly consent: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reason: ErasureReason;
}

/** What was erased, outside of every backup, so that a backup that is restored can be freed of it. Holds no images and no identity. */
export interface ErasureList {
  /** On the disk when it returns. */
  append(erasures: readonly Erasure[]): void;
  /** Of all instances that share the folder. Throws E_CHECKSUM where an entry was changed, moved or taken out. */
  all(): Erasure[];
}

const Entry = form.fields({
  seq: form.count,
  consent: form.text,
  at: form.integer,
  reason: form.oneOf('request', 'expiry'),
  previous: form.text,
  signature: form.text,
});
type Entry = form.TypeOf<typeof Entry>;

const BEGIN = '0'.repeat(64);
const SECRET = 0o600;

/**
 * A file of JSON lines for each instance of the server. A line states the SHA-256 of the line before and is signed (Ed25519) without its `signature`, as canonical JSON; the
 * key lies beside. A cut end shows against the audit log, which has an event for every erasure. Throws E_FILE.
 */
export function openErasureList(folder: string, instance: string): ErasureList {
  ensureWritableFolder(folder);
  const key = signingKey(join(folder, 'signing.key'));
  const path = join(folder, `${instance}.ndjson`);
  let { seq, previous } = ownEnd();

  /** What a crash left of a line is cut: its erasure was not said to be done. */
  function ownEnd(): { seq: number; previous: string } {
    if (!existsSync(path)) return { seq: 0, previous: BEGIN };
    const text = read(path);
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
    const lines = linesOf(whole);
    check(lines, path, key);
    return { seq: lines.length, previous: lines.length === 0 ? BEGIN : sha256(lines.at(-1)!) };
  }

  return {
    append(erasures) {
      let text = '';
      for (const { consent, at, reason } of erasures) {
        seq++;
        const content = { seq, consent, at, reason, previous };
        const signature = sign(null, Buffer.from(canonicalJson(content)), key).toString('base64');
        const line = JSON.stringify({ ...content, signature });
        previous = sha256(line);
        text += `${line}\n`;
      }
      if (text !== '') appendDurably(path, text);
    },
    all: () =>
      filesOf(folder).flatMap((file) => {
        const own = join(folder, file);
        const text = read(own);
        return check(linesOf(text.slice(0, text.lastIndexOf('\n') + 1)), own, key);
      }),
  };
}

function check(lines: readonly string[], path: string, key: KeyObject): Erasure[] {
  const open = createPublicKey(key);
  let previous = BEGIN;
  return lines.map((line, k) => {
    const place = `${path}, line ${k + 1}`;
    const { signature, ...content }: Entry = form.parseJson(Entry, line, (reason, options) => {
      return new DactylError('E_CHECKSUM', `${place}: ${reason}. ${REMEDY}`, options);
    });
    const signed = verify(
      null,
      Buffer.from(canonicalJson(content)),
      open,
      new Uint8Array(Buffer.from(signature, 'base64')),
    );
    if (!signed || content.seq !== k + 1 || content.previous !== previous) {
      throw new DactylError(
        'E_CHECKSUM',
        `${place}: expected entry ${k + 1} of the list of erasures, signed and following the one before; it was changed, moved or is of another list. ${REMEDY}`,
      );
    }
    previous = sha256(line);
    const { consent, at, reason } = content;
    return { consent, at, reason };
  });
}

const REMEDY =
  'Put back the file as the server left it; without it, images that were erased could come back with a backup.';

function signingKey(path: string): KeyObject {
  if (!existsSync(path)) {
    if (filesOf(dirname(path)).length > 0) {
      throw new DactylError(
        'E_NOT_FOUND',
        `${path}: expected the key that signed the list of erasures beside it; it is not there. Put back the folder that the server had.`,
      );
    }
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileAtomic(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), SECRET);
  }
  try {
    return createPrivateKey(read(path));
  } catch (cause) {
    if (cause instanceof DactylError) throw cause;
    throw new DactylError(
      'E_FORMAT',
      `${path}: expected an Ed25519 key in PEM, received something else. Put back the file.`,
      { cause },
    );
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ndjson'))
      .sort();
  } catch (error) {
    throw fileError(error, 'read the folder', folder);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

function appendDurably(path: string, text: string): void {
  try {
    const descriptor = openSync(path, 'a', SECRET);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}
