import type { Server } from 'node:http';
import Fastify, {
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { ServerConfig } from './config/schema.ts';
import { consentRoutes } from './consents/routes.ts';
import { HttpError, notFound, problemOf, sendProblem } from './errors.ts';
import { type Methods, methodsIn } from './methods.ts';
import { livePageRoute, monitorRoutes } from './monitor/routes.ts';
import { describeApi } from './openapi/document.ts';
import { startPage } from './openapi/startPage.ts';
import { openInference } from './protocol/routes.ts';
import { modelRoutes } from './reading/modelRoutes.ts';
import { readingRoutes } from './reading/routes.ts';
import { reviewRoutes } from './review/routes.ts';
import { schemaError } from './schemaErrors.ts';
import { guardAccess } from './security/access.ts';
import { answerClientError, HEADER_BYTES, HEADERS_MS, REQUEST_MS } from './security/clientErrors.ts';
import { parseOnlyJson } from './security/json.ts';
import { limiterOf, secureAnswers } from './security/limits.ts';
import { tlsOf } from './security/listener.ts';
import type { Services } from './services.ts';

/** How often Node looks for clients that are too slow. */
const LOOK_MS = 2_000;

/** An application without routes. Its log is of JSON lines on standard error, or goes to `stream`; no line tells who asked what. */
export function createApp(
  config: ServerConfig,
  stream: { write(line: string): void } = process.stderr,
): FastifyInstance {
  const tls = tlsOf(config);
  const http = {
    headersTimeout: HEADERS_MS,
    connectionsCheckingInterval: LOOK_MS,
    maxHeaderSize: HEADER_BYTES,
  };
  const options: FastifyHttpOptions<Server> = {
    logger: {
      level: config.logLevel,
      stream,
      base: null,
    },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.limits.bodyBytes,
    requestTimeout: REQUEST_MS,
    // Later than the above is noticed: else who stops amid a request is cut without an answer.
    connectionTimeout: REQUEST_MS + 2 * LOOK_MS,
    clientErrorHandler: answerClientError,
    ...(tls ? { https: { ...http, ...tls } } : { http }),
    trustProxy: config.security.proxies.length > 0 && config.security.proxies,
    // What a schema does not know is refused, not passed over.
    ajv: { customOptions: { removeAdditional: false, verbose: true } },
    schemaErrorFormatter: schemaError,
    forceCloseConnections: 'idle',
    // While it ends: an answer before the body is read would reset the connection, and the client would see neither.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: refuseAddress,
  };
  return Fastify(options);
}

/** Every route of the public listener. */
export async function registerRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { config } = services;
  const methods = methodsIn(app);
  answerErrors(app, 'own', methods);
  // First: what is refused is counted, too.
  services.metrics.requests.countIn(app);
  parseOnlyJson(app);
  await secureAnswers(app, config);
  guardAccess(app, services, { limiter: await limiterOf(app, config) });
  await describeApi(app, config);
  startPage(app, config);
  livePageRoute(app);
  monitorRoutes(app, services);
  await app.register(
    (v2, _, done) => {
      answerErrors(v2, 'v2', methods);
      openInference(v2, services);
      done();
    },
    { prefix: '/v2' },
  );
  await readingRoutes(app, services);
  modelRoutes(app, services);
  consentRoutes(app, services);
  reviewRoutes(app, services);
}

/**
 * Errors and unknown routes of this part of the application, as JSON: in the form of the protocol, or in the server's own, which has a code besides. A path that is known for other methods is answered with
 * 405 and these.
 */
export function answerErrors(
  app: FastifyInstance,
  form: 'v2' | 'own',
  methods: Methods = methodsIn(app),
): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, {
      mostBytes: request.routeOptions.bodyLimit,
      contentType: request.headers['content-type'],
    });
    // Of the store's own failure its watch tells, once; of files beside it nobody else does.
    if (problem.status === 500 || (error as { code?: string }).code === 'E_FILE') {
      request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    }
    return sendProblem(reply, problem, form === 'own');
  });
  app.setNotFoundHandler((request, reply) => {
    const { method, url } = request;
    const known = methods(url.replace(/[?;].*$/s, ''));
    const problem =
      known.length === 0 ? notFound(`Nothing answers ${method} here.`) : otherMethod(method, known);
    if (known.length > 0) reply.header('allow', known.join(', '));
    return sendProblem(reply, problem, form === 'own');
  });
}

function otherMethod(method: string, known: readonly string[]): HttpError {
  return new HttpError(405, 'E_ARGUMENT', `Expected ${known.join(' or ')} here, received ${method}.`);
}

/** What is refused before a route is looked for; no hook sees it. */
function refuseAddress(
  { code }: Error & { code?: string },
  { url }: FastifyRequest,
  reply: FastifyReply,
): void {
  const [status, message] =
    code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? [414, 'The address: expected names of at most 100 characters, received a longer one.']
      : [400, 'The address: expected UTF-8 behind each %, received something else.'];
  reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  sendProblem(reply, new HttpError(status, 'E_ARGUMENT', message), !url.startsWith('/v2/'));
}
