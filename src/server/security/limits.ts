import { createHash, randomBytes } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { ServerConfig } from '../config/schema.ts';
import { HttpError } from '../errors.ts';
import { isLoopback } from './loopback.ts';

const PER_MINUTE = 6000;
/** Keys and addresses whose requests are counted at the same time; the least recent is forgotten. */
const COUNTED = 10_000;
const MINUTE_MS = 60_000;

/** Pages of this server load nothing from elsewhere, run no script that stands in them, and are shown in no frame. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
} as const;

/** What every answer says, and how many connections there may be. Before any route. */
export async function secureAnswers(app: FastifyInstance, config: ServerConfig): Promise<void> {
  app.server.maxConnections = config.security.connections;
  const headers = { ...(await helmetHeaders(config)), 'cache-control': 'no-store' };
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

/** They are the same for every answer, and helmet would put them together anew for each. */
async function helmetHeaders(config: ServerConfig): Promise<Record<string, string>> {
  const probe = Fastify();
  await probe.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: copied(CONTENT_SECURITY_POLICY) },
    referrerPolicy: { policy: 'no-referrer' },
    // Whether names below this one have HTTPS, too, is not for this server to say.
    hsts: config.security.tlsCert === undefined ? false : { maxAge: 31_536_000, includeSubDomains: false },
  });
  probe.get('/', (_request, reply) => reply.code(204).send());
  const { headers } = await probe.inject('/');
  await probe.close();
  const own = Object.entries(headers).filter(([name]) => !['date', 'connection'].includes(name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

/** Throws E_BUSY (429) for a request that is one too many of its key or, where it has none, its address. */
export type Limiter = (request: FastifyRequest) => Promise<void>;

/** Undefined where there is no limit. */
export async function limiterOf(app: FastifyInstance, config: ServerConfig): Promise<Limiter | undefined> {
  const { requestsPerMinute: max = isLoopback(config.host) ? 0 : PER_MINUTE } = config.security;
  if (max === 0) return undefined;
  await app.register(rateLimit, { global: false, cache: COUNTED });
  const count = app.createRateLimit({
    max,
    timeWindow: MINUTE_MS,
    // Addresses are not kept, not even for a minute.
    keyGenerator: (request) =>
      request.apiKey?.id ?? createHash('sha256').update(SALT).update(request.ip).digest('base64'),
  });
  return async (request) => {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    const message = `Expected at most ${max} requests a minute, received more. Wait a moment.`;
    throw new HttpError(429, 'E_BUSY', message, { retryAfter: counted.ttlInSeconds });
  };
}

/** Of this process. */
const SALT = randomBytes(32);

function copied(directives: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(directives).map(([name, values]) => [name, [...values]]));
}
