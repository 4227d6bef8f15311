import { expect, test } from 'vitest';
import { coverageOf, INTERVAL_KINDS } from '../scripts/calibrate/coverage.ts';
import { nullStudies, together } from '../scripts/calibrate/falseVerdicts.ts';
import { loadFixture } from '../scripts/calibrate/fixture.ts';
import { NULL_SEEDS } from '../scripts/calibrate/jobs.ts';
import { NULLS, wrongVerdicts } from '../scripts/calibrate/nulls.ts';
import { calibrationPage, faultsOf } from '../scripts/calibrate/page.ts';
import { SCENARIOS } from '../scripts/calibrate/scenarios.ts';
import { judged } from '../scripts/calibrate/studies.ts';
import { accuracyOf, recallPerClass } from '../src/analysis/confusion.ts';
import { mean } from '../src/stats/describe.ts';
import { CLAIM_IDS } from '../src/study/claims.ts';
import { Random } from '../src/util/random.ts';

const fixture = loadFixture();

test('every statement of the claims names its null or says why it has none, and no other is named', () => {
  const said = judged(fixture.pairs, { claims: CLAIM_IDS, writers: fixture.writers });
  expect(Object.keys(NULLS)).toEqual([...said.keys()]);
});

test('the fixture is whole: accuracies, confusions, answers and writers tell the same of each run', () => {
  expect(fixture.writers.reduce((sum, { images }) => sum + images, 0)).toBe(10_000);
  for (const [relu, tanh] of fixture.pairs) {
    expect([relu.arm, tanh.arm, tanh.seed]).toEqual(['relu', 'tanh', relu.seed]);
    for (const run of [relu, tanh]) {
      expect(mean(run.answers)).toBe(run.testAccuracy);
      expect(accuracyOf(run.confusionMatrix)).toBe(run.testAccuracy);
      expect(10_000 - run.writerErrors.reduce((a, b) => a + b)).toBeCloseTo(10_000 * run.testAccuracy, 6);
    }
  }
});

test('equal digits have one mean recall, flat curves no change, to 1e-12; the deviations of each run stay', () => {
  // All the fixture's runs once: the draws of a stream that counts up.
  let next = 0;
  const each = { integer: (n: number) => next++ % n } as unknown as Random;
  const all = (name: 'equal-digits' | 'no-change') => {
    next = 0;
    return SCENARIOS[name].draw(fixture, fixture.pairs.length, each).map(([, tanh]) => tanh);
  };
  const recalls = all('equal-digits').map(({ confusionMatrix }) => recallPerClass(confusionMatrix));
  const means = recalls[0].map((_, digit) => mean(recalls.map((recall) => recall[digit])));
  for (const value of means) expect(value).toBeCloseTo(means[0], 12);
  const changes = all('no-change').map(({ history }) => history.val_loss[9] - history.val_loss[4]);
  expect(mean(changes)).toBeCloseTo(0, 12);
  const before = fixture.pairs.map(([, { history }]) => history.val_loss[9] - history.val_loss[4]);
  changes.forEach((change, k) => {
    expect(change - before[k]).toBeCloseTo(-mean(before), 12);
  });
});

test('swapped labels leave each seed its two runs, a split arm pairs runs of one arm', () => {
  const swapped = SCENARIOS.swapped.draw(fixture, 20, new Random(1, 'test'));
  for (const [a, b] of swapped) {
    expect(fixture.pairs.some((pair) => pair.includes(a as never) && pair.includes(b as never))).toBe(true);
  }
  expect(new Set(swapped.flat()).size).toBe(40);
  expect(swapped.some(([a]) => fixture.pairs.some(([relu]) => relu === a))).toBe(true);
  expect(swapped.some(([a]) => fixture.pairs.some(([, tanh]) => tanh === a))).toBe(true);
  const halves = SCENARIOS['split-tanh'].draw(fixture, 100, new Random(1, 'test')).flat();
  expect(new Set(halves).size).toBe(2 * Math.floor(fixture.pairs.length / 2));
  expect(halves.every((run) => fixture.pairs.some(([, tanh]) => tanh === run))).toBe(true);
});

