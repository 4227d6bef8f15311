import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import { DactylError } from '../../util/errors.ts';
import type { ServerConfig } from '../config/schema.ts';
import { HttpError } from '../errors.ts';
import { type ApiKey, type ApiKeys, isValid } from './apiKeys.ts';
import { keyPage } from './keyPage.ts';
import type { Limiter } from './limits.ts';
import { isLoopback } from './loopback.ts';
import { pagePolicy } from './pagePolicy.ts';
import { type Wanted, wantedBy } from './scopes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that the request came with, where it is valid. */
    apiKey: ApiKey | null;
  }
  interface FastifyContextConfig {
    /** What a route asks for, where it says so itself; else its path does. */
    scope?: Wanted;
  }
}

export function needsKeys({ host, security }: ServerConfig): boolean {
  return security.keys || !isLoopback(host);
}

/** Throws E_ARGUMENT where every request needs a key and there is none that one could come with. */
export async function requireSomeKey(
  config: ServerConfig,
  keys: Pick<ApiKeys, 'list'>,
  now: number,
): Promise<void> {
  if (!needsKeys(config) || (await keys.list()).some((key) => isValid(key, now))) return;
  const place = config.store === 'sqlite' ? `--data-dir ${config.dataDir}` : '--store postgres://…';
  throw new DactylError(
    'E_ARGUMENT',
    `Expected an API key, for ${isLoopback(config.host) ? 'security.keys is set' : `others reach ${config.host}`}, found none that is valid. Create one, which is printed once: dactyl keys create NAME --scopes read,infer ${place}`,
  );
}

/** Names of this machine in a request's Host, without its port. */
const OWN_NAMES = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

export interface AccessOptions {
  /** Every route asks for the scope `admin`. */
  readonly admin?: boolean;
  readonly limiter?: Limiter | undefined;
}

/**
 * Who may ask for what. A server on this machine only that asks for no keys answers to no other name (a page of a stranger whose name was made to lead here: 'DNS rebinding') and lets pages of
 * others change nothing, for browsers are the only way in. Before any route.
 */
export function guardAccess(
  app: FastifyInstance,
  { config, keys }: { readonly config: ServerConfig; readonly keys: ApiKeys },
  { admin = false, limiter }: AccessOptions = {},
): void {
  app.decorateRequest('apiKey', null);
  if (!admin && !needsKeys(config)) {
    app.addHook('onRequest', localOnly);
    if (limiter) {
      app.addHook('onRequest', async (request) => {
        if (!isHealth(request)) await limiter(request);
      });
    }
    return;
  }
  app.addHook('onRequest', async (request, reply) => {
    // Asks for no key, also where keys cannot be read.
    if (isHealth(request)) return;
    request.apiKey = (await keyOf(request, keys)) ?? null;
    // Those who try keys are counted, too.
    await limiter?.(request);
    const wanted = wantedOf(request, admin);
    if (wanted === 'none') return;
    const given = request.headers.authorization !== undefined;
    if (request.apiKey === null && !given && isOpened(request)) {
      const page = keyPage(wanted);
      const policy = pagePolicy(page, true);
      reply.code(401).type('text/html; charset=utf-8').header('content-security-policy', policy);
      return reply.send(page);
    }
    if (request.apiKey === null) throw unauthorized(given);
    if (wanted !== 'any' && !request.apiKey.scopes.includes(wanted)) {
      throw new HttpError(403, 'E_KEY', `Expected a key of the scope ${wanted}, received one without it.`);
    }
  });
}

const localOnly: onRequestHookHandler = (request, _reply, done) => {
  const { host = '' } = request.headers;
  if (!OWN_NAMES.test(host)) {
    done(
      new HttpError(
        421,
        'E_ARGUMENT',
        'Expected localhost as the host, received another name. Whom others are to reach asks for API keys: security.keys.',
      ),
    );
  } else if (request.method !== 'GET' && isOfOthers(request)) {
    done(
      new HttpError(
        403,
        'E_ARGUMENT',
        'Expected a request of the server’s own pages, received one of another’s.',
      ),
    );
  } else done();
};

/** Whether a page of another site sent it. Browsers say whose page it is, older ones by the origin alone; programs say neither. */
function isOfOthers({ headers, protocol }: FastifyRequest): boolean {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers;
  if (site !== 'same-origin' && site !== 'none') return true;
  return (
    origin !== undefined && (!URL.canParse(origin) || new URL(origin).origin !== ownOrigin(protocol, host))
  );
}

function ownOrigin(protocol: string, host: string): string {
  return new URL(`${protocol}://${host}`).origin;
}

/** Whether a person opened the address in a browser. */
function isOpened({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html');
}

/** What watches over a server asks often. */
function isHealth({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith('/v2/health') ?? false;
}

/** Unknown paths ask for nothing: they are answered with 404. */
function wantedOf({ routeOptions, is404 }: FastifyRequest, admin: boolean): Wanted {
  if (is404) return 'none';
  return admin ? 'admin' : (routeOptions.config.scope ?? wantedBy(routeOptions.url ?? ''));
}

async function keyOf({ headers }: FastifyRequest, keys: ApiKeys): Promise<ApiKey | undefined> {
  const text = /^Bearer +([\w-]+) *$/i.exec(headers.authorization ?? '')?.[1];
  return text === undefined ? undefined : keys.identify(text);
}

function unauthorized(given: boolean): HttpError {
  const received = given ? 'one that is not valid (any more)' : 'none';
  return new HttpError(
    401,
    'E_KEY',
    `Expected an API key in the header Authorization: Bearer dactyl_…, received ${received}.`,
  );
}
