import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alignPredictions } from '../analysis/alignPredictions.ts';
import { parsePredictions } from '../analysis/predictionTable.ts';
import expected from './fixtures/predictions/expected.json' with { type: 'json' };
import { judgePredictions } from './judgePredictions.ts';

const judge = (files: Record<string, string>, rope = 0.001) =>
  judgePredictions(
    alignPredictions(Object.entries(files).map(([file, text]) => parsePredictions(text, file))),
    { rope, resamples: 10_000 },
  );

const three = await judge(
  Object.fromEntries(
    Object.keys(expected.models).map((name) => [
      name,
      readFileSync(new URL(`./fixtures/predictions/${name}.csv`, import.meta.url), 'utf8'),
    ]),
  ),
  expected.rope,
);

function near(actual: number | null | undefined, value: number, tolerance = 1e-10): void {
  expect(Math.abs(actual! - value)).toBeLessThan(tolerance);
}

test.each(Object.entries(expected.models))(
  'model %s: agrees with NumPy and SciPy within 1e-10',
  (name, m) => {
    const model = three.models.find((one) => one.name === name)!;
    model.runs.forEach((run, s) => {
      near(run.accuracy, m.accuracies[s]);
      if (m.logLoss === null) expect(run.logLoss).toBeNull();
      else near(run.logLoss, m.logLoss[s]);
    });
    near(model.accuracy.mean, m.mean);
    near(model.accuracy.spread?.sd, m.sd);
    near(model.accuracy.spread?.low, m.interval[0]);
    near(model.accuracy.spread?.high, m.interval[1]);
    expect(model.runs[0].effective).toBe(m.effective);
    near(model.runs[0].wilson.low, m.wilson[0]);
    near(model.runs[0].wilson.high, m.wilson[1]);
    near(model.runs[0].clopperPearson.low, m.clopperPearson[0]);
    near(model.runs[0].clopperPearson.high, m.clopperPearson[1]);
    m.confusion.flat().forEach((count, i) => {
      near(model.confusion[Math.floor(i / 4)][i % 4], count);
    });
    m.recall.forEach((rate, c) => {
      near(model.recall[c], rate);
    });
  },
);

test.each(expected.pairs.map((pair, i) => ({ i, ...pair })))(
  '$first and $second: tests agree with SciPy within 1e-10, the bootstrap with NumPy within a fifth of its standard error',
  (wanted) => {
    const pair = three.pairs[wanted.i];
    expect([pair.first, pair.second, pair.design]).toEqual([wanted.first, wanted.second, 'seeds']);
    const seeds = pair.seeds!;
    near(pair.mean, wanted.mean);
    near(seeds.sd, wanted.sd);
    near(seeds.student?.low, wanted.low);
    near(seeds.student?.high, wanted.high);
    near(pair.p, wanted.p);
    near(pair.holm, wanted.holm);
    near(seeds.permutation.p, wanted.permutationP);
    near(seeds.superiority.probability, wanted.superiority);
    near(seeds.equivalence?.p, wanted.tostP);
    wanted.mcnemar.forEach(([onlyFirst, onlySecond, exact, mid], s) => {
      expect(pair.mcnemar[s]).toMatchObject({ onlyFirst, onlySecond });
      near(pair.mcnemar[s].exactP, exact);
      near(pair.mcnemar[s].midP, mid);
    });
    const [error, low, high] = wanted.bootstrap;
    expect(pair.bootstrap.over).toBe('seeds and groups');
    near(pair.bootstrap.standardError, error, 0.05 * error);
    near(pair.bootstrap.low, low, 0.2 * error);
    near(pair.bootstrap.high, high, 0.2 * error);
  },
);

