import { createHmac } from 'node:crypto';
import { DactylError } from '../../util/errors.ts';

const PREFIX = 'whsec_';
/** Bytes of a secret, as the Standard Webhooks specification has them. */
const [LEAST, MOST] = [24, 64];

/** What was expected, where a text is no secret `whsec_…`; the text is not shown. */
export function secretProblem(secret: string): string | undefined {
  const encoded = encodedIn(secret);
  const key = Buffer.from(encoded, 'base64');
  const isBase64 = key.toString('base64').replace(/=+$/, '') === encoded.replace(/=+$/, '');
  if (isBase64 && key.length >= LEAST && key.length <= MOST) return undefined;
  return `expected ${PREFIX} and ${LEAST} to ${MOST} random bytes in base64, received something else (not shown). Make one: echo "${PREFIX}$(openssl rand -base64 32)"`;
}

/** The key of a secret. Throws E_ARGUMENT for what has a problem. */
export function secretKey(secret: string): Buffer {
  const problem = secretProblem(secret);
  if (problem !== undefined) throw new DactylError('E_ARGUMENT', `webhooks.secrets: ${problem}`);
  return Buffer.from(encodedIn(secret), 'base64');
}

function encodedIn(secret: string): string {
  return secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
}

/** The header `webhook-signature` of the Standard Webhooks specification: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, one for each key, so that a receiver may know the old or the new one. `timestamp` in seconds since 1970. */
export function signatures(
  keys: readonly Buffer[],
  { id, timestamp, body }: { id: string; timestamp: number; body: string },
): string {
  return keys
    .map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
    .join(' ');
}
