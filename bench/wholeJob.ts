import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mnistFolder } from '../src/store/mnist.ts';
import { startPeer } from './contestants.ts';
import { median, PAPER } from './recipe.ts';

/** From the start of the first process to the last accuracy, on two cores. */
export interface Job {
  readonly name: string;
  readonly seconds: number;
  /** What the first epoch took more than the later ones: compiling, for most. Of one process. */
  readonly compile: number;
  readonly accuracies: readonly number[];
}

const NETWORKS = 10;
const PROCESSES = 2;

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Half of the networks in each of two processes of one core's work. */
async function inTwoProcesses(command: string, args: readonly string[], epochs: number): Promise<Job> {
  const start = performance.now();
  const halves = await Promise.all(
    Array.from({ length: PROCESSES }, async (_, half) => {
      const peer = await startPeer(command, args);
      const accuracies: number[] = [];
      let compile = 0;
      for (let seed = 1 + half; seed <= NETWORKS; seed += PROCESSES) {
        await peer.reset();
        const seconds: number[] = [];
        for (let epoch = 0; epoch < epochs; epoch++) seconds.push((await peer.epoch({ ...PAPER, seed }))!);
        accuracies.push(await peer.testAccuracy());
        if (seed === 1) compile = seconds[0] - median(seconds.slice(1));
      }
      peer.close();
      return { name: peer.name, compile, accuracies };
    }),
  );
  return {
    name: `${halves[0].name}, two processes`,
    seconds: (performance.now() - start) / 1000,
    compile: halves[0].compile,
    accuracies: halves.flatMap(({ accuracies }) => accuracies),
  };
}

/** All networks at once, as one program. */
async function vmapped(python: string, epochs: number): Promise<Job> {
  const start = performance.now();
  const args = [file('peers/job_jax_vmap.py'), mnistFolder(), String(NETWORKS), String(epochs)];
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return { ...(JSON.parse(text) as Omit<Job, 'seconds'>), seconds: (performance.now() - start) / 1000 };
}

/** Ten of the paper's networks, `epochs` epochs each: ourselves, JAX in both forms, Keras; in turn, `rounds` times. The peers where they are installed. */
export async function measureWholeJob(epochs: number, rounds: number): Promise<Job[][]> {
  const python = file('peers/venv/bin/python');
  const ways = [() => inTwoProcesses(process.execPath, [file('own.ts'), 'plain'], epochs)];
  if (existsSync(python)) {
    ways.push(
      () => vmapped(python, epochs),
      () => inTwoProcesses(python, [file('peers/peer_jax.py')], epochs),
      () => inTwoProcesses(python, [file('peers/peer_keras.py'), 'tensorflow'], epochs),
    );
  }
  const jobs: Job[][] = ways.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [k, way] of ways.entries()) jobs[k].push(await way());
  }
  return jobs;
}