test('two single runs with groups: p is the share of all patterns of signs of the groups within 1e-10 of NumPy’s, not McNemar’s', async () => {
  const first = (name: string): string =>
    readFileSync(new URL(`./fixtures/predictions/${name}.csv`, import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => /^(seed|1,)/.test(line))
      .join('\n');
  const {
    pairs: [pair],
  } = await judge({ wide: first('wide'), narrow: first('narrow') });
  expect(pair).toMatchObject({ design: 'single', bootstrap: { over: 'groups' } });
  near(pair.p, expected.groupedP);
});

test('log loss is compared where both have probabilities: within 1e-10 of SciPy', () => {
  const { logLoss } = three.pairs[0];
  near(logLoss?.mean, expected.logLossDifference[0]);
  near(logLoss?.spread?.low, expected.logLossDifference[1]);
  near(logLoss?.spread?.high, expected.logLossDifference[2]);
  expect(three.pairs[1].logLoss).toBeNull();
});

test('verdicts, and which of them Holm opens, by hand from the intervals above', () => {
  expect(three.pairs.map(({ state, opens }) => [state, opens])).toEqual([
    ['supported', true],
    ['undecided', false],
    ['contradicted', true],
  ]);
});

/** A file of `n` images of which the first `right` are right, for each seed. */
function file(n: number, rights: readonly number[], seed = true): string {
  const rows = rights.flatMap((right, s) =>
    Array.from(
      { length: n },
      (_, i) => `${seed ? `${s + 1},` : ''}${i % 2},${i < right ? i % 2 : 1 - (i % 2)}`,
    ),
  );
  return `${seed ? 'seed,' : ''}label,predicted\n${rows.join('\n')}\n`;
}

test('one run each: McNemar 10 to 0 has exact p 2/1024, and the verdict is about two models by images', async () => {
  const {
    pairs: [pair],
  } = await judge({ a: file(100, [95], false), b: file(100, [85], false) });
  expect(pair).toMatchObject({ design: 'single', seeds: null, state: 'supported', mean: 10 / 100 });
  expect(pair.mcnemar[0]).toMatchObject({ onlyFirst: 10, onlySecond: 0 });
  near(pair.p, 2 / 1024, 1e-12);
  near(pair.mcnemar[0].midP, 1 / 1024, 1e-12);
  // √(Σ(d − d̄)²)/n of ten ones among a hundred is √(.1·.9/100) = .03.
  near(pair.bootstrap.standardError, 0.03, 0.0015);
});

test('one run against several: every run less the one', async () => {
  const {
    pairs: [pair],
  } = await judge({ a: file(100, [90], false), b: file(100, [80, 81, 82, 80, 81, 82]) });
  expect(pair).toMatchObject({ design: 'one against seeds', state: 'supported', leftOut: 0 });
  expect(pair.differences.map(({ seed, difference }) => [seed, difference])).toEqual([
    ['1', 0.1],
    ['2', 0.09],
    ['3', 0.08],
    ['4', 0.1],
    ['5', 0.09],
    ['6', 0.08],
  ]);
  // Four of six differ from the mean by .01.
  near(pair.seeds?.sd, Math.sqrt(0.0004 / 5), 1e-12);
});

test('one run against five: no sign, whatever the interval, and six seeds are the fewest that it asks for', async () => {
  const {
    pairs: [pair],
  } = await judge({ a: file(100, [90], false), b: file(100, [80, 81, 82, 80, 81]) }, 0.05);
  expect(pair).toMatchObject({ state: 'undecided', open: { kind: 'seeds', bound: null } });
  expect(pair.seeds!.student!.low).toBeGreaterThan(0);
  expect(pair.seeds!.needed!.find).toBe(6);
});

test('six seeds of which two are equally often right decide no sign; of seven with six that are not they do', async () => {
  const of = async (lead: readonly number[]) =>
    (
      await judge({
        a: file(
          100,
          lead.map((more, s) => 80 + (s % 2) + more),
        ),
        b: file(
          100,
          lead.map((_, s) => 80 + (s % 2)),
        ),
      })
    ).pairs[0];
  const four = await of([4, 4, 5, 4, 0, 0]);
  expect(four.seeds!.student!.low).toBeGreaterThan(0);
  expect(four).toMatchObject({ state: 'undecided', open: { kind: 'seeds' }, seeds: { needed: null } });
  expect(four.seeds!.permutation.smallestP).toBe(0.125);
  expect(await of([4, 4, 5, 4, 4, 3, 0])).toMatchObject({ open: null });
});

test('six copies of one run against six runs that vary are undecided in both orders, and a warning names the model', async () => {
  const copied = file(100, [90, 90, 90, 90, 90, 90]);
  const varied = file(100, [80, 81, 82, 80, 81, 82]);
  for (const files of [
    { a: copied, b: varied },
    { a: varied, b: copied },
  ]) {
    const { pairs, warnings } = await judge(files);
    expect(pairs[0]).toMatchObject({ state: 'undecided', open: { kind: 'copies' }, seeds: { needed: null } });
    expect(warnings).toEqual([
      `${files.a === copied ? 'a' : 'b'}: all six\u00a0runs give the same answers: does the seed reach the training? Copies are no evidence about seeds.`,
    ]);
  }
});

test('runs that do not differ are no evidence about seeds: undecided, whatever the difference', async () => {
  const {
    pairs: [pair],
  } = await judge({ a: file(100, [90, 90, 90]), b: file(100, [80, 80, 80]) });
  expect(pair).toMatchObject({ state: 'undecided', p: 0.25 });
  expect(pair.seeds).toMatchObject({ sd: 0, student: null, equivalence: null, needed: null });
});

test('the same predictions twice are equivalent from so many images on that 3/n is within the region', async () => {
  const twice = async (n: number, rights: number[], rope: number) =>
    (await judge({ a: file(n, rights, rights.length > 1), b: file(n, rights, rights.length > 1) }, rope))
      .pairs[0];
  for (const rights of [[40], [40, 42]]) {
    expect(await twice(60, rights, 0.05)).toMatchObject({ state: 'equivalent', open: null });
    expect(await twice(60, rights, 0.04)).toMatchObject({
      state: 'undecided',
      open: { kind: 'alike', bound: 0.05 },
    });
  }
});

test('one image, two images, and a single group decide nothing', async () => {
  const one = await judge({ a: 'label,predicted\n1,1\n', b: 'label,predicted\n1,1\n' });
  expect(one.pairs[0]).toMatchObject({ state: 'undecided', open: { kind: 'alike', bound: 1 } });
  const two = await judge({ a: file(2, [2], false), b: file(2, [0], false) });
  expect(two.pairs[0]).toMatchObject({ state: 'undecided', open: { kind: 'images' } });
  const inGroup = (text: string) => text.replaceAll('\n', ',w\n').replace('predicted,w', 'predicted,writer');
  const group = await judge({ a: inGroup(file(100, [95], false)), b: inGroup(file(100, [80], false)) });
  expect(group.pairs[0]).toMatchObject({ state: 'undecided', open: { kind: 'groups' } });
});

test('the order of the files turns the signs and changes nothing else', async () => {
  const text = (name: string) =>
    readFileSync(new URL(`./fixtures/predictions/${name}.csv`, import.meta.url), 'utf8');
  const single = { x: file(300, [280], false), y: file(300, [262], false) };
  for (const files of [{ wide: text('wide'), narrow: text('narrow') }, single] as Record<string, string>[]) {
    const forth = (await judge(files)).pairs[0];
    const back = (await judge(Object.fromEntries(Object.entries(files).reverse()))).pairs[0];
    const turned = (range: { low: number; high: number } | null | undefined) =>
      range && [0 - range.high, 0 - range.low];
    const straight = (range: { low: number; high: number } | null | undefined) =>
      range && [range.low, range.high];
    expect([back.first, back.second, back.mean]).toEqual([forth.second, forth.first, 0 - forth.mean]);
    expect(straight(back.bootstrap)).toEqual(turned(forth.bootstrap));
    expect(straight(back.seeds?.student)).toEqual(turned(forth.seeds?.student));
    expect(straight(back.logLoss?.spread)).toEqual(turned(forth.logLoss?.spread));
    expect([back.p, back.holm, back.seeds?.permutation]).toEqual([
      forth.p,
      forth.holm,
      forth.seeds?.permutation,
    ]);
    expect(back.bootstrap.standardError).toBe(forth.bootstrap.standardError);
    expect(back.mcnemar.map(({ onlyFirst, onlySecond }) => [onlySecond, onlyFirst])).toEqual(
      forth.mcnemar.map(({ onlyFirst, onlySecond }) => [onlyFirst, onlySecond]),
    );
  }
});

test.each([
  [
    'fifty sevens all read as 1',
    `label,predicted\n${'7,1\n'.repeat(50)}`,
    /^All 50\simages are of the class 7.*a: 0 of 50\simages right is below the 50\.0\s% of guessing among 2 classes/,
  ],
  [
    'labels one higher',
    `label,predicted\n${'1,0\n2,1\n3,2\n'.repeat(50)}`,
    /a: 0 of 150\simages.*100\.0\s% would be right were each prediction one higher/,
  ],
  [
    'rows moved by one',
    `label,predicted\n${'0,2\n1,0\n2,1\n0,2\n2,0\n1,2\n'.repeat(40)}`,
    /would be right were each prediction about the row before/,
  ],
  ['one image', 'label,predicted\n7,1\n', /^The only image is of the class 7: images of one class cannot/],
])('%s: a result, and a warning', async (_, text, warning) => {
  const judgement = await judge({ a: text });
  expect(judgement.models[0].accuracy.mean).toBe(0);
  expect(judgement.warnings.join(' ')).toMatch(warning);
});

test('good answers have no warning, and chance is none either', async () => {
  expect((await judge({ a: file(100, [95], false) })).warnings).toEqual([]);
  expect((await judge({ a: file(100, [45], false) })).warnings).toEqual([]);
});

test('seeds in both are paired, the others left out and counted', async () => {
  const a = file(20, [10, 12, 15]);
  const b = file(20, [9, 11, 11]).replaceAll(/^3,/gm, '9,');
  const {
    pairs: [pair],
  } = await judge({ a, b });
  expect(pair.differences.map(({ seed }) => seed)).toEqual(['1', '2']);
  expect(pair.leftOut).toBe(2);
});

test('E_MISMATCH for several seeds of which fewer than two are in both', async () => {
  const b = file(20, [9, 11]).replaceAll(/^2,/gm, '7,');
  await expect(judge({ a: file(20, [10, 12]), b })).rejects.toThrow(
    'Seeds of a and b: expected at least two in both, received 1, 2 and 1, 7.',
  );
});

test('BCa from twenty seeds on, and McNemar for each of them', async () => {
  const rights = Array.from({ length: 20 }, (_, s) => 70 + ((7 * s) % 11));
  const {
    pairs: [pair],
  } = await judge({
    a: file(100, rights),
    b: file(
      100,
      rights.map((right, s) => right - (s % 3)),
    ),
  });
  expect(pair.mcnemar).toHaveLength(20);
  // Differences 0, .01, .02 in turn: mean (7·0 + 7·1 + 6·2)/2000.
  near(pair.mean, 0.0095, 1e-12);
  expect(pair.seeds!.bca!.low).toBeGreaterThan(0.005);
  expect(pair.seeds!.bca!.high).toBeLessThan(0.014);
});

test('one model alone has no pairs; a class without images has no recall', async () => {
  const judgement = await judge({ a: 'label,predicted\n0,0\n1,2\n' });
  expect(judgement.pairs).toEqual([]);
  expect(judgement.models[0].recall).toEqual([1, 0, null]);
  expect(judgement.groups).toBeNull();
});

test('the same files give the same numbers', async () => {
  const files = { a: file(60, [50, 52, 49]), b: file(60, [48, 51, 50]) };
  expect(await judge(files)).toEqual(await judge(files));
});

test('E_ABORTED once the signal says so', async () => {
  const predictions = alignPredictions([
    parsePredictions(file(20, [10, 12]), 'a'),
    parsePredictions(file(20, [9, 11]), 'b'),
  ]);
  await expect(judgePredictions(predictions, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'E_ABORTED',
  });
});
