/**
 * Keeps of a finished and evaluated study of ReLU and Tanh what the simulation of verdicts and intervals draws from.
 *
 * Usage: node scripts/calibrate/makeFixture.ts runs/relu-vs-tanh-100 qmnist-test-labels.tsv.gz
 */
import { statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { testPopulation } from '../../src/data/mnist/writers.ts';
import { readEvaluation } from '../../src/store/evaluationRecord.ts';
import { loadMnist } from '../../src/store/mnist.ts';
import { TrialStore } from '../../src/store/runs.ts';
import { placeOf, readResults } from '../../src/store/studyRecord.ts';
import { loadWriters } from '../../src/store/writers.ts';
import { measuresOf } from '../../src/study/evaluation/measures.ts';
import { resultsOfPart } from '../../src/study/evaluation/record.ts';
import { FIXTURE, type FixtureFile, type RunMeasures } from './fixture.ts';

const [folder, writersFile] = process.argv.slice(2);
const results = readResults(folder);
const evaluation = readEvaluation(folder);
if (evaluation === undefined) throw new Error(`${folder} has no evaluation: run dactyl evaluate ${folder}`);
const { labels } = loadMnist().test;
const measures = measuresOf(evaluation);
const calibration = new Map(
  resultsOfPart(evaluation, 'calibration').flatMap(({ runs }) =>
    runs.map(({ arm, seed, raw }) => [`${arm}/${seed}`, raw.ece] as const),
  ),
);

/** Nine digits: more than any interval is told by. */
const short = (value: number): number => Number(value.toPrecision(9));
const shortened = <T extends object>(values: T): T =>
  JSON.parse(
    JSON.stringify(values, (_, value: unknown) => (typeof value === 'number' ? short(value) : value)),
  ) as T;

const bySeed = (a: RunMeasures, b: RunMeasures) => a.arm.localeCompare(b.arm) || a.seed - b.seed;
const store = new TrialStore(placeOf(folder).root);
const predictions = new Map<string, Uint8Array>();
const runs = results.trials
  .map(({ arm, seed, key, history, testAccuracy, testLoss }): RunMeasures => {
    predictions.set(`${arm}/${seed}`, store.predictions(key));
    return {
      arm: arm as RunMeasures['arm'],
      seed,
      history: shortened(history),
      testAccuracy,
      testLoss: short(testLoss),
      measures: shortened(measures.get(key) ?? {}),
      calibrationError: short(calibration.get(`${arm}/${seed}`)!),
    };
  })
  .sort(bySeed);
const answers = runs.map(({ arm, seed }) => predictions.get(`${arm}/${seed}`)!);
const isWrong = (i: number) => (predicted: Uint8Array) => predicted[i] !== labels[i];

const misread = Object.fromEntries(
  Array.from(labels, (_, i) => i)
    .filter((i) => answers.some(isWrong(i)))
    .map((i) => [i, answers.map((predicted) => (isWrong(i)(predicted) ? predicted[i] : '.')).join('')]),
);
const writerOf = loadWriters(writersFile, labels);
const writers = Map.groupBy(labels.keys(), (i) => writerOf[i]);
const file: FixtureFile = {
  format: 'dactyl-calibration-fixture/1',
  study: { name: results.study.name, hash: results.studyHash },
  runs,
  labels: labels.join(''),
  misread,
  writers: [...writers.values()].map((images) => ({
    population: testPopulation(images[0]),
    images: images.length,
    errors: answers.map((predicted) => images.filter((i) => isWrong(i)(predicted)).length),
  })),
};
writeFileSync(FIXTURE, gzipSync(JSON.stringify(file), { level: 9 }));
process.stdout.write(
  `${FIXTURE}: ${runs.length} runs, ${Object.keys(misread).length} images misread, ${writers.size} writers, ${Math.round(statSync(FIXTURE).size / 1000)} kB\n`,
);
