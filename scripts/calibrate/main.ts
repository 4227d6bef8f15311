/**
 * Simulates studies in which nothing is to be found, and intervals whose truth is known, and writes what came of it:
 * docs/calibration-of-verdicts.md. The same bits each time, whatever the number of threads.
 *
 * Usage: npm run calibrate [-- --quick]   (--quick: a hundredth of the studies, printed and not written)
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { loadFixture } from './fixture.ts';
import { type Done, gathered, type Job, jobsOf } from './jobs.ts';
import { calibrationPage, faultsOf } from './page.ts';

const PAGE = 'docs/calibration-of-verdicts.md';
const QUICK_SHARE = 0.01;

const quick = process.argv.includes('--quick');
const jobs = jobsOf(quick ? QUICK_SHARE : 1);
const started = performance.now();
const simulation = gathered(await inThreads(jobs));
const page = calibrationPage(loadFixture(), simulation);
const faults = quick ? [] : faultsOf(simulation);
if (quick) process.stdout.write(page);
else {
  writeFileSync(PAGE, page);
  spawnSync('npx', ['prettier', '--write', PAGE]);
}
process.stderr.write(`${Math.round((performance.now() - started) / 1000)} s\n${faults.join('\n')}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Results in the order of the jobs. */
async function inThreads(all: readonly Job[]): Promise<Done[]> {
  const done = new Array<Done>(all.length);
  let next = 0;
  let finished = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    while (next < all.length) {
      const place = next++;
      done[place] = await new Promise<Done>((resolve, reject) => {
        worker.once('error', reject);
        worker.once('message', (answer: Done) => {
          worker.off('error', reject);
          resolve(answer);
        });
        worker.postMessage(all[place]);
      });
      finished++;
      if (process.stderr.isTTY || finished % 50 === 0) {
        process.stderr.write(
          `${process.stderr.isTTY ? '\r' : ''}${finished} of ${all.length} parts${process.stderr.isTTY ? '' : '\n'}`,
        );
      }
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), all.length) }, work));
  if (process.stderr.isTTY) process.stderr.write('\n');
  return done;
}
