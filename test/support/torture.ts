import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrialResult } from '../../src/study/results.ts';
import { Random } from '../../src/util/random.ts';

/** Every stream that a checkpoint has to carry: order, dropout, distortion, averages, moments, schedule. */
const STUDY = {
  name: 'torture',
  question: 'Does a killed study come out with the same bits?',
  recipe: { epochs: 2, units: [16, 8] },
  arms: {
    adam: { dropout: 0.2, averaging: 0.99, schedule: 'cosine' },
    sgd: {
      activation: 'tanh',
      optimizer: 'sgd',
      learningRate: 0.02,
      momentum: 0.9,
      labelSmoothing: 0.1,
      distortion: { rotation: 0.1, scale: 0.1, shear: 0.1, shift: 1, elastic: 1 },
    },
  },
  seeds: 1,
};
const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname;

interface TrialRecord {
  readonly result: TrialResult;
  /** SHA-256 by file name: the model and its predictions. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Torture {
  /** Processes that were ended by SIGKILL. */
  readonly kills: number;
  /** Those of them that left a checkpoint to go on from. */
  readonly takenUp: number;
  /** Studies run to their end in between. */
  readonly studies: number;
  readonly uninterrupted: readonly string[];
  readonly hashes: readonly (readonly string[])[];
}

/** Kills a running study with SIGKILL at `kills` random moments, going on each time; whenever one is finished, its hashes are taken and the next begins. */
export async function torture(kills: number, seed: number): Promise<Torture> {
  const folder = mkdtempSync(join(tmpdir(), 'dactyl-torture-'));
  try {
    const file = join(folder, 'torture.json');
    writeFileSync(file, JSON.stringify(STUDY));
    const start = performance.now();
    await run(file, join(folder, 'whole'));
    const seconds = (performance.now() - start) / 1000;
    const uninterrupted = hashesIn(join(folder, 'whole'));
    const random = new Random(seed, 'torture');
    const hashes: string[][] = [];
    let [done, takenUp] = [0, 0];
    while (done < kills) {
      const out = join(folder, `study-${hashes.length}`);
      while (done < kills && (await run(file, out, 1000 * seconds * random.uniform()))) {
        done++;
        if (hasCheckpoints(out)) takenUp++;
      }
      await run(file, out);
      hashes.push(hashesIn(out));
      rmSync(out, { recursive: true, force: true });
    }
    return { kills: done, takenUp, studies: hashes.length, uninterrupted, hashes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the study; kills it after `milliseconds` and returns true, unless it ends before. Throws where it fails by itself. */
function run(file: string, out: string, milliseconds = Infinity): Promise<boolean> {
  const args = [
    MAIN,
    'study',
    'run',
    file,
    '--out',
    out,
    '--checkpoint-every',
    '0.02',
    '--no-report',
    '--quiet',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const timer = Number.isFinite(milliseconds)
    ? setTimeout(() => child.kill('SIGKILL'), milliseconds)
    : undefined;
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve(true);
      else if (code === 0 && complaint === '') resolve(false);
      else reject(new Error(`ended with ${code}: ${complaint}`));
    });
  });
}

/** What was trained, bit by bit. */
function hashesIn(folder: string): string[] {
  const trials = join(folder, 'trials');
  return readdirSync(trials)
    .filter((name) => /^[0-9a-f]{64}$/.test(name))
    .sort()
    .map((key) => {
      const record = JSON.parse(readFileSync(join(trials, key, 'record.json'), 'utf8')) as TrialRecord;
      const { weightsHash, history, testLoss, confusionMatrix } = record.result;
      return JSON.stringify([key, weightsHash, history, testLoss, confusionMatrix, record.files]);
    });
}

function hasCheckpoints(out: string): boolean {
  const folder = join(out, 'trials', '.unfinished');
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('.safetensors'))
  );
}
