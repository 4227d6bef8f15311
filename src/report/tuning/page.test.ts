import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import type { TuningFile } from '../../study/tuning/configuration.ts';
import { HILL, type Landscape, madeUpResults } from '../../study/tuning/fixtures/madeUp.ts';
import { toCsv } from '../table.ts';
import { FILE_THEME } from '../theme.ts';
import { armsOfSearch, atTheEdge, largestPairedP } from './facts.ts';
import type { SearchedTrial } from '../../study/tuning/searchedTrial.ts';
import { tuningFigures, tuningPage, tuningTables } from './page.ts';
import { answerOf, armPassage, conclusions, importanceSentence } from './prose.ts';

const { document } = new JSDOM().window;

async function report(file: Partial<TuningFile> = {}, landscape: Landscape = HILL, quick = false) {
  const results = await madeUpResults(file, landscape, quick);
  const arms = armsOfSearch(results);
  return {
    results,
    arms,
    answer: answerOf(results, arms),
    passages: arms.map((arm) => armPassage(results, arm).text),
    ...conclusions(results, arms),
    page: tuningPage(results, { document, bestFile: 'runs/made-up/best.json' }),
  };
}

/** Drawn configurations 0.02 above the recipe as it stands. */
const GAIN: Landscape = (trial, epoch) =>
  trial.configurationNumber === null ? 0.95 : 0.95 + 0.02 * (epoch / 8) + trial.configurationNumber / 10_000;

test('a clear gain: what was found, both intervals, the edge of the space', async () => {
  const { passages, answer, arms, results, follows, doesNot } = await report({}, GAIN);
  // Configuration #9 has 0.97 + 0.0008; the best is taken after 9 epochs.
  expect(answer).toMatch(
    /^The best of nine\sconfigurations for each arm, .* on 6,000 held-out training images: ReLU 97\.\d\d\s% and Tanh 97\.\d\d\s%\. /,
  );
  expect(passages[0]).toMatch(
    /^Best is configuration #\d \(learning rate .*; layers of [\d-]+\): 97\.\d\d\s% after nine\sepochs/,
  );
  expect(passages[0]).toMatch(
    /The recipe as it stands, trained as long as the last rung, reaches 95\.00\s%, −2\.\d\d\spoints from it\. McNemar’s test .* times 9 for the choice of the best by these very images, gives p < \.0001: with one training each, tuning gained something on these images; .* the best of many looks better than it is\./,
  );
  expect(atTheEdge(results, arms[0]).every(({ parameter }) => parameter !== 'initializer')).toBe(true);
  expect(follows[0]).toMatch(/^After equal tuning the best of ReLU and Tanh are equally accurate/);
  expect(follows[1]).toMatch(
    /The paper gave ReLU and Tanh one untuned recipe and found ReLU 0\.33 points ahead .* ReLU − Tanh is 0\.00\spoints here/,
  );
  expect(doesNot.join(' ')).toMatch(/each was picked because it looked best/);
});

test('no gain: the recipe as it stands is the best, and said to be', async () => {
  const { passages } = await report({}, (trial) => (trial.configurationNumber === null ? 0.97 : 0.96));
  expect(passages[0]).toMatch(
    /^No drawn configuration beats the recipe as it stands: 97\.00\s% after nine\sepochs/,
  );
});

test('a gain within the noise of the images is called open', async () => {
  const { passages } = await report({}, (trial) => (trial.configurationNumber === null ? 0.97 : 0.972));
  expect(passages[0]).toMatch(
    /gives p at most 1\.0000, the images that both misread not being known: with one training each it is open whether tuning gained anything, and the best of many looks better than it is\./,
  );
});

test('the largest paired p is SciPy’s exact binomial with every error of either trial discordant, within 1e-12; times the choices', () => {
  const trial = (errors: number) =>
    ({ history: { val_accuracy: [1 - errors / 6_000], val_loss: [0] } }) as unknown as SearchedTrial;
  // scipy.stats.binomtest(168, 348).pvalue
  expect(largestPairedP(trial(168), trial(180), 6_000)).toBeCloseTo(0.555479509586311, 12);
  expect(largestPairedP(trial(168), trial(180), 6_000, 9)).toBe(1);
  // scipy.stats.binomtest(120, 300).pvalue
  expect(largestPairedP(trial(120), trial(180), 6_000, 54)).toBeCloseTo(54 * 0.0006342200069283609, 12);
});

test('networks that guess are said to guess', async () => {
  const { passages } = await report({}, () => 0.1);
  expect(passages[0]).toMatch(/no better than guessing: no configuration learned anything/);
  const { passages: learned } = await report();
  expect(learned[0]).not.toMatch(/guessing/);
});

