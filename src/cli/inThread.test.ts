import { expect, test } from 'vitest';
import { inThread } from './inThread.ts';

const COMPUTER = new URL('./fixtures/threadComputer.ts', import.meta.url);
const never = new AbortController().signal;
const stopped = 'Counting was stopped on request.';

test('gives the answer, shares of the work, and the error of the computation', async () => {
  const shares: number[] = [];
  const onProgress = (share: number): void => {
    shares.push(share);
  };
  await expect(inThread(COMPUTER, { to: 4 }, { signal: never, stopped, onProgress })).resolves.toBe(10);
  expect(shares).toEqual([0.25, 0.5, 0.75, 1]);
  await expect(inThread(COMPUTER, { to: -1 }, { signal: never, stopped })).rejects.toMatchObject({
    code: 'E_ARGUMENT',
    message: 'Expected a number from 0 on, received -1.',
  });
});

test('an endless computation ends within a second of the signal', async () => {
  const controller = new AbortController();
  const counting = inThread(
    COMPUTER,
    { to: Infinity },
    {
      signal: controller.signal,
      stopped,
      onProgress: () => {
        controller.abort();
      },
    },
  );
  await expect(counting).rejects.toMatchObject({ code: 'E_ABORTED', message: stopped });
  const start = performance.now();
  await expect(
    inThread(COMPUTER, { to: Infinity }, { signal: controller.signal, stopped }),
  ).rejects.toMatchObject({
    code: 'E_ABORTED',
  });
  expect(performance.now() - start).toBeLessThan(1000);
});

test('a thread without enough memory is E_MEMORY, and says what helps', async () => {
  const resourceLimits = { maxOldGenerationSizeMb: 32 };
  await expect(
    inThread(COMPUTER, { to: 0, hoards: true }, { signal: never, stopped, resourceLimits }),
  ).rejects.toMatchObject({
    code: 'E_MEMORY',
    message: expect.stringContaining('Give it fewer data, or Node more') as string,
  });
});
