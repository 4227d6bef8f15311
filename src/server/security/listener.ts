import { readFileSync } from 'node:fs';
import type { ServerConfig } from '../config/schema.ts';
import { fileError } from '../../store/fileError.ts';
import { DactylError } from '../../util/errors.ts';

/** Certificate and key of HTTPS; undefined where none are set. Throws E_ARGUMENT for one without the other, E_FILE. */
export function tlsOf({
  security: { tlsCert, tlsKey },
}: Pick<ServerConfig, 'security'>): { readonly cert: Buffer; readonly key: Buffer } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    const [given, absent] = tlsKey === undefined ? ['tlsCert', 'tlsKey'] : ['tlsKey', 'tlsCert'];
    throw new DactylError(
      'E_ARGUMENT',
      `security.${given}: expected security.${absent} with it, received none.`,
    );
  }
  return { cert: contentOf(tlsCert), key: contentOf(tlsKey) };
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}
