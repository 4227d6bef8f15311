import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { confusionMatrix } from '../../src/analysis/confusion.ts';
import type { Population } from '../../src/data/mnist/writers.ts';
import type { NetworkMeasures } from '../../src/study/evaluation/networkMeasures.ts';
import type { TrialResult } from '../../src/study/results.ts';

/** Where the measures of a study's runs lie, gzipped JSON; made by `makeFixture.ts`. */
export const FIXTURE = fileURLToPath(
  new URL('../../test/fixtures/calibration-runs.json.gz', import.meta.url),
);

/** What is kept of one run. */
export interface RunMeasures {
  readonly arm: 'relu' | 'tanh';
  readonly seed: number;
  readonly history: TrialResult['history'];
  readonly testAccuracy: number;
  readonly testLoss: number;
  /** What the evaluation measured, as the claims are judged by it. */
  readonly measures: NetworkMeasures;
  /** Expected calibration error on the test images, a share. */
  readonly calibrationError: number;
}

export interface WriterErrors {
  readonly population: Population;
  readonly images: number;
  /** How many of them each run misreads, in the order of `runs`. */
  readonly errors: readonly number[];
}

/** The file's content: first all ReLU runs by seed, then all Tanh runs. */
export interface FixtureFile {
  readonly format: 'dactyl-calibration-fixture/1';
  readonly study: { readonly name: string; readonly hash: string };
  readonly runs: readonly RunMeasures[];
  /** One digit for each test image. */
  readonly labels: string;
  /** By index of a test image that some run misreads: each run's answer, '.' where it is right. */
  readonly misread: Readonly<Record<string, string>>;
  readonly writers: readonly WriterErrors[];
}

export interface FixtureRun extends RunMeasures {
  readonly confusionMatrix: readonly (readonly number[])[];
  /** Of each test image: 1 right, 0 wrong. */
  readonly answers: Uint8Array;
  /** How many images of each writer are misread. */
  readonly writerErrors: readonly number[];
}

export interface Fixture extends Omit<FixtureFile, 'runs'> {
  /** SHA-256 of the unpacked file: the same content may be packed to other bytes. */
  readonly sha256: string;
  /** ReLU's and Tanh's run of each seed. */
  readonly pairs: readonly (readonly [relu: FixtureRun, tanh: FixtureRun])[];
}

export function loadFixture(path = FIXTURE): Fixture {
  const text = gunzipSync(readFileSync(path)).toString();
  const { runs, ...file } = JSON.parse(text) as FixtureFile;
  const labels = Uint8Array.from(file.labels, Number);
  const whole = runs.map((run, r): FixtureRun => {
    const predicted = labels.slice();
    const answers = new Uint8Array(labels.length).fill(1);
    for (const [index, read] of Object.entries(file.misread)) {
      if (read[r] === '.') continue;
      predicted[Number(index)] = Number(read[r]);
      answers[Number(index)] = 0;
    }
    return {
      ...run,
      confusionMatrix: confusionMatrix(labels, predicted),
      answers,
      writerErrors: file.writers.map(({ errors }) => errors[r]),
    };
  });
  const [relu, tanh] = (['relu', 'tanh'] as const).map((arm) => whole.filter((run) => run.arm === arm));
  return {
    ...file,
    sha256: createHash('sha256').update(text).digest('hex'),
    pairs: relu.map((run, k) => [run, tanh[k]] as const),
  };
}
