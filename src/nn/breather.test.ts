import { afterEach, expect, test, vi } from 'vitest';
import { breather } from './breather.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('others have a turn after 12 ms by the clock, however many steps that are, counted from the last turn', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const breathe = breather(undefined);
  const turns: number[] = [];
  for (now = 1; now <= 40; now++) {
    const turn = breathe();
    if (!turn) continue;
    await turn;
    turns.push(now);
  }
  expect(turns).toEqual([13, 26, 39]);
  now += 100;
  expect(breathe()).toBeInstanceOf(Promise);
});
