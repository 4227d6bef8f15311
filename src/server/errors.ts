import type { FastifyError, FastifyReply } from 'fastify';
import { isOutage } from './store/outage.ts';
import { DactylError, type ErrorCode } from '../util/errors.ts';

/** What a client is answered where a request cannot be served. */
export class HttpError extends DactylError {
  readonly status: number;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: ErrorCode, message: string, options: { retryAfter?: number } = {}) {
    super(code, message);
    this.status = status;
    this.retryAfter = options.retryAfter;
  }
}

export function badRequest(message: string, code: ErrorCode = 'E_ARGUMENT'): HttpError {
  return new HttpError(400, code, message);
}

export function notFound(message: string): HttpError {
  return new HttpError(404, 'E_NOT_FOUND', message);
}

/** Of the protocol, but not served. */
export function unsupported(message: string): HttpError {
  return new HttpError(501, 'E_UNSUPPORTED', message);
}

/** Too much at once, or not ready; the same request may be served later. */
export function unavailable(message: string, retryAfter = 1): HttpError {
  return new HttpError(503, 'E_BUSY', message, { retryAfter });
}

/** Codes of errors that what the client sent has caused; the others are the server's own. */
const OF_THE_CLIENT: readonly ErrorCode[] = [
  'E_ARGUMENT',
  'E_SHAPE',
  'E_LABEL',
  'E_DATA',
  'E_NUMERIC',
  'E_FORMAT',
];

const INTERNAL = 'The server could not answer this request, for a reason of its own.';

/** Seconds; the server itself tries every two. */
const STORE_RETRY = 5;

const NO_STORE =
  'The store of this server takes no entries at present, and without them nothing is answered that needs it. Send the request again later.';

export interface Problem {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryAfter?: number | undefined;
}

/** What may be said of an error; `mostBytes` of a body, and the type that it was said to have. What is not the client's doing is said to be internal, and nothing of the inside. */
export function problemOf(
  error: unknown,
  { mostBytes, contentType }: { readonly mostBytes?: number; readonly contentType?: string | undefined } = {},
): Problem {
  if (error instanceof HttpError) return error;
  if (error instanceof DactylError && OF_THE_CLIENT.includes(error.code)) {
    const { code, message } = error;
    return { status: 400, code, message };
  }
  if (error instanceof DactylError && isOutage(error))
    return { status: 503, code: 'E_STORE', message: NO_STORE, retryAfter: STORE_RETRY };
  // Fastify's own, such as of a body that is too large, and what it makes of a body that was cut.
  const { statusCode = 500, code = '', message } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' && mostBytes !== undefined) {
    return { status: 413, code: 'E_ARGUMENT', message: `The body: expected at most ${mostBytes} bytes.` };
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const received = contentType === undefined ? 'none' : JSON.stringify(contentType.slice(0, 80));
    const said = `Content-Type: expected ${JSON_TYPE}, received ${received}. With curl: --json '{…}'`;
    return { status: 415, code: 'E_ARGUMENT', message: said };
  }
  if (statusCode >= 400 && statusCode < 500 && (code.startsWith('FST_') || code === 'ECONNRESET')) {
    return { status: statusCode, code: 'E_ARGUMENT', message: message ?? 'Bad request.' };
  }
  return { status: 500, code: 'E_STATE', message: INTERNAL };
}

/** Exactly `application/json`: kserve's client reads no body of another type, and a charset makes it another. */
export const JSON_TYPE = 'application/json';

export function sendJson(reply: FastifyReply, value: unknown, status = 200): FastifyReply {
  return sendJsonText(reply.code(status), JSON.stringify(value));
}

/** A text, which goes out in one write with the headers before it. With a serializer of its own, for else Fastify adds a charset. */
export function sendJsonText(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('content-type', JSON_TYPE).serializer(asItIs).send(text);
}

const asItIs = (text: unknown): string => text as string;

/** `{"error": text}`, as v2 states it; for the server's own routes the code, too. */
export function sendProblem(reply: FastifyReply, problem: Problem, withCode: boolean): FastifyReply {
  const { status, code, message, retryAfter } = problem;
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  return sendJson(reply, { error: message, ...(withCode && { code }) }, status);
}
