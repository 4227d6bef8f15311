/**
 * npm run bench [-- paper cases phases parallel studies explanations]: training speed on one core beside PyTorch and TensorFlow.js, which run
 * where they are installed. Contestants take turns; medians and ratios are printed. All of it takes some eight minutes.
 */
import { cpus } from 'node:os';
import { loadMnist } from '../src/store/mnist.ts';
import { type Contestant, dactyl, findPeers } from './contestants.ts';
import { measureExplanations } from './explanations.ts';
import { measureLimit } from './limit.ts';
import { measureParallel } from './parallel.ts';
import { measurePhases } from './phases.ts';
import { race } from './race.ts';
import { CASES, PAPER } from './recipe.ts';
import { measureRecorded, measureWorkers } from './studies.ts';

const wanted = process.argv.slice(2);
const runs = (section: string): boolean => wanted.length === 0 || wanted.includes(section);
const mnist = loadMnist();
console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores; Node ${process.versions.node}\n`);

if (runs('paper') || runs('cases')) {
  const us = dactyl(mnist);
  const peers = await findPeers((reason) => {
    console.log(`skipped: ${reason}`);
  });
  const all = [us, ...peers];
  if (runs('paper')) await paper(all);
  if (runs('cases')) await cases(us, peers);
  for (const contestant of all) contestant.close();
}
if (runs('phases')) {
  console.log('\nMicroseconds of a step (medians, timers included):');
  for (const [phase, microseconds] of await measurePhases(mnist)) {
    console.log(`  ${phase.padEnd(46)} ${microseconds.toFixed(1).padStart(7)}`);
  }
}
if (runs('parallel')) {
  const { one, two } = await measureParallel();
  console.log(
    `\nTwo trials at once: ${two.toFixed(2)} s, one alone: ${one.toFixed(2)} s; ratio ${(two / one).toFixed(2)}`,
  );
}
if (runs('studies')) {
  console.log('\nA study of 2 × 30 trials (with its layer: keys, records, checkpoints, no report):');
  const [one, two] = await measureWorkers(30);
  for (const { workers, seconds, trials } of [one, two]) {
    const overhead = (100 * (seconds * workers - trials)) / trials;
    console.log(
      `  ${workers} at a time: ${seconds.toFixed(1)} s; the trials themselves ${(trials / workers).toFixed(1)} s, the study ${overhead.toFixed(1)} % more`,
    );
  }
  console.log(`  two are ${(one.seconds / two.seconds).toFixed(2)} times as fast as one`);
  for (const { command, seconds } of await measureRecorded(10_000)) {
    console.log(`  study ${command} with 10,000 recorded trials: ${seconds.toFixed(2)} s`);
  }
}
if (runs('explanations')) {
  console.log('\nSeconds for 1,000 maps on one core (medians of five; integrated gradients of 50 steps):');
  for (const [method, seconds] of await measureExplanations(mnist)) {
    console.log(`  ${method.padEnd(18)} ${seconds.toFixed(3)}`);
  }
}

async function paper(all: readonly Contestant[]): Promise<void> {
  console.log(`${PAPER.name}, Adam, one thread.`);
  const timings = await race(PAPER, all, 7);
  const own = timings[0].median;
  for (const contestant of all) {
    const { seconds, median } = timings.find(({ name }) => name === contestant.name)!;
    const accuracy = await contestant.testAccuracy();
    const ratio = contestant === all[0] ? '' : `  ${(median / own).toFixed(1)} times ours`;
    console.log(
      `  ${contestant.name.padEnd(62)} ${median.toFixed(3)} s an epoch${ratio}  (test accuracy ${accuracy.toFixed(4)} after ${seconds.length + 1} epochs)`,
    );
  }
  const limit = await measureLimit();
  const share = Math.round((100 * limit.seconds) / own);
  console.log(
    `  limit of plain SIMD128 on this core: ${limit.seconds.toFixed(3)} s an epoch (${limit.gigaflops.toFixed(1)} GFLOP/s, ${limit.adamNanoseconds.toFixed(2)} ns for four Adam updates, nothing overlapped); reached: ${share} %`,
  );
}

/** TensorFlow.js stays out: it is slower by more than an order of magnitude and would take most of an hour. */
async function cases(us: Contestant, peers: readonly Contestant[]): Promise<void> {
  const torch = peers.filter(({ name }) => name.includes('PyTorch'));
  console.log('\nOther cases, seconds an epoch:');
  for (const what of CASES) {
    const [own, ...others] = await race(what, [us, ...torch], 3);
    const best = others.toSorted((a, b) => a.median - b.median).at(0);
    const beside = best
      ? `${best.name.split(',')[0].split(' (')[0]} ${best.median.toFixed(3)}, ${(best.median / own.median).toFixed(1)} times ours`
      : '';
    console.log(
      `  ${what.name.padEnd(16)} ${String(what.images).padStart(6)} images  ${own.median.toFixed(3)}   ${beside}`,
    );
  }
}
