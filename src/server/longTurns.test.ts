import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { goOn, onMessages, soon } from './longTurns.ts';

/** Holds the turn for so long. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** The end of this turn and of the next. */
async function turns(): Promise<void> {
  for (let k = 0; k < 3; k++) await new Promise((resolve) => setImmediate(resolve));
}

test('messages are taken within a long turn, in their order and once', async () => {
  const { port1, port2 } = new MessageChannel();
  const taken: number[] = [];
  onMessages<number>(port1, (message) => taken.push(message));
  port2.postMessage(1);
  port2.postMessage(2);
  work(5);
  expect(taken).toEqual([]);
  goOn();
  expect(taken).toEqual([1, 2]);
  // Too soon after.
  port2.postMessage(3);
  goOn();
  expect(taken).toEqual([1, 2]);
  port1.ref();
  await turns();
  expect(taken).toEqual([1, 2, 3]);
  port2.close();
  await once(port1, 'close');
  work(5);
  goOn();
  expect(taken).toEqual([1, 2, 3]);
});

test('what takes the last messages takes those that the turn has not', () => {
  const { port1, port2 } = new MessageChannel();
  const taken: string[] = [];
  const takeLast = onMessages<string>(port1, (message) => taken.push(message));
  port2.postMessage('last');
  takeLast();
  expect(taken).toEqual(['last']);
  port2.close();
});

test('what is planned is done once: within a long turn, not before its time, or else behind the turn', async () => {
  const done: string[] = [];
  soon(() => done.push('now'));
  soon(() => done.push('later'), 15);
  expect(done).toEqual([]);
  work(5);
  goOn();
  expect(done).toEqual(['now']);
  work(15);
  goOn();
  expect(done).toEqual(['now', 'later']);
  soon(() => done.push('behind'));
  await turns();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(done).toEqual(['now', 'later', 'behind']);
});

test('work that plans itself again is not done again in the same call', () => {
  let times = 0;
  const again = (): void => {
    times++;
    if (times < 3) soon(again);
  };
  soon(again);
  work(5);
  goOn();
  expect(times).toBe(1);
});
