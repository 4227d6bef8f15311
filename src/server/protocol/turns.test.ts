import { expect, test } from 'vitest';
import { soon } from '../longTurns.ts';
import { Turns } from './turns.ts';

test('what comes in a turn after its time is refused but for the first 64, and the next turn takes requests again', async () => {
  let now = 0;
  const turns = new Turns(20, () => now);
  turns.enter();
  now = 20;
  for (let k = 1; k < 63; k++) turns.enter();
  now = 21;
  turns.enter();
  expect(() => {
    turns.enter();
  }).toThrow('at once');
  await new Promise((resolve) => setImmediate(resolve));
  now = 1000;
  turns.enter();
  now = 1010;
  turns.enter();
});

test('requests that come in a long turn let go on what was planned, also where they are refused', () => {
  let now = 0;
  let done = 0;
  const turns = new Turns(20, () => now);
  for (let k = 0; k < 64; k++) turns.enter();
  now = 21;
  soon(() => done++);
  const end = performance.now() + 10;
  while (performance.now() < end);
  expect(() => {
    turns.enter();
  }).toThrow('at once');
  expect(done).toBe(1);
});
