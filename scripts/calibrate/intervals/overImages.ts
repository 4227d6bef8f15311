import { DESIGN_EFFECTS } from '../../../src/analysis/equity/designEffects.ts';
import { gapsOf } from '../../../src/analysis/equity/gaps.ts';
import { rateOf } from '../../../src/analysis/equity/rates.ts';
import { overImages } from '../../../src/report/evaluation/calibration/arms.ts';
import { clopperPearson } from '../../../src/stats/binomial.ts';
import { crossedBootstrap } from '../../../src/stats/crossedBootstrap.ts';
import { type CrossedRates, crossedRates } from '../../../src/stats/crossedRates.ts';
import { mean } from '../../../src/stats/describe.ts';
import type { Random } from '../../../src/util/random.ts';
import type { IntervalKind } from '../coverage.ts';
import type { Fixture, FixtureRun, WriterErrors } from '../fixture.ts';
import { answersByWriter, writerOfImages } from '../studies.ts';
import { drawn } from './overSeeds.ts';

const SEEDS = [5, 6, 100];
const OF_IMAGES =
  'seeds and, independently of them, test images drawn with replacement from those of the fixture, whose mean is the truth';
const OF_THESE =
  'seeds drawn with replacement and, independently of them, test images; the truth is the mean of these very networks over all images of the fixture';
const OF_THESE_BY_WRITER =
  'seeds drawn with replacement and, independently of them, writers with all their images; the truth is the mean of these very networks over all images of the fixture';
const OF_SOME_IMAGES = `${OF_IMAGES}; 2,500 images, of which MNIST has 10,000`;
const OF_WRITERS =
  'seeds and, independently of them, writers with all their images drawn with replacement from those of the fixture, whose mean is the truth';
const FEWER = 100;
const RESAMPLES = 300;
/** Of the crossed bootstrap over images, which take long: a test set smaller than MNIST's. */
const SOME_IMAGES = 2500;

const isStudent = ({ population }: WriterErrors): boolean => population === 'student';

/** Answers of runs on one and the same drawn set of images; `clusters` are the draws that they came with. */
interface Drawn {
  readonly relu: readonly Uint8Array[];
  readonly tanh: readonly Uint8Array[];
  /** The mean accuracy of these Tanh runs on all images. */
  readonly truth: number;
  readonly clusters?: Uint32Array;
  /** 0 for images by students, 1 by employees. */
  readonly population?: Uint8Array;
}

function byImages({ pairs, labels }: Fixture, n: number, random: Random): Drawn {
  const seeds = drawn(pairs, n, random);
  const images = Uint32Array.from({ length: SOME_IMAGES }, () => random.integer(labels.length));
  const of = ({ answers }: FixtureRun) => Uint8Array.from(images, (i) => answers[i]);
  return {
    relu: seeds.map(([relu]) => of(relu)),
    tanh: seeds.map(([, tanh]) => of(tanh)),
    truth: mean(seeds.map(([, { testAccuracy }]) => testAccuracy)),
  };
}

function byWriters({ pairs, writers }: Fixture, n: number, random: Random): Drawn {
  const seeds = Array.from({ length: n }, () => random.integer(pairs.length));
  const people = drawn(writers, writers.length, random);
  const clusters = writerOfImages(people);
  const population = Uint8Array.from(clusters, (writer) => (isStudent(people[writer]) ? 0 : 1));
  const of = (run: number) =>
    answersByWriter(
      people,
      people.map(({ errors }) => errors[run]),
    );
  return {
    relu: seeds.map((seed) => of(seed)),
    tanh: seeds.map((seed) => of(pairs.length + seed)),
    truth: mean(seeds.map((seed) => pairs[seed][1].testAccuracy)),
    clusters,
    population,
  };
}

const accuracyOf = ({ pairs }: Fixture, arm: 0 | 1): number =>
  mean(pairs.map((pair) => mean(pair[arm].answers)));
const differenceOf = (fixture: Fixture): number => accuracyOf(fixture, 0) - accuracyOf(fixture, 1);

/** Tanh's error rate on the images of some writers, over all seeds. */
function errorOf({ pairs, writers }: Fixture, which: (writer: WriterErrors) => boolean): number {
  const some = writers.filter(which);
  const wrong = some.reduce(
    (sum, { errors }) => sum + errors.slice(pairs.length).reduce((a, b) => a + b, 0) / pairs.length,
    0,
  );
  return wrong / some.reduce((sum, { images }) => sum + images, 0);
}

/** Whether the evaluation is told who wrote what. */
type Knowledge = 'with writers' | 'without writers';

/** Tanh's errors by population on images drawn by writer. */
function ratesByPopulation(fixture: Fixture, n: number, random: Random, knowledge: Knowledge): CrossedRates {
  const { tanh, clusters, population } = byWriters(fixture, n, random);
  const wrong = tanh.map((answers) => answers.map((right) => 1 - right));
  return crossedRates(wrong, [{ count: 2, of: population! }], {
    random,
    resamples: RESAMPLES,
    ...(knowledge === 'with writers'
      ? { clusters: clusters! }
      : { designEffects: { strata: population!, effects: DESIGN_EFFECTS } }),
  });
}

