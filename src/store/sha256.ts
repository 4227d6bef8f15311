import { createHash } from 'node:crypto';

/** `sha256Hex` by Node, which is several times as fast; text as UTF-8. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
