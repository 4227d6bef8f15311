import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DactylError } from '../../util/errors.ts';

const CIPHER = 'aes-256-gcm';
const VERSION = 1;
const NONCE = 12;
const TAG = 16;

/** Bytes of a key. */
export const KEY_BYTES = 32;

/** Where sealed bytes belong, such as a consent's identifier and a field's name. It is authenticated: bytes that were moved elsewhere do not open. */
export type Place = readonly string[];

/** AES-256-GCM (NIST SP 800-38D): a byte for the version, 12 random bytes, the ciphertext, as long as `bytes`, and a tag of 16 bytes. */
export function sealBytes(key: Uint8Array, place: Place, bytes: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG });
  cipher.setAAD(authenticated(place));
  return Buffer.concat([
    Uint8Array.of(VERSION),
    nonce,
    cipher.update(bytes),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** What `sealBytes` was given. Throws E_CHECKSUM where key, place or a single bit is another. */
export function openBytes(key: Uint8Array, place: Place, sealed: Uint8Array): Uint8Array {
  if (sealed.length < 1 + NONCE + TAG || sealed[0] !== VERSION) {
    throw new DactylError(
      'E_CHECKSUM',
      `${place.join(', ')}: expected sealed bytes of version ${VERSION}, at least ${1 + NONCE + TAG}; received ${sealed.length} of version ${sealed[0] ?? 'none'}. The store was changed from outside; restore a backup.`,
    );
  }
  const end = sealed.length - TAG;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, 1 + NONCE), { authTagLength: TAG });
  decipher.setAAD(authenticated(place));
  decipher.setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE, end)), decipher.final()]);
  } catch (cause) {
    throw new DactylError(
      'E_CHECKSUM',
      `${place.join(', ')}: the sealed bytes do not open: they were changed, belong to another place, or were sealed with another key. Give the keys folder that the server had when it sealed them, or restore a backup.`,
      { cause },
    );
  }
}

/** As JSON, so that no two places give the same bytes. */
function authenticated(place: Place): Buffer {
  return Buffer.from(JSON.stringify(place));
}