test('fifty null studies of digits and shares of runs: at most nine of them falsely judged, whose chance is below 1 in 1,000 at 5 %', () => {
  for (const scenario of ['equal-digits', 'half-of-the-runs'] as const) {
    const { statements } = nullStudies(fixture, scenario, 30, 50);
    expect(statements.length).toBeGreaterThan(3);
    for (const { judged: studies, supported, contradicted } of statements) {
      expect(studies).toBe(50);
      expect(supported + contradicted).toBeLessThanOrEqual(9);
    }
  }
});

test('parts of a simulation are the whole', () => {
  const whole = nullStudies(fixture, 'no-change', 5, 6);
  const parts = [nullStudies(fixture, 'no-change', 5, 2), nullStudies(fixture, 'no-change', 5, 4, 2)];
  expect(together(parts)).toEqual(whole);
});

test('a verdict counts as false only under a null of its statement', () => {
  const statement = 'C9: Tanh recognises the digit 6 worst';
  expect(wrongVerdicts(statement, 'equal-digits')).toEqual(['supported', 'contradicted']);
  expect(wrongVerdicts(statement, 'worst-digits')).toEqual(['contradicted']);
  expect(wrongVerdicts(statement, 'swapped')).toEqual([]);
  expect(wrongVerdicts('C11: Both models are good enough', 'swapped')).toEqual([]);
});

test('coverage tells on which side an interval missed', () => {
  const ends = [
    [0, 1],
    [2, 3],
    [-3, -2],
    [-1, 2],
  ];
  const kind = {
    ...INTERVAL_KINDS[0],
    draw: () => {
      const [low, high] = ends.shift()!;
      return { low, high, truth: 0.5 };
    },
  };
  expect(coverageOf(fixture, kind, 5, 4)).toMatchObject({ studies: 4, covered: 2, below: 1, above: 1 });
});

test('what is promised and not held is said, with where; an interval that a page explains is none', () => {
  const statement = { statement: 'C1', judged: 1000, supported: 40, contradicted: 40, equivalent: 0 };
  const nulls = [
    { scenario: 'swapped', n: 30, studies: 1000, any: 65, statements: [{ ...statement, shown: 66 }] },
    { scenario: 'swapped', n: 6, studies: 1000, any: 66, statements: [{ ...statement, shown: 65 }] },
  ] as const;
  const [{ name }] = INTERVAL_KINDS;
  const coverages = [921, 923, 974, 976].map((covered) => ({
    kind: name,
    n: 5,
    studies: 1000,
    covered,
    below: 1000 - covered,
    above: 0,
  }));
  expect(faultsOf({ nulls, coverages })).toEqual([
    'C1: 6.6 % false (swapped, 30 seeds)',
    '6.6 % of the studies say something false (swapped, 6 seeds)',
    `${name}, 5: covers 92.1 %, which no page states`,
    `${name}, 5: covers 97.6 %, which no page states`,
  ]);
});

test('every kind of interval can be drawn at its smallest number, and the page has a row for each', () => {
  const coverages = INTERVAL_KINDS.map((kind) => coverageOf(fixture, kind, Math.min(...kind.sizes), 1));
  const nulls = Object.keys(SCENARIOS).flatMap((scenario) =>
    NULL_SEEDS.map((n) => ({ scenario, n, studies: 1, statements: [], any: 0 })),
  );
  const page = calibrationPage(fixture, { nulls: nulls as never, coverages });
  for (const { name } of INTERVAL_KINDS) expect(page).toContain(`| ${name} |`);
  for (const statement of Object.keys(NULLS)) expect(page).toContain(`| ${statement} |`);
});
