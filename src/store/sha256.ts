import { createHash, hash as hashOf } from 'node:crypto';

/** `sha256Hex` by Node, which is several times as fast; text as UTF-8. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  if (parts.length === 1) return hashOf('sha256', parts[0]);
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