test('one arm fails as a whole, the other is reported; failures are in the table with their reason', async () => {
  const { passages, answer, follows, page, results } = await report({}, (trial, epoch) =>
    trial.arm === 'tanh' ? null : GAIN(trial, epoch),
  );
  expect(answer).toMatch(/: ReLU 97\.\d\d\s%\. Of Tanh every trial failed\. /);
  expect(passages[1]).toMatch(/^All ten\strials failed; the first said: The loss became NaN in epoch 1\./);
  expect(follows).toEqual(['Ten\u00a0trials failed and are listed with the others.']);
  expect(/NaN %|undefined|Infinity/.exec(page)).toBeNull();
  const csv = toCsv(tuningTables(results).find(({ name }) => name === 'configurations')!);
  expect(csv.match(/failed: The loss became NaN in epoch 1\./g)).toHaveLength(10);
});

test('everything failed: a page all the same', async () => {
  const { answer, page } = await report({}, () => null);
  expect(answer).toBe('Every trial failed, so nothing was found.');
  expect(/NaN %|undefined|Infinity/.exec(page)).toBeNull();
});

test('two arms apart: by more than the images explain, or not', async () => {
  const apart =
    (gap: number): Landscape =>
    (trial) =>
      trial.arm === 'relu' ? 0.97 : 0.97 - gap;
  expect((await report({}, apart(0.02))).follows[0]).toMatch(
    /^After equal tuning ReLU is 2\.00 points above Tanh .* gives p < \.0001, more than the choice of these images explains; but each is the best of many, with one seed\.$/,
  );
  expect((await report({}, apart(0.001))).follows[0]).toMatch(
    /0\.10 points above Tanh .* gives p at most \.\d+, which does not tell them apart\.$/,
  );
  expect((await report({}, apart(-0.02))).follows[0]).toMatch(
    /^After equal tuning Tanh is 2\.00 points above ReLU/,
  );
});

test('one arm, by the loss, one rung: no comparison, no word on halving or the paper', async () => {
  const { follows, page, answer } = await report({
    arms: { gelu: { activation: 'gelu' } },
    objective: 'val_loss',
    rungs: [3],
  });
  expect(follows).toEqual([]);
  expect(answer).toMatch(/by loss on 6,000 held-out training images: GELU 0\.\d{4}\. /);
  expect(/halving misses|The paper gave|above/.exec(page)).toBeNull();
});

test('the best at the end of its range is named with the end', async () => {
  const space: TuningFile['space'] = {
    learningRate: { kind: 'logUniform', from: 0.0001, to: 0.01 },
    dropout: { kind: 'uniform', from: 0, to: 0.4 },
  };
  const upwards: Landscape = ({ configuration: { recipe } }) =>
    0.9 + recipe.learningRate + recipe.dropout! / 1e9;
  const { passages, arms, results } = await report({ space, configurations: 60, rungs: [1] }, upwards);
  expect(atTheEdge(results, arms[0])).toMatchObject([{ parameter: 'learningRate', end: 'upper' }]);
  expect(passages[0]).toMatch(
    /Its learning rate \(0\.00\d+\) lies at the upper end of what was searched: a wider space may hold a better one\./,
  );
  expect(importanceSentence(results, arms[0])).toMatch(
    /^Learning rate \(\d+\s%\) explains more of the order of the configurations after one\sepoch than chance would/,
  );
});

test('few configurations: nothing is said of importance', async () => {
  const { results, arms } = await report();
  expect(importanceSentence(results, arms[0])).toMatch(/cannot be told: there are fewer than ten/);
});

test('figures: one of each kind and arm, no NaN, labelled in a quick run; names are unique', async () => {
  const { results, page } = await report({ configurations: 12, rungs: [1, 2] }, HILL, true);
  const figures = tuningFigures(results, { document, theme: FILE_THEME });
  expect(figures.map(({ name }) => name)).toEqual([
    'history',
    'configurations-relu',
    'configurations-tanh',
    'halving-relu',
    'halving-tanh',
  ]);
  for (const { svg, alt } of figures) {
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(svg).toContain('Quick taste, not a result');
    expect(alt.length).toBeGreaterThan(40);
  }
  expect(page.includes('The search was shortened to take seconds.')).toBe(true);
});

test('the page loads nothing, and text from the file is escaped', async () => {
  const { page } = await report({ question: 'Which <script>alert(1)</script>?' });
  expect(page.includes('default-src &#39;none&#39;')).toBe(true);
  expect(page.includes('<script>alert')).toBe(false);
  expect(/(?:src|href)="https?:/.exec(page)).toBeNull();
});
