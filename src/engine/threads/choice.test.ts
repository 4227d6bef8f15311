import { expect, test } from 'vitest';
import { Choice } from './choice.ts';

/** Takes steps of so many milliseconds, as the function of whether it is shared says, until `end`; the share of steps that were shared from `from` on. */
function sharedSteps(
  milliseconds: (shared: boolean, now: number) => number,
  from: number,
  end: number,
): number {
  const choice = new Choice();
  let [now, shared, all] = [1, 0, 0];
  choice.stepped(now);
  while (now < end) {
    const was = choice.shared;
    now += milliseconds(was, now);
    choice.stepped(now);
    if (now < from) continue;
    shared += Number(was);
    all++;
  }
  return shared / all;
}

test('steps are shared but for trials where that is faster, and taken alone where it is not', () => {
  expect(sharedSteps((shared) => (shared ? 0.2 : 0.3), 1000, 20_000)).toBeGreaterThan(0.97);
  expect(sharedSteps((shared) => (shared ? 0.3 : 0.2), 1000, 20_000)).toBeLessThan(0.03);
});

test('one slow step in eight, and the first ones after a change, do not count', () => {
  let [step, last, since] = [0, true, 0];
  const milliseconds = (shared: boolean): number => {
    since = shared === last ? since + 1 : 0;
    last = shared;
    if (step++ % 8 === 3) return shared ? 3 : 0.3;
    if (since < 2) return shared ? 3 : 0.3;
    return shared ? 0.2 : 0.3;
  };
  expect(sharedSteps(milliseconds, 1000, 20_000)).toBeGreaterThan(0.97);
});

test('what is faster may change: it is found out within two to three seconds', () => {
  const milliseconds = (shared: boolean, now: number): number => (shared === now < 10_000 ? 0.2 : 0.3);
  expect(sharedSteps(milliseconds, 1000, 10_000)).toBeGreaterThan(0.97);
  expect(sharedSteps(milliseconds, 13_000, 20_000)).toBeLessThan(0.03);
});

test('trials take a twentieth of the time at most, and long steps have none', () => {
  // 48 steps of 3 ms: 144 ms, half of them alone, in 20 times as long.
  expect(sharedSteps((shared) => (shared ? 3 : 3.5), 5000, 100_000)).toBeGreaterThan(1 - 1 / 40 - 0.005);
  expect(sharedSteps(() => 5, 0, 20_000)).toBe(1);
});
