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

/** What was expected and received, without what may be secret, where a text is no address, holds a user or password, or is not https: except to this machine, or where `allowHttp` says so. */
export function endpointProblem(text: string, allowHttp: boolean): string | undefined {
  const url = URL.parse(text);
  const safe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && (allowHttp || LOCAL.includes(url.hostname)));
  if (url !== null && safe && url.username === '' && url.password === '') return undefined;
  const received = url === null ? 'no address' : `one of ${url.protocol}//${url.host}`;
  return `expected https://…, or http:// to localhost, without user and password; received ${received}. webhooks.allowHttp allows http:// to any host`;
}

/** Throws E_ARGUMENT for what has a problem. */
export function endpointOf(text: string, allowHttp: boolean): Endpoint {
  const problem = endpointProblem(text, allowHttp);
  if (problem !== undefined) throw new DactylError('E_ARGUMENT', `webhooks.urls: ${problem}.`);
  const url = new URL(text);
  const id = createHash('sha256').update(url.href).digest('hex').slice(0, 16);
  return { id, origin: url.origin, url: url.href };
}
