/**
 * A turn of the event loop reads every request that has come; where many have, it lasts tens of milliseconds. What threads have answered meanwhile, and what is to be sent to them next, would wait for its end, several times
 * for each request. So whoever is called often in such a turn calls `goOn`, and neither waits.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

const OFTEN_MS = 4;

type Take = (message: unknown) => void;

const ports = new Map<MessagePort, Take>();
/** By when, in milliseconds. */
const planned = new Map<() => void, number>();
let last = 0;

/** Gives `take` each message of the port, also within a long turn. The port keeps no process alive. Returns what takes those that are there: for when the other side has ended. */
export function onMessages<T>(port: MessagePort, take: (message: T) => void): () => void {
  ports.set(port, take as Take);
  port.on('message', take);
  port.on('close', () => ports.delete(port));
  port.unref();
  return () => {
    takeAll(port, take as Take);
  };
}

/** Does `work` once, behind what is read in this turn or, where the turn is long, within it; `ms` milliseconds from now at the earliest. */
export function soon(work: () => void, ms = 0): void {
  planned.set(work, performance.now() + ms);
  const now = (): void => {
    if (planned.delete(work)) work();
  };
  if (ms > 0) setTimeout(now, ms);
  else setImmediate(now);
}

/** Takes messages and does what was planned, where some milliseconds have passed since the last time. */
export function goOn(): void {
  const now = performance.now();
  if (now - last < OFTEN_MS) return;
  last = now;
  for (const [port, take] of ports) takeAll(port, take);
  for (const [work, from] of planned) {
    if (from >= now) continue;
    planned.delete(work);
    work();
  }
}

function takeAll(port: MessagePort, take: Take): void {
  for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
    take(got.message);
  }
}
