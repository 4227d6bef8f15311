import { mean } from '../../src/stats/describe.ts';
import { recallPerClass } from '../../src/analysis/confusion.ts';
import { DEFAULT_RULES } from '../../src/study/configuration.ts';
import { CLAIM_IDS, type ClaimId } from '../../src/study/claims.ts';
import { PAPER } from '../../src/study/paper.ts';
import type { Random } from '../../src/util/random.ts';
import type { Fixture, FixtureRun } from './fixture.ts';
import type { Pair, Run } from './studies.ts';

/** A way to make studies in which a difference, a change or a ranking is known not to be there. */
export interface Scenario {
  readonly words: string;
  /** Those that are judged. */
  readonly claims: readonly ClaimId[];
  /** The pairs of a study of `n` seeds. */
  readonly draw: (fixture: Fixture, n: number, random: Random) => Pair[];
}

/** Those with comparisons of the arms. */
const ARM_CLAIMS: readonly ClaimId[] = CLAIM_IDS.filter((id) => !['C9', 'C10', 'C11'].includes(id));
const OVERFITTING_FROM = DEFAULT_RULES.overfittingFrom;
const FLAT_FROM = Math.min(OVERFITTING_FROM, DEFAULT_RULES.declineFrom);

export const SCENARIOS = {
  swapped: {
    words:
      'labels swapped: seeds drawn without replacement, and by the toss of a coin for each seed its ReLU run counts as Tanh and its Tanh run as ReLU',
    claims: ARM_CLAIMS,
    draw: ({ pairs }, n, random) =>
      some(pairs, n, random).map(([relu, tanh]) => (random.integer(2) === 1 ? [tanh, relu] : [relu, tanh])),
  },
  'split-relu': {
    words:
      'one arm split: the ReLU runs of as many seeds as there are, in two halves, one of which counts as Tanh',
    claims: ARM_CLAIMS,
    draw: (fixture, n, random) => split(fixture, 0, n, random),
  },
  'split-tanh': {
    words: 'one arm split: the same of the Tanh runs',
    claims: ARM_CLAIMS,
    draw: (fixture, n, random) => split(fixture, 1, n, random),
  },
  'no-change': {
    words: `no change: from epoch ${FLAT_FROM} on the mean validation curves of both arms are made flat, each run keeps how far it is from the mean; seeds drawn with replacement`,
    claims: ['C5', 'C6'],
    draw: (fixture, n, random) => withReplacement(flattened(fixture), n, random),
  },
  'at-the-margin': {
    words: `change at the margin: the same, but from epoch ${OVERFITTING_FROM} to the last both arms get worse by just the margin, so that Tanh is neither stable nor not`,
    claims: ['C5'],
    draw: (fixture, n, random) => withReplacement(worseByTheMargin(fixture), n, random),
  },
  'equal-digits': {
    words:
      'equal digits: in both arms every digit gets the mean recall of all ten, each run keeps how far it is from its digit’s mean; seeds drawn with replacement',
    claims: ['C9'],
    draw: (fixture, n, random) => withReplacement(equalDigits(fixture), n, random),
  },
  'tied-digits': {
    words:
      'tied digits: as measured, but the mean recall of 1 is that of the best other digit, and those of 6 and 8 are that of the worst other digit',
    claims: ['C9'],
    draw: (fixture, n, random) => withReplacement(tiedDigits(fixture), n, random),
  },
  'worst-digits': {
    words:
      'truly worst: as measured, but the mean recalls of 6 and 8 lie 0.3 points below that of the worst other digit',
    claims: ['C9'],
    draw: (fixture, n, random) => withReplacement(worstDigits(fixture), n, random),
  },
  'half-of-the-runs': {
    words: `half of the runs: by the toss of a coin for each run and statement, a pair that the paper names is among the ${DEFAULT_RULES.confusedPairs} most confused or not, and an arm’s validation accuracies are all in the range or not; seeds drawn with replacement`,
    claims: ['C10', 'C11'],
    draw: ({ pairs }, n, random) =>
      withReplacement(pairs, n, random).map(
        ([relu, tanh]) => [tossed(relu, 'relu', random), tossed(tanh, 'tanh', random)] as const,
      ),
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

/** `n` of the seeds in random order, each at most once where there are enough. */
function some(pairs: readonly Pair[], n: number, random: Random): readonly Pair[] {
  return n > pairs.length ? withReplacement(pairs, n, random) : random.shuffle([...pairs]).slice(0, n);
}

function withReplacement(pairs: readonly Pair[], n: number, random: Random): Pair[] {
  return Array.from({ length: n }, () => pairs[random.integer(pairs.length)]);
}

/** The runs of up to `n` seeds of one arm make a study of half as many. */
function split({ pairs }: Fixture, arm: 0 | 1, n: number, random: Random): Pair[] {
  const half = Math.floor(Math.min(2 * n, pairs.length) / 2);
  const runs = random.shuffle(pairs.map((pair) => pair[arm]));
  return runs.slice(0, half).map((run, k) => [run, runs[half + k]]);
}

/** Every arm's runs are changed in the light of all of them; kept, as each fixture is asked for often. */
function changed(of: (runs: readonly FixtureRun[]) => Run[]): (fixture: Fixture) => readonly Pair[] {
  const known = new WeakMap<Fixture, readonly Pair[]>();
  return (fixture) => {
    const { pairs } = fixture;
    let made = known.get(fixture);
    if (made === undefined) {
      const [relu, tanh] = [0, 1].map((arm) => of(pairs.map((pair) => pair[arm])));
      made = relu.map((run, k) => [run, tanh[k]] as const);
      known.set(fixture, made);
    }
    return made;
  };
}

const CURVES = ['val_accuracy', 'val_loss'] as const;

/** Validation curves whose means over the runs are `target` from the flat epoch on. */
function withMeanCurves(
  target: (curve: (typeof CURVES)[number], level: number, epoch: number) => number,
): (runs: readonly FixtureRun[]) => Run[] {
  return (runs) => {
    const level = (curve: (typeof CURVES)[number], epoch: number) =>
      mean(runs.map(({ history }) => history[curve][epoch]));
    const shifts = CURVES.map((curve) =>
      runs[0].history[curve].map((_, epoch) =>
        epoch < FLAT_FROM ? 0 : target(curve, level(curve, FLAT_FROM - 1), epoch) - level(curve, epoch),
      ),
    );
    return runs.map((run) => {
      const [val_accuracy, val_loss] = CURVES.map((curve, c) =>
        run.history[curve].map((value, epoch) => value + shifts[c][epoch]),
      );
      return { ...run, history: { ...run.history, val_accuracy, val_loss } };
    });
  };
}

const flattened = changed(withMeanCurves((_, level) => level));

const worseByTheMargin = changed(
  withMeanCurves((curve, level, epoch) => {
    if (epoch < OVERFITTING_FROM) return level;
    return curve === 'val_accuracy' ? level - DEFAULT_RULES.rope : level + DEFAULT_RULES.lossRope;
  }),
);

/** Recalls with other means over the runs, each run as far from them as it was. */
function withMeanRecalls(
  target: (means: readonly number[]) => number[],
): (runs: readonly FixtureRun[]) => Run[] {
  return (runs) => {
    const recalls = runs.map(({ confusionMatrix }) => recallPerClass(confusionMatrix));
    const means = recalls[0].map((_, digit) => mean(recalls.map((recall) => recall[digit])));
    const targets = target(means);
    return runs.map((run, r) => ({
      ...run,
      confusionMatrix: run.confusionMatrix.map((row, digit) =>
        withRecall(row, digit, recalls[r][digit] - means[digit] + targets[digit]),
      ),
    }));
  };
}

/** A row of counts, no longer whole, with another share on the diagonal. */
function withRecall(row: readonly number[], digit: number, recall: number): number[] {
  const size = row.reduce((sum, count) => sum + count, 0);
  const hits = Math.min(size, size * recall);
  const wrong = size - row[digit];
  return row.map((count, p) =>
    p === digit ? hits : wrong === 0 ? (size - hits) / 9 : (count * (size - hits)) / wrong,
  );
}

const equalDigits = changed(withMeanRecalls((means) => means.map(() => mean(means))));

const NAMED = [1, 6, 8];
const others = (means: readonly number[]): number[] => means.filter((_, digit) => !NAMED.includes(digit));

const tiedDigits = changed(
  withMeanRecalls((means) => {
    const [best, worst] = [Math.max(...others(means)), Math.min(...others(means))];
    return means.map((value, digit) => (digit === 1 ? best : NAMED.includes(digit) ? worst : value));
  }),
);

const worstDigits = changed(
  withMeanRecalls((means) => {
    const worst = Math.min(...others(means)) - 0.003;
    return means.map((value, digit) => (digit === 6 || digit === 8 ? worst : value));
  }),
);

const GOOD = (DEFAULT_RULES.goodFrom + DEFAULT_RULES.goodTo) / 2;

function tossed(run: Run, arm: 'relu' | 'tanh', random: Random): Run {
  const matrix = run.confusionMatrix.map((row) => [...row]);
  PAPER.confusedPairs[arm].forEach(([x, y], place) => {
    matrix[x][y] = random.integer(2) === 1 ? 1000 - place : 0;
    matrix[y][x] = 0;
  });
  const inside = random.integer(2) === 1;
  const val_accuracy = run.history.val_accuracy.map(() => (inside ? GOOD : 0));
  return { ...run, confusionMatrix: matrix, history: { ...run.history, val_accuracy } };
}
