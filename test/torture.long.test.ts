import { expect, test } from 'vitest';
import { torture } from './support/torture.ts';

test('a study killed with SIGKILL at 25 random moments comes out with the bits of one that was not', async () => {
  const { kills, takenUp, hashes, uninterrupted } = await torture(25, 1);
  expect(kills).toBe(25);
  expect(takenUp).toBeGreaterThan(5);
  expect(hashes.length).toBeGreaterThan(0);
  for (const one of hashes) expect(one).toEqual(uninterrupted);
}, 900_000);
