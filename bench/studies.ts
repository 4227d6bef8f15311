import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStudy } from '../src/queue/runStudy.ts';
import { TrialStore } from '../src/store/runs.ts';
import { MNIST_IDENTITY } from '../src/data/identity.ts';
import { resultHash } from '../src/study/evaluation/record.ts';
import { fixStudy } from '../src/store/studyRecord.ts';
import { resolveStudy } from '../src/study/configuration.ts';
import { trialsOf } from '../src/study/study.ts';
import { Random } from '../src/util/random.ts';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const ARMS = { relu: {}, tanh: { activation: 'tanh' } } as const;

/** A study of `seeds` seeds and two arms by one worker and by two, in turn: seconds, and those that the trials themselves took. */
export async function measureWorkers(
  seeds: number,
): Promise<{ workers: number; seconds: number; trials: number }[]> {
  const root = mkdtempSync(join(tmpdir(), 'dactyl-bench-'));
  try {
    const measured = [];
    for (const workers of [1, 2]) {
      const study = resolveStudy({ name: `workers-${workers}`, question: 'How long?', arms: ARMS, seeds });
      const start = performance.now();
      const { trials } = await runStudy(study, { workers, out: join(root, String(workers)) });
      const seconds = (performance.now() - start) / 1000;
      measured.push({ workers, seconds, trials: trials.reduce((sum, trial) => sum + trial.seconds, 0) });
    }
    return measured;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Seconds that `status` and `report` of a study with `count` recorded trials take, as built; every trial is a copy of one that was run. */
export async function measureRecorded(count: number): Promise<{ command: string; seconds: number }[]> {
  const root = mkdtempSync(join(tmpdir(), 'dactyl-bench-'));
  try {
    const study = resolveStudy({ name: 'many', question: 'How long?', arms: ARMS, seeds: count / 2 });
    const store = new TrialStore(root);
    await runStudy({ name: 'one', question: 'One of each', arms: ARMS, seeds: 1 }, { out: root });
    const [relu, tanh] = trialsOf(resolveStudy({ name: 'one', question: '', arms: ARMS, seeds: 1 }));
    const templates = new Map([relu, tanh].map(({ arm, key }) => [arm, key]));
    const random = new Random(1, 'bench');
    for (const { key, arm, configuration } of trialsOf(study)) {
      const from = join(store.folder, templates.get(arm)!);
      const to = join(store.folder, key);
      if (from === to) continue;
      mkdirSync(to);
      for (const name of ['model.safetensors', 'predictions.safetensors', 'history.csv']) {
        linkSync(join(from, name), join(to, name));
      }
      const record = JSON.parse(readFileSync(join(from, 'record.json'), 'utf8')) as {
        result: { testAccuracy: number };
      };
      const testAccuracy = record.result.testAccuracy + (random.integer(41) - 20) / 10_000;
      const result = { ...record.result, key, seed: configuration.seed, testAccuracy };
      writeFileSync(
        join(to, 'record.json'),
        JSON.stringify({ ...record, configuration, result, resultHash: resultHash(result) }, null, 2),
      );
    }
    await fixStudy(join(root, study.name), study, {
      writers: null,
      data: MNIST_IDENTITY,
      store: new TrialStore(join(root, 'none')),
    });
    return ['status', 'report'].map((command) => {
      const start = performance.now();
      const { status, stderr, stdout } = spawnSync(
        process.execPath,
        [MAIN, 'study', command, join(root, study.name)],
        { encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
      return { command, seconds: (performance.now() - start) / 1000 };
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
