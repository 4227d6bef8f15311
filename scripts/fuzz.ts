/**
 * Damages files of every kind and reads them: a million for each reader, or `-- COUNT [SEED] [READER]`. What fails, or is not done after ten seconds of the processor, is kept in
 * src/data/readers/fixtures/cases/, where the tests read it again.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { sha256 } from '../src/store/sha256.ts';
import { fuzz, FUZZED, type FuzzedReader, type FuzzFault } from '../test/support/readerFuzz.ts';

const CASES = join(import.meta.dirname, '../src/data/readers/fixtures/cases');
/** Of the processor, for one file. */
const MOST_SECONDS = 10;

interface Task {
  readonly reader: FuzzedReader;
  readonly count: number;
  readonly seed: number;
  /** How many files were begun, the length of the last, and its bytes: what does not end cannot tell it. */
  readonly begun: Int32Array;
  readonly last: Uint8Array;
}

if (isMainThread) {
  const [count = '1000000', seed = '2', only] = process.argv.slice(2);
  for (const reader of Object.keys(FUZZED) as FuzzedReader[]) {
    if (only !== undefined && reader !== only) continue;
    const { fault, seconds } = await watched(reader, Number(count), Number(seed));
    console.log(
      `${reader}: ${fault === undefined ? `${count} files` : fault.what} (${seconds.toFixed(0)} s)`,
    );
    if (fault === undefined) continue;
    process.exitCode = 1;
    mkdirSync(CASES, { recursive: true });
    writeFileSync(join(CASES, `${reader}-${sha256(fault.bytes).slice(0, 12)}`), fault.bytes);
  }
} else {
  const { reader, count, seed, begun, last } = workerData as Task;
  const fault = await fuzz(reader, count, seed, (bytes) => {
    last.set(bytes);
    begun[1] = bytes.length;
    Atomics.add(begun, 0, 1);
  });
  parentPort!.postMessage(fault);
}

/** The first fault, and the seconds of the processor that all took. */
async function watched(
  reader: FuzzedReader,
  count: number,
  seed: number,
): Promise<{ fault: FuzzFault | undefined; seconds: number }> {
  const begun = new Int32Array(new SharedArrayBuffer(8));
  const last = new Uint8Array(new SharedArrayBuffer(1 << 20));
  const task: Task = { reader, count, seed, begun, last };
  const worker = new Worker(new URL(import.meta.url), { workerData: task });
  const start = process.cpuUsage();
  const spent = (): number => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  let watch: NodeJS.Timeout | undefined;
  const stuck = new Promise<FuzzFault>((resolve) => {
    let [known, since] = [0, 0];
    watch = setInterval(() => {
      const now = Atomics.load(begun, 0);
      if (now !== known) [known, since] = [now, spent()];
      else if (spent() - since > MOST_SECONDS) {
        resolve({ bytes: last.slice(0, begun[1]), what: `not done after ${MOST_SECONDS} s` });
      }
    }, 500);
  });
  const done = new Promise<FuzzFault | undefined>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  try {
    const fault = await Promise.race([done, stuck]);
    return { fault, seconds: spent() };
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}
