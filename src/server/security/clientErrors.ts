import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '../../util/errors.ts';

/** Slower clients are not waited for: until the headers are there, until all is. */
export const HEADERS_MS = 10_000;
export const REQUEST_MS = 60_000;
export const HEADER_BYTES = 16_384;

interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly code?: ErrorCode;
  /** Seconds. */
  readonly retryAfter?: number;
}

const SLOW: Refusal = {
  status: 408,
  error: `Expected a request's headers within ${HEADERS_MS / 1000} s and all of it within ${REQUEST_MS / 1000}, received them more slowly.`,
};
const LARGE: Refusal = {
  status: 431,
  error: `Expected headers of at most ${HEADER_BYTES} bytes, received more.`,
};
const NO_HTTP: Refusal = { status: 400, error: 'Expected a request of HTTP/1.1, received something else.' };
const REFUSALS: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: SLOW,
  HPE_HEADER_OVERFLOW: LARGE,
};

/** Answers, in the form of all other errors, what is refused before it is a request, and closes the connection. */
export function answerClientError(problem: Error & { code?: string }, socket: Socket): void {
  if (problem.code === 'ECONNRESET' || socket.destroyed) return;
  refuseConnection(socket, REFUSALS[problem.code ?? ''] ?? NO_HTTP);
}

/** Answers and closes, whatever of the request is still to come. */
export function refuseConnection(
  socket: Socket,
  { status, error, code = 'E_ARGUMENT', retryAfter }: Refusal,
): void {
  const body = JSON.stringify({ error, code });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
    ...(retryAfter === undefined ? [] : [`retry-after: ${retryAfter}`]),
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
}
