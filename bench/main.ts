/**
 * npm run bench [-- paper cases convolution job phases turns parallel studies explanations serve] [peers=torch,jax]: training speed on one core beside PyTorch, JAX, Keras,
 * scikit-learn and TensorFlow.js, which run where they are installed, and in our other forms: wide, and two threads. Contestants take turns; medians and ratios
 * are printed, and written to build/bench.json and build/bench.md. All of it takes some twenty minutes.
 */
import { cpus } from 'node:os';
import { loadMnist } from '../src/store/mnist.ts';
import { type Contestant, dactyl, findPeers, ownForms } from './contestants.ts';
import { measureExplanations } from './explanations.ts';
import { createLimit } from './limit.ts';
import { measureParallel } from './parallel.ts';
import { measurePhases } from './phases.ts';
import { race } from './race.ts';
import { CASES, CONVOLUTIONS, median, PAPER } from './recipe.ts';
import { Record } from './record.ts';
import { measureServing } from './serving/serve.ts';
import { measureRecorded, measureWorkers } from './studies.ts';
import { measureTurns } from './turns.ts';
import { measureWholeJob } from './wholeJob.ts';

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('peers='));
const peerWords = process.argv.slice(2).flatMap((word) => word.match(/^peers=(.+)/)?.[1].split(',') ?? []);
const runs = (section: string): boolean => wanted.length === 0 || wanted.includes(section);
const mnist = loadMnist();
const record = new Record();
console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores; Node ${process.versions.node}\n`);

if (runs('paper') || runs('cases') || runs('convolution')) {
  const us = dactyl(mnist);
  const skipped = (reason: string): void => {
    console.log(`skipped: ${reason}`);
  };
  const peers = [...(await ownForms(skipped)), ...(await findPeers(peerWords, skipped))];
  const all = [us, ...peers];
  try {
    if (runs('paper')) await paper(all);
    if (runs('cases')) await cases(us, peers);
    if (runs('convolution')) await convolution(us, peers);
  } finally {
    // What was measured is kept, whatever a peer did after it.
    record.write();
  }
  for (const contestant of all) contestant.close();
}
if (runs('job')) await wholeJob();
const written = record.write();
if (written !== undefined) console.log(`\nwritten: ${written}`);
if (runs('phases')) {
  console.log('\nMicroseconds of a step (medians, timers included):');
  for (const [phase, microseconds] of await measurePhases(mnist)) {
    console.log(`  ${phase.padEnd(46)} ${microseconds.toFixed(1).padStart(7)}`);
  }
}
if (runs('turns')) {
  console.log(
    '\nThe longest turns, milliseconds of processor time (case, threads, three turns, the whole case):',
  );
  measureTurns();
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

if (runs('serve')) {
  console.log('\nServing the paper’s network over HTTP, the load of this machine beside it:');
  await measureServing({ seconds: 4, rounds: 5, memoryAfter: 100_000 });
}

async function paper(all: readonly Contestant[]): Promise<void> {
  console.log(`${PAPER.name}, Adam, one thread.`);
  const limit = await createLimit();
  const timings = await race(PAPER, all, 7, () => {
    limit.sample();
  });
  const own = timings[0].median;
  for (const contestant of all) {
    const timing = timings.find(({ name }) => name === contestant.name);
    if (!timing) continue;
    const { seconds, median } = timing;
    const accuracy = await contestant.testAccuracy();
    record.add({
      case: PAPER.name,
      contestant: contestant.name,
      median,
      seconds,
      ratio: median / own,
      accuracy,
    });
    const ratio = contestant === all[0] ? '' : `  ${(median / own).toFixed(2)} times ours`;
    console.log(
      `  ${contestant.name.padEnd(62)} ${median.toFixed(3)} s an epoch${ratio}  (test accuracy ${accuracy.toFixed(4)} after ${seconds.length + 1} epochs)`,
    );
  }
  const { seconds, gigaflops, adamNanoseconds } = limit.least();
  record.limit(seconds);
  const fastest = Math.min(...timings[0].seconds);
  console.log(
    `  limit of plain SIMD128 on this core: ${seconds.toFixed(3)} s an epoch (${gigaflops.toFixed(1)} GFLOP/s, ${adamNanoseconds.toFixed(2)} ns for four Adam updates, nothing overlapped; the least of the race's samples); our fastest epoch, ${fastest.toFixed(3)} s, reaches ${Math.round((100 * seconds) / fastest)} %`,
  );
}

/** Each peer's ratio to ours. TensorFlow.js stays out: it is slower by more than an order of magnitude and would take most of an hour. */
async function cases(us: Contestant, peers: readonly Contestant[]): Promise<void> {
  const others = peers.filter(({ name }) => !name.includes('TensorFlow.js'));
  console.log('\nOther cases, seconds an epoch, and how many times ours a peer takes:');
  for (const what of CASES) {
    const [own, ...rest] = await race(what, [us, ...others], 3);
    console.log(
      `  ${what.name.padEnd(16)} ${String(what.images).padStart(6)} images  ${own.median.toFixed(3)} s`,
    );
    for (const { name, seconds, median } of [own, ...rest])
      record.add({ case: what.name, contestant: name, median, seconds, ratio: median / own.median });
    for (const { name, median } of rest.toSorted((a, b) => a.median - b.median)) {
      console.log(`      ${name.padEnd(62)} ${(median / own.median).toFixed(2)}`);
    }
  }
}

/** As `cases`, with each one's accuracy on the test images after the rounds. */
async function convolution(us: Contestant, peers: readonly Contestant[]): Promise<void> {
  const all = [us, ...peers.filter(({ name }) => !name.includes('TensorFlow.js'))];
  console.log('\nNetworks of images, Adam, one thread, seconds an epoch of 60,000 images:');
  for (const what of CONVOLUTIONS) {
    console.log(`  ${what.name}`);
    const timings = await race(what, all, 3);
    for (const { name, seconds, median } of timings) {
      const accuracy = await all.find((contestant) => contestant.name === name)!.testAccuracy();
      record.add({
        case: what.name,
        contestant: name,
        median,
        seconds,
        ratio: median / timings[0].median,
        accuracy,
      });
      const ratio = (median / timings[0].median).toFixed(2);
      console.log(
        `      ${name.padEnd(62)} ${median.toFixed(2).padStart(6)} s  ${ratio.padStart(5)} times ours  (test accuracy ${accuracy.toFixed(4)} after ${seconds.length + 1} epochs)`,
      );
    }
  }
}

/** Medians of two rounds, and what compiling took in the first: later ones may find a cache. */
async function wholeJob(): Promise<void> {
  console.log(
    '\nThe whole job: ten networks of the paper, ten epochs each, on two cores, from start to accuracies:',
  );
  const jobs = await measureWholeJob(10, 2);
  const own = median(jobs[0].map(({ seconds }) => seconds));
  for (const rounds of jobs) {
    const { name, compile, accuracies } = rounds[0];
    const seconds = rounds.map((job) => job.seconds);
    const ratio = median(seconds) / own;
    const accuracy = accuracies.reduce((sum, each) => sum + each, 0) / accuracies.length;
    record.add({
      case: 'whole job',
      contestant: name,
      median: median(seconds),
      seconds,
      ratio,
      accuracy,
      compile,
    });
    console.log(
      `      ${name.padEnd(62)} ${median(seconds).toFixed(1).padStart(6)} s  ${ratio.toFixed(2).padStart(5)} times ours  (of it compiling ${compile.toFixed(1)} s; mean test accuracy ${accuracy.toFixed(4)})`,
    );
  }
}
