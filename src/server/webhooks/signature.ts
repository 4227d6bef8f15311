import { createHmac } from 'node:crypto';
import { DactylError } from '../../util/errors.ts';

const PREFIX = 'whsec_';
/** Bytes of a secret, as the Standard Webhooks specification has them. */
const [LEAST, MOST] = [24, 64];

/** The key of a secret `whsec_…`. Throws E_ARGUMENT, without the secret in its message. */
export function secretKey(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = Buffer.from(encoded, 'base64');
  if (
    key.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '') ||
    key.length < LEAST ||
    key.length > MOST
  ) {
    throw new DactylError(
      'E_ARGUMENT',
      `webhooks.secrets: expected ${PREFIX} and ${LEAST} to ${MOST} random bytes in base64, received something else (not shown). Make one: echo "${PREFIX}$(openssl rand -base64 32)"`,
    );
  }
  return key;
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
