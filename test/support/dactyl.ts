import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

/** The command line from its sources. */
export const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');

/** Everything but a line feed: escapes, carriage returns, backspaces. */
export const CONTROL_CODES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

/** A comparison that takes seconds: one epoch, two seeds, one narrow layer. */
export const TINY = ['compare', '--epochs', '1', '--seeds', '2', '--units', '8'];
/** Where it lies below --out. */
export const TINY_NAME = 'relu-vs-tanh_seeds-2_epochs-1_units-8';

export interface Ended {
  /** Exit code, or the signal's name. */
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with all of standard output so far; what it returns is sent as a signal, once. */
  readonly signal?: (stdout: string) => NodeJS.Signals | undefined;
}

/** Runs the command line from its sources, under the Node that runs the tests; standard output and error are pipes. */
export function dactyl(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return run(process.execPath, [MAIN, ...args], options);
}

export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, signal } = options;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let signalled = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const name = signalled ? undefined : signal?.(stdout);
    if (name === undefined) return;
    signalled = true;
    child.kill(name);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, name) => {
      resolve({ exit: code ?? name ?? 'unknown', stdout, stderr });
    });
  });
}

/** Tells on standard error that signals are heard from now on. */
const READY = 'hears signals';
const TELLING = `process.on('newListener',n=>{if(n==='SIGTERM')process.stderr.write('${READY}')})`;

/**
 * Sends the signal `after` milliseconds from when it can be heard; how it ended, and how long that took. Standard input is a pipe that gives nothing, or none.
 */
export async function signalled(
  args: readonly string[],
  signal: NodeJS.Signals,
  after: number,
  stdin: 'pipe' | 'ignore' = 'ignore',
): Promise<{ exit: number | null; stderr: string; milliseconds: number }> {
  const preload = `--import=data:text/javascript,${encodeURIComponent(TELLING)}`;
  const child = spawn(process.execPath, [preload, MAIN, ...args], { stdio: [stdin, 'ignore', 'pipe'] });
  let stderr = '';
  let sent = 0;
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (sent > 0 || !stderr.includes(READY)) return;
    sent = performance.now() + after;
    setTimeout(() => child.kill(signal), after);
  });
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exit, stderr: stderr.replace(READY, ''), milliseconds: performance.now() - sent };
}

/** An empty folder, removed when the running test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Keys of the trials kept below `out`. */
export function keptTrials(out: string): string[] {
  return readdirSync(join(out, 'trials')).sort();
}
