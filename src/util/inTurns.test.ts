import { expect, test } from 'vitest';
import { inTurns } from './inTurns.ts';

/** Endless, and slow enough that turns end. */
function* slowly(): Generator<number> {
  for (let k = 0; ; k++) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    yield k;
  }
}

test('results in the order of the items', async () => {
  expect(await inTurns([3, 1, 2], (k) => 2 * k)).toEqual([6, 2, 4]);
});

test('a timer is heard within five seconds (a few hundredths of one on a machine at rest), and its abort ends the work with E_ABORTED', async () => {
  const stop = new AbortController();
  const start = performance.now();
  setTimeout(() => {
    stop.abort();
  }, 50);
  await expect(inTurns(slowly(), (k) => k, stop.signal)).rejects.toMatchObject({ code: 'E_ABORTED' });
  expect(performance.now() - start).toBeLessThan(5_000);
});
