import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import type { Batches, LabelledBatch } from './batches.ts';
import { throwIfAborted } from './breather.ts';

/** The same batches, until `signal` aborts (E_ABORTED), also while one is waited for that never comes. */
export async function* untilAborted<T>(
  batches: Batches<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (!signal) {
    yield* batches;
    return;
  }
  throwIfAborted(signal);
  let stop = (): void => undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    stop = () => {
      resolve('aborted');
    };
  });
  signal.addEventListener('abort', stop);
  const iterator = all(batches);
  let waiting = false;
  try {
    for (;;) {
      waiting = true;
      const next = await Promise.race([iterator.next(), aborted]);
      throwIfAborted(signal);
      waiting = false;
      if (next === 'aborted' || next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    const closed = iterator.return(undefined);
    // One that is still making its batch ends when it can.
    if (waiting) closed.catch(() => undefined);
    else await closed;
  }
}

async function* all<T>(batches: Batches<T>): AsyncGenerator<T> {
  yield* batches;
}

/** [inputs, labels] or [inputs, labels, sampleWeight]; E_ARGUMENT for anything else. */
export function labelledBatch(batch: unknown, number: number): LabelledBatch {
  if (Array.isArray(batch) && (batch.length === 2 || batch.length === 3))
    return batch as unknown as LabelledBatch;
  throw new DactylError(
    'E_ARGUMENT',
    `batches: expected [inputs, labels] or [inputs, labels, sampleWeight]; received ${describe(batch)} as batch ${number}.`,
  );
}

/** E_ARGUMENT where there was no batch. */
export function requireSome(what: string, batches: number): void {
  if (batches > 0) return;
  throw new DactylError('E_ARGUMENT', `${what}: expected at least one batch; received none.`);
}
