import { DactylError } from '../../util/errors.ts';
import { soon } from '../longTurns.ts';
import type { Row } from './database.ts';
import { asError, type Job, type Outcome } from './job.ts';

/** Milliseconds from one commit to the next: what is written between shares it. An idle store commits at once. */
const GATHER_MS = 2;

/** Jobs in one commit at most. */
const MOST_JOBS = 4096;

interface Waiting {
  readonly job: Job;
  readonly resolve: (rows: Row[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommit {
  /** The rows of the job's last statement, when the commit that holds it is on the disk. */
  add(job: Job): Promise<Row[]>;
  /** Runs `work` when nothing is being committed; commits wait for its end. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** When all that was added is committed; nothing is taken any more. */
  end(): Promise<void>;
}

/** Gathers jobs into commits, one at a time. `commit` answers each job, in their order; where it throws, none of them was written. */
export function groupCommit(commit: (jobs: readonly Job[]) => Promise<readonly Outcome[]>): GroupCommit {
  let waiting: Waiting[] = [];
  let scheduled = false;
  let ended = false;
  let last = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const own = turn.then(work);
    turn = own.catch(() => undefined);
    return own;
  };
  const flush = async (): Promise<void> => {
    const batch = waiting.slice(0, MOST_JOBS);
    waiting = waiting.slice(MOST_JOBS);
    scheduled = false;
    if (batch.length === 0) return;
    last = performance.now();
    if (waiting.length > 0) schedule();
    try {
      const outcomes = await commit(batch.map(({ job }) => job));
      for (const [i, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[i];
        if ('rows' in outcome) resolve(outcome.rows);
        else reject(asError(outcome.failure));
      }
    } catch (failure) {
      for (const { reject } of batch) reject(failure);
    }
  };
  const schedule = (): void => {
    scheduled = true;
    const wait = last + GATHER_MS - performance.now();
    soon(() => void alone(flush), Math.max(0, wait));
  };
  return {
    add: (job) =>
      new Promise((resolve, reject) => {
        if (ended) throw closedStore();
        waiting.push({ job, resolve, reject });
        if (!scheduled) schedule();
      }),
    alone: (work) => (ended ? Promise.reject(closedStore()) : alone(work)),
    async end() {
      ended = true;
      while (waiting.length > 0) await alone(flush);
      await turn;
    },
  };
}

function closedStore(): DactylError {
  return new DactylError('E_STATE', 'The store is closed: nothing can be written to it any more.');
}
