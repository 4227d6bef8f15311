import { createHash } from 'node:crypto';
import { DactylError } from '../../util/errors.ts';

/** Where messages go. */
export interface Endpoint {
  /** Of the URL, which may hold a token and so stands in no table, metric or log. */
  readonly id: string;
  /** Scheme and host, for people. */
  readonly origin: string;
  readonly url: string;
}

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/** Throws E_ARGUMENT for what is no address, holds a user or password, or is not https: except to this machine, or where `allowHttp` says so. */
export function endpointOf(text: string, allowHttp: boolean): Endpoint {
  const url = URL.parse(text);
  const safe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && (allowHttp || LOCAL.includes(url.hostname)));
  if (url === null || !safe || url.username !== '' || url.password !== '') {
    throw new DactylError(
      'E_ARGUMENT',
      `webhooks.urls: expected https://…, or http:// to localhost, without user and password; received ${url === null ? 'no address' : `one of ${url.origin}`}. webhooks.allowHttp allows http:// to any host.`,
    );
  }
  const id = createHash('sha256').update(url.href).digest('hex').slice(0, 16);
  return { id, origin: url.origin, url: url.href };
}
