import type { Augmentation, Rows, Targets } from '../engine/engine.ts';
import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { inSteps } from '../util/steps.ts';
import { asBatch, asLabelBatch, type Batches, type LabelledBatch } from './batches.ts';
import { type Breathe, throwIfAborted } from './breather.ts';
import { weighByClass } from './classWeights.ts';
import type { FitOptions } from './fitOptions.ts';
import type { Model } from './model.ts';

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

interface Prepared {
  readonly rows: Rows;
  readonly targets: Targets;
  /** Number of examples. */
  readonly size: number;
}

interface PreparingOptions {
  readonly breathe: Breathe;
  readonly classWeight?: FitOptions['classWeight'];
  readonly augmentation?: Augmentation | undefined;
}

/** Puts [inputs, labels] or [inputs, labels, sampleWeight] where the network reads them. E_ARGUMENT, E_SHAPE, E_LABEL, E_NUMERIC for anything else. */
export function prepareBatch(
  model: Model,
  batch: unknown,
  number: number,
  { breathe, classWeight, augmentation }: PreparingOptions,
): Promise<Prepared> {
  return ofBatch(number, async () => {
    if (!Array.isArray(batch) || (batch.length !== 2 && batch.length !== 3)) {
      throw new DactylError(
        'E_ARGUMENT',
        `expected [inputs, labels] or [inputs, labels, sampleWeight]; received ${describe(batch)}.`,
      );
    }
    const [one, labels, sampleWeight] = batch as unknown as LabelledBatch;
    const { inputs, single } = asBatch(one, model.inputShape);
    const size = inputs.shape[0];
    const preparing = model.prepareTargets(inputs, asLabelBatch(labels, single), sampleWeight);
    const plain = await inSteps(preparing, breathe);
    const { width } = model.objective.setting;
    const targets = classWeight
      ? await inSteps(weighByClass(plain, classWeight, size, width), breathe)
      : plain;
    return { rows: await inSteps(model.prepareRows(inputs, augmentation), breathe), targets, size };
  });
}

/** E_ARGUMENT where there was no batch. */
export function requireSome(what: string, batches: number): void {
  if (batches > 0) return;
  throw new DactylError('E_ARGUMENT', `${what}: expected at least one batch; received none.`);
}

/** E_ARGUMENT where labels stand beside batches, which bring their own: then what was meant as rows is read as batches. */
export function requireNoLabels(what: string, options: unknown): void {
  if (!Array.isArray(options) && !ArrayBuffer.isView(options) && !('data' in Object(options))) return;
  throw new DactylError(
    'E_ARGUMENT',
    `${what}: expected labels in each batch, [inputs, labels]; received ${describe(options)} beside them. Rows of numbers become { data: Float32Array.from(rows.flat()), shape: [rows.length, …] }.`,
  );
}

/** What is wrong with a batch is said with its number. */
export async function ofBatch<T>(number: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DactylError && IN_BATCHES.test(error.code))) throw error;
    throw new DactylError(error.code, `Batch ${number}: ${error.message}`, { cause: error });
  }
}

const IN_BATCHES = /ARGUMENT|SHAPE|LABEL|NUMERIC/;
