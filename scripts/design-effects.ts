/**
 * How much wider an interval has to be because images by one writer are alike: the design effect, the variance of a group's error
 * rate with the writers drawn over that with the images drawn, both of the mean error of an arm's networks on each image
 * (Σ over writers of (errors − rate · images)², against Σ over images of (error − rate)²; Kish 1965, section 5.4). Beside it the same
 * of a single network, mean over the networks, and of the images whose true digit has less probability than that of 99 of 100: those
 * that sets of digits with a promise of 99 % miss. Last, in how many of 2,000 samples of as many writers as there are, drawn from
 * them, the interval of a population's rate holds the rate of all: with independent images, and with `DESIGN_EFFECTS`.
 *
 * Usage: node scripts/design-effects.ts <folder of a finished study> <qmnist-test-labels.tsv.gz>
 */
import { mostProbable } from '../src/analysis/mostProbable.ts';
import { DESIGN_EFFECTS } from '../src/analysis/equity/designEffects.ts';
import { fifthBounds, populationsOf, sliceFamilies } from '../src/analysis/equity/slices.ts';
import { strokeMeasures } from '../src/analysis/equity/strokeMeasures.ts';
import { writerPopulation } from '../src/data/mnist/writerLabels.ts';
import { mean, quantile, standardDeviation } from '../src/stats/describe.ts';
import { loadMnist } from '../src/store/mnist.ts';
import { TrialStore } from '../src/store/runs.ts';
import { placeOf, readResults } from '../src/store/studyRecord.ts';
import { loadWriters } from '../src/store/writers.ts';
import { Random } from '../src/util/random.ts';

const POPULATIONS = ['student', 'employee'] as const;

const [folder, file] = process.argv.slice(2);
const mnist = loadMnist();
const { train, test } = mnist;
const { labels } = test;
const writers = loadWriters(file, labels);
const populations = populationsOf(mnist, writers)!;
const bounds = fifthBounds(strokeMeasures(train.images.data), train);
const families = sliceFamilies(
  strokeMeasures(test.images.data),
  { labels, classes: 10 },
  bounds,
  populations,
);

/** [clustered, simple] variance of the mean of `values` over the images in the group. */
function variances(values: ArrayLike<number>, inGroup: (i: number) => boolean): [number, number] {
  const own = Array.from({ length: labels.length }, (_, i) => i).filter(inGroup);
  const rate = mean(own.map((i) => values[i]));
  const residuals = new Map<number, number>();
  let simple = 0;
  for (const i of own) {
    const residual = values[i] - rate;
    simple += residual * residual;
    residuals.set(writers[i], (residuals.get(writers[i]) ?? 0) + residual);
  }
  let clustered = 0;
  for (const sum of residuals.values()) clustered += sum * sum;
  const [c, n] = [residuals.size, own.length];
  return [(clustered * c) / (c - 1) / (n * n), simple / (n - 1) / n];
}

function designEffect(values: ArrayLike<number>, inGroup: (i: number) => boolean): number {
  const [clustered, simple] = variances(values, inGroup);
  return clustered / simple;
}

const results = readResults(folder);
const store = new TrialStore(placeOf(folder).root);
for (const { name } of results.study.arms) {
  const runs = results.trials
    .filter(({ arm }) => arm === name)
    .map(({ key }) => store.read(key).probabilities);
  const errors = runs.map((one) => mostProbable(one).map((digit, i) => (digit === labels[i] ? 0 : 1)));
  const misses = runs.map(({ data, shape: [, classes] }) => {
    const ofTruth = Float64Array.from(labels, (label, i) => data[i * classes + label]);
    const least = quantile(ofTruth, 0.01);
    return ofTruth.map((p) => (p < least ? 1 : 0));
  });
  const over = (lists: readonly ArrayLike<number>[]) =>
    Float64Array.from(labels, (_, i) => mean(lists.map((list) => list[i])));
  const [error, miss] = [over(errors), over(misses)];
  console.log(
    `\n${name}, ${runs.length} networks: group, images, design effect of the mean, of one network, of misses`,
  );
  const coverage = (population: number, effect: number): string => {
    const own = [...new Set(writers)].filter(
      (writer) => writerPopulation(writer) === POPULATIONS[population],
    );
    const images = own.map((writer) => Array.from(error.keys()).filter((i) => writers[i] === writer));
    const random = new Random(population, 'design-effects/coverage');
    const rate = mean(images.flat().map((i) => error[i]));
    let held = 0;
    for (let sample = 0; sample < 2_000; sample++) {
      const values = own.flatMap(() => images[random.integer(own.length)]).map((i) => error[i]);
      const half = 1.96 * Math.sqrt(effect / values.length) * standardDeviation(values);
      if (Math.abs(mean(values) - rate) <= half) held++;
    }
    return `${((100 * held) / 2_000).toFixed(1)} %`;
  };
  const row = (title: string, inGroup: (i: number) => boolean): void => {
    const cells = [
      designEffect(error, inGroup),
      mean(errors.map((one) => designEffect(one, inGroup))),
      designEffect(miss, inGroup),
      mean(misses.map((one) => designEffect(one, inGroup))),
    ];
    const images = labels.filter((_, i) => inGroup(i)).length;
    console.log(
      `${title.padEnd(24)}${String(images).padStart(6)}${cells.map((x) => x.toFixed(2).padStart(8)).join('')}`,
    );
  };
  for (const population of [0, 1]) {
    console.log(
      `${POPULATIONS[population]}s: intervals hold in ${coverage(population, 1)} by images, in ${coverage(population, DESIGN_EFFECTS[population])} with the design effect`,
    );
  }
  row('all', () => true);
  for (const family of families) {
    for (let s = 0; s < family.slices; s++) row(`${family.name} ${s}`, (i) => family.of[i] === s);
  }
  for (const population of [0, 1]) {
    for (const family of families.slice(1)) {
      for (let s = 0; s < family.slices; s++) {
        row(
          `${population === 0 ? 'students' : 'employees'}, ${family.name} ${s}`,
          (i) => populations[i] === population && family.of[i] === s,
        );
      }
    }
  }
}
