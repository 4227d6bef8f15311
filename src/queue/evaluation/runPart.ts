import { MessageChannel } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { PARTS } from '../../analysis/evaluation/parts.ts';
import type { TaskFailure } from '../task.ts';
import type { PartAnswer, PartTask } from './task.ts';

/** Networks at a time, at most: of few as many as keep every thread busy to the end. */
const MOST = 10;
/** How much of such a part's work its shares are. */
const SHARES = 0.95;

type Task = Omit<PartTask, 'port' | 'range' | 'each'>;
interface Running {
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

/** One part in a thread; what threads can share of it in as many as are free. `seconds`: of all threads together. */
export async function runPart(
  pool: Piscina,
  task: Task,
  running: Running,
): Promise<{ readonly json: string; readonly seconds: number } | TaskFailure> {
  const count = task.networks.length;
  const share = Math.min(MOST, Math.ceil(count / (2 * pool.options.maxThreads)));
  if (!('shared' in PARTS[task.part]) || count < 2 || pool.options.maxThreads < 2) {
    return whole(await runTask(pool, task, running));
  }
  const ranges = Array.from(
    { length: Math.ceil(count / share) },
    (_, k) => [k * share, Math.min(count, (k + 1) * share)] as const,
  );
  const done = ranges.map(() => 0);
  const answers = await Promise.all(
    ranges.map((range, k) =>
      runTask(
        pool,
        { ...task, range },
        {
          ...running,
          onProgress: (own) => {
            done[k] = (own * (range[1] - range[0])) / count;
            running.onProgress(SHARES * done.reduce((sum, one) => sum + one, 0));
          },
        },
      ),
    ),
  );
  const failed = answers.find((answer) => 'failure' in answer);
  if (failed) return failed;
  const each = answers.flatMap((answer) => ('each' in answer ? answer.each : []));
  const seconds = answers.reduce((sum, answer) => sum + ('seconds' in answer ? answer.seconds : 0), 0);
  const onProgress = (share: number): void => {
    running.onProgress(SHARES + (1 - SHARES) * share);
  };
  const end = whole(await runTask(pool, { ...task, each }, { ...running, onProgress }));
  return 'failure' in end ? end : { ...end, seconds: seconds + end.seconds };
}

async function runTask(
  pool: Piscina,
  task: Omit<PartTask, 'port'>,
  { signal, onProgress }: Running,
): Promise<PartAnswer> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', onProgress);
  try {
    return (await pool.run({ ...task, port: port2 }, { transferList: [port2], signal })) as PartAnswer;
  } finally {
    port1.close();
  }
}

function whole(answer: PartAnswer): Exclude<PartAnswer, { readonly each: unknown }> {
  if ('each' in answer) throw new Error('a share of a part where the whole was asked for');
  return answer;
}