function equity(
  knowledge: Knowledge,
  name: string,
  intervalOf: (rates: CrossedRates) => readonly [number, number],
  truthOf: (students: number, employees: number) => number,
): IntervalKind {
  return {
    name: `${name}, ${knowledge}`,
    printed: 'evaluation: equity',
    generator: `${OF_WRITERS}; ${RESAMPLES} resamples here, 1,000 in the evaluation`,
    unit: 'seeds',
    sizes: SEEDS,
    studies: FEWER,
    draw: (fixture, n, random) => {
      const [low, high] = intervalOf(ratesByPopulation(fixture, n, random, knowledge));
      const [students, employees] = [true, false].map((side) =>
        errorOf(fixture, (writer) => isStudent(writer) === side),
      );
      return { low, high, truth: truthOf(students, employees) };
    },
    ...(knowledge === 'without writers' && {
      stated: 'page of equity: of single rates rather too wide',
    }),
  };
}

function equityKinds(knowledge: Knowledge): IntervalKind[] {
  const sampling = { clustered: knowledge === 'with writers' };
  return [
    equity(
      knowledge,
      'Error rate of employees',
      ({ groups }) => rateOf(groups[0][1], sampling).interval!,
      (_, employees) => employees,
    ),
    equity(
      knowledge,
      'Students’ error rate less employees’',
      ({ groups, all }) => gapsOf(groups[0], all, sampling)[0].differenceInterval!,
      (students, employees) => students - employees,
    ),
  ];
}

const crossed = (name: string, generator: string, draw: typeof byImages): IntervalKind => ({
  name,
  printed: 'report: image sets; claim C2; judge',
  generator: `${generator}; 300 resamples here, 500 to 2,000 in the report`,
  unit: 'seeds',
  sizes: [3, ...SEEDS],
  studies: FEWER,
  draw: (fixture, n, random) => {
    const { relu, tanh, clusters } = draw(fixture, n, random);
    const { low, high } = crossedBootstrap(relu, tanh, {
      random,
      resamples: RESAMPLES,
      ...(clusters && { clusters }),
    });
    return { low, high, truth: differenceOf(fixture) };
  },
  stated: 'table of image sets: rather wide with few seeds',
});

const wilsonOverRuns = (name: string, generator: string, draw: typeof byImages): IntervalKind => ({
  name,
  printed: 'evaluation: calibration, shares of images as means over networks',
  generator,
  unit: 'seeds',
  sizes: [1, ...SEEDS],
  studies: FEWER,
  draw: (fixture, n, random) => {
    const { tanh, truth } = draw(fixture, n, random);
    const parts = tanh.map((answers) => ({ covered: mean(answers) * answers.length, count: answers.length }));
    const { low, high } = overImages(parts);
    return { low: low!, high: high!, truth };
  },
  stated: 'tables of calibration: by images, 79 to 88 % where writers are drawn',
});

export const OVER_IMAGES: readonly IntervalKind[] = [
  crossed('Crossed bootstrap over seeds and images, paired difference of accuracy', OF_SOME_IMAGES, byImages),
  crossed('Crossed bootstrap over seeds and writers, paired difference of accuracy', OF_WRITERS, byWriters),
  {
    name: 'Crossed bootstrap over seeds and images, share of one arm',
    printed: 'evaluation: accuracy under attack',
    generator: `1,000 images; right where an image's normal value times 2, a run's times .1 and one of both add up to more than 0, so that one half is the truth; ${RESAMPLES} resamples here, 2,000 in the evaluation`,
    unit: 'seeds',
    sizes: SEEDS,
    studies: FEWER,
    draw: (_, n, random) => {
      const images = Float64Array.from({ length: 1000 }, () => 2 * random.normal());
      const right = Array.from({ length: n }, () => {
        const run = 0.1 * random.normal();
        return Uint8Array.from(images, (image) => (image + run + random.normal() > 0 ? 1 : 0));
      });
      const all = new Uint8Array(images.length).fill(1);
      const { low, high } = crossedBootstrap(
        right,
        right.map(() => all),
        { random, resamples: RESAMPLES },
      );
      return { low, high, truth: -0.5 };
    },
  },
  ...equityKinds('with writers'),
  ...equityKinds('without writers'),
  ...[1, 8].map((digit): IntervalKind => ({
    name: `Clopper–Pearson of the mean count of recognised ${digit}s`,
    printed: 'report: recall of each digit',
    generator: OF_THESE,
    unit: 'seeds',
    sizes: [1, ...SEEDS],
    studies: 2000,
    draw: (fixture, n, random) => {
      const own = Array.from(fixture.labels, Number).flatMap((label, i) => (label === digit ? [i] : []));
      const images = drawn(own, own.length, random);
      const runs = drawn(fixture.pairs, n, random).map(([, run]) => run);
      const counts = runs.map(({ answers }) => images.reduce((sum, i) => sum + answers[i], 0));
      const truth = mean(runs.map(({ confusionMatrix }) => confusionMatrix[digit][digit] / own.length));
      return { ...clopperPearson(Math.round(mean(counts)), own.length), truth };
    },
    stated: 'table of recalls: of five runs and more 99 %',
  })),
  wilsonOverRuns(
    'Wilson of a mean share over networks, images drawn',
    `${OF_THESE}; 2,500 images, of which MNIST has 10,000`,
    byImages,
  ),
  wilsonOverRuns('Wilson of a mean share over networks, writers drawn', OF_THESE_BY_WRITER, byWriters),
];
