import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 10;
const SECRET_BYTES = 32;
const TOKEN = /^([0-9a-f]{20})\.([A-Za-z0-9_-]{43})$/;

/** What whoever gave a consent gets: the identifier of the consent, which is no secret, and 256 random bits of which only the SHA-256 is kept. */
export interface NewToken {
  readonly consent: string;
  readonly token: string;
  /** SHA-256 of the secret part. */
  readonly digest: Uint8Array;
}

export function newToken(): NewToken {
  const consent = randomBytes(ID_BYTES).toString('hex');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { consent, token: `${consent}.${secret}`, digest: sha256Of(secret) };
}

/** The two parts of a token; undefined for any other text. */
export function partsOf(token: string): { consent: string; secret: string } | undefined {
  const [, consent, secret] = TOKEN.exec(token) ?? [];
  return consent === undefined || secret === undefined ? undefined : { consent, secret };
}

/** Whether this is the secret that was given out, in a time that does not depend on how much of it is right. */
export function isSecret(secret: string, digest: Uint8Array): boolean {
  return digest.length === 32 && timingSafeEqual(sha256Of(secret), digest);
}

function sha256Of(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
