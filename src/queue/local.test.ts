import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Dataset } from '../data/examples.ts';
import { type TrialConfiguration, trialKey } from '../study/trialConfiguration.ts';
import { createLocalExecutor } from './local.ts';
import type { Task, TaskMessage } from './task.ts';

/** What a thread tells before it gives its outcome, which comes at once: before any message was heard. */
const TOLD: readonly TaskMessage[] = [
  { kind: 'started' },
  { kind: 'epoch', epoch: 1, logs: { loss: 2 }, seconds: 3 },
  { kind: 'epoch', epoch: 2, logs: { loss: 1 }, seconds: 4 },
];
const OUTCOME = { accuracy: 0.5 };
let outcome: unknown = OUTCOME;

vi.mock('piscina', () => ({
  Piscina: class {
    on(): void {
      // No thread fails.
    }
    run({ port }: Task): Promise<unknown> {
      for (const message of TOLD) port.postMessage(message);
      return Promise.resolve(outcome);
    }
    destroy(): Promise<void> {
      return Promise.resolve();
    }
  },
}));
afterEach(() => {
  outcome = OUTCOME;
});

const examples: Dataset = {
  images: { data: new Uint8Array(2 * 784).fill(7), shape: [2, 28, 28] },
  labels: Uint8Array.of(0, 1),
  classes: 2,
};

test.each([
  ['an outcome', OUTCOME],
  ['a failure', { failure: { code: 'E_DIVERGED', message: 'The loss is not finite.' } }],
])('what a trial told is heard before %s that overtakes it, in its order, each once', async (_, given) => {
  outcome = given;
  const executor = createLocalExecutor({ train: examples, test: examples }, 1);
  const heard: unknown[] = [];
  const ended = executor
    .run({ data: executor.data } as unknown as TrialConfiguration, {
      onStarted: () => heard.push('started'),
      onEpoch: (epoch, logs, seconds) => heard.push([epoch, logs, seconds]),
    })
    .catch((error: unknown) => error)
    .then((end) => heard.push(end));
  await ended;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(heard).toEqual([
    'started',
    [1, { loss: 2 }, 3],
    [2, { loss: 1 }, 4],
    given === OUTCOME ? OUTCOME : expect.objectContaining({ code: 'E_DIVERGED' }),
  ]);
  await executor.close?.();
});

test('closed amid a trial, it removes what the trial’s thread left half-written, and leaves what other processes write and what ended trials left', async () => {
  const root = mkdtempSync(join(tmpdir(), 'dactyl-local-'));
  try {
    const executor = createLocalExecutor({ train: examples, test: examples }, 1, {
      folder: root,
      everySeconds: 1,
    });
    const trial = (seed: number): TrialConfiguration =>
      ({ data: executor.data, seed }) as unknown as TrialConfiguration;
    const torn = [1, 2].flatMap((seed) => {
      const folder = join(root, '.unfinished', trialKey(trial(seed)));
      mkdirSync(folder, { recursive: true });
      return [process.pid, `${process.pid}1`].map((pid) => join(folder, `.dactyl-${pid}-ab.tmp`));
    });
    for (const path of torn) writeFileSync(path, 'half');
    await executor.run(trial(1), {});
    outcome = new Promise(() => undefined);
    void executor.run(trial(2), {});
    await executor.close?.();
    expect(torn.map((path) => existsSync(path))).toEqual([true, true, false, true]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
