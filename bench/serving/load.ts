/** A generator of load over HTTP/1.1, in a process of its own: as little work as possible, for it shares the machine with what it measures. Its task stands in argv[2] as JSON. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

export interface LoadTask {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A file: the body of every request. */
  readonly body: string;
  readonly connections: number;
  /** Measured, after a second that is not: both ends compile their code in it. */
  readonly seconds: number;
  /** Requests a second, whatever is answered; else each connection sends its next request once the one before is answered. */
  readonly rate?: number;
}

export interface LoadResult {
  readonly seconds: number;
  /** Answered with 200, and with anything else. */
  readonly ok: number;
  readonly refused: number;
  /** Whatever the answer, with those of the first second. */
  readonly answered: number;
  /** Milliseconds of the answers with 200: half of them, 99 of 100. */
  readonly p50: number;
  readonly p99: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const WARM_UP_MS = 1000;
/** Latencies beyond are not needed for percentiles of this sharpness. */
const MOST = 2_000_000;

if (process.argv[2] !== undefined)
  console.log(JSON.stringify(await load(JSON.parse(process.argv[2]) as LoadTask)));

async function load(task: LoadTask): Promise<LoadResult> {
  const { port, path, headers, connections, seconds, rate } = task;
  const body = readFileSync(task.body);
  const lines = Object.entries({ ...headers, 'content-length': String(body.length) });
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  const request = Buffer.concat([Buffer.from(head), body]);
  const latencies = new Float64Array(MOST);
  let ok = 0;
  let refused = 0;
  let answered = 0;
  let running = true;
  let counting = false;
  const idle: Client[] = [];
  /** When the k-th request of an open load was due. */
  let due = 0;
  const clients = await Promise.all(
    Array.from({ length: connections }, () =>
      client(port, (self, status) => {
        answered++;
        if (counting && status === 200) {
          if (ok < MOST) latencies[ok] = performance.now() - self.sent;
          ok++;
        } else if (counting) refused++;
        if (!running) return;
        if (rate === undefined) self.send(request);
        else idle.push(self);
      }),
    ),
  );
  const begun = performance.now();
  if (rate === undefined) for (const one of clients) one.send(request);
  else {
    idle.push(...clients);
    const timer = setInterval(() => {
      const now = performance.now() - begun;
      while (due / rate < now / 1000 && idle.length > 0) {
        idle.pop()!.send(request);
        due++;
      }
      // What could not be sent for want of a connection is not sent later: the load would not be what it is said to be.
      due = Math.max(due, Math.floor((now / 1000) * rate));
    }, 1);
    setTimeout(
      () => {
        clearInterval(timer);
      },
      WARM_UP_MS + seconds * 1000,
    );
  }
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
  counting = true;
  const from = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  running = false;
  const ended = performance.now();
  for (const one of clients) one.socket.destroy();
  const sorted = latencies.subarray(0, Math.min(ok, MOST)).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { seconds: (ended - from) / 1000, ok, refused, answered, p50: at(0.5), p99: at(0.99) };
}

interface Client {
  readonly socket: Socket;
  sent: number;
  send(request: Buffer): void;
}

function client(port: number, answered: (self: Client, status: number) => void): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let rest: Buffer = Buffer.alloc(0);
  let missing = -1;
  let status = 0;
  const self: Client = {
    socket,
    sent: 0,
    send(request) {
      self.sent = performance.now();
      socket.write(request);
    },
  };
  socket.on('data', (chunk: Buffer) => {
    if (missing < 0) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = rest.indexOf(HEAD_END);
      if (end < 0) return;
      const text = rest.toString('latin1', 0, end);
      status = Number(text.slice(9, 12));
      const length = /content-length: (\d+)/i.exec(text);
      missing = Number(length![1]) - (rest.length - end - 4);
      rest = Buffer.alloc(0);
    } else missing -= chunk.length;
    if (missing > 0) return;
    missing = -1;
    answered(self, status);
  });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => {
      resolve(self);
    });
    socket.once('error', reject);
  });
}
