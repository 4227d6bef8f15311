import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { MNIST_DATA } from '../study/dataAbout.ts';
import type { MadeUp } from '../study/fixtures/madeUp.ts';
import { drawingsExample } from './evaluation/drawings/fixtures/madeUp.ts';
import { untouchedExample } from './evaluation/untouched/fixtures/madeUp.ts';
import { madeUpInput, spreadOut } from './fixtures/madeUp.ts';
import type { ReportInput } from './input.ts';
import { reportPage } from './page.ts';
import { answer } from './prose/answer.ts';
import { whatWasDone } from './prose/done.ts';
import { statisticsOf } from './statistics/all.ts';
import { imageSets } from './statistics/imageSets.ts';
import { pairsOf } from './statistics/pairs.ts';
import { pText } from './tables/statistics.ts';

const { document } = new JSDOM().window;
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

function opened(input: ReportInput) {
  const markup = reportPage(input, { document });
  const page = new JSDOM(markup).window.document;
  const main = page.querySelector('main')!.textContent;
  expect(main).not.toMatch(/NaN|undefined|Infinity|\[object/);
  return { markup, page, main: plain(main) };
}

const withoutPredictions = (madeUp: MadeUp): ReportInput => ({
  ...madeUpInput(madeUp),
  predictions: new Map(),
});
const seeds = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const folds = (count: number, repeats: number, groups: 'images' | 'writers' = 'images') => ({
  split: { kind: 'folds' as const, folds: count, repeats, groups },
});

test('one arm alone is described, without comparison', () => {
  const { page, main } = opened(madeUpInput({ configuration: { activations: ['relu'] }, trial: spreadOut }));
  // .975 + .0006 times the mean of 0, 2, 4, 1, 3 and 0.
  expect(main).toContain('ReLU classifies 97.60 % of the test images correctly on average over six seeds');
  expect(page.querySelector('#table-differences')).toBeNull();
  expect(page.querySelectorAll('.state.not-applicable').length).toBeGreaterThan(12);
});

test('arms of one activation have their own names and colours, and the recipes stand side by side', () => {
  const arms = { 'relu-he': { initializer: 'heUniform' }, 'relu-glorot': {} };
  const input = madeUpInput({ configuration: { arms }, trial: spreadOut });
  const { page, main } = opened(input);
  expect(page.querySelector('h1')?.textContent).toBe('relu-he against relu-glorot on handwritten digits');
  expect(page.querySelector('#table-recipes')?.textContent).toContain('heUniform');
  expect(main).toContain('initializer glorotUniform instead of heUniform');
  const tiles = [...page.querySelectorAll<HTMLElement>('.key > div')].map((tile) =>
    tile.getAttribute('style'),
  );
  expect(new Set(tiles.slice(0, 2)).size).toBe(2);
});

test('failed runs are listed and are in no number', () => {
  const input = madeUpInput({ trial: spreadOut });
  const failure = { ...input.results.trials[9], message: 'The loss became NaN-like in epoch 3.' };
  const { arm, fold, key, activation, seed, message } = failure;
  const results = {
    ...input.results,
    trials: input.results.trials.slice(0, 9),
    failures: [{ arm, fold, key, activation, seed, message }],
  };
  const page = new JSDOM(reportPage({ ...input, results }, { document })).window.document;
  expect(page.querySelector('#table-failures')?.textContent).toContain(
    'The loss became NaN-like in epoch 3.',
  );
  expect(plain(whatWasDone(results)[1].text)).toContain(
    'One run failed and is not in the numbers (tanh, seed 5:',
  );
});

test('a study with folds says so, has no images to explore, and the corrected test', () => {
  const input = withoutPredictions({
    configuration: { ...folds(5, 2, 'writers'), seeds: [1] },
    trial: spreadOut,
  });
  const { page, main } = opened(input);
  expect(main).toContain('no writer in two of them');
  expect(main).toContain('Accuracy of every run on its kept-out fold'.slice(0, 8));
  expect(main).toContain('on average over ten folds');
  expect(main).not.toMatch(/ seed \d/);
  expect(page.querySelector('[data-explorer]')).toBeNull();
  expect(page.querySelector('#table-tests thead')?.textContent).toContain('Corrected t, p');
  expect(page.querySelector('#table-tests thead')?.textContent).not.toContain('F (10, 5)');
  expect(page.querySelector('#table-networks')).toBeNull();
  expect(page.querySelectorAll('.state.supported')).toHaveLength(0);
});

// Differences by fold: 1 ± 0.5 alternating, so Σd² = 5·(2.25 + .25), Σs² = 5·.5: F = 12.5 / 5 = 2.5
test("Alpaydın's F of five repeats of two folds is 2.5 for 1.5, 0.5 five times, to 1e-9", () => {
  const input = withoutPredictions({
    configuration: { ...folds(2, 5), seeds: [1] },
    trial: (arm, k) => ({ testAccuracy: 0.9 + (arm === 'relu' ? (k % 2 === 0 ? 0.015 : 0.005) : 0) }),
  });
  expect(statisticsOf(input).pairs[0].fTest?.f).toBeCloseTo(2.5, 9);
  expect(opened(input).page.querySelector('#table-tests thead')?.textContent).toContain('F (10, 5)');
});

test('several seeds in each fold are averaged before folds are compared', () => {
  const input = withoutPredictions({ configuration: { ...folds(5, 1), seeds: [1, 2] }, trial: spreadOut });
  expect(statisticsOf(input).pairs[0].summary.n).toBe(5);
  expect(opened(input).main).toContain('fold 2, seed 1');
});

test('13 arms are compared with the first, without resampled images, and those beyond twelve have no section', () => {
  const arms = Object.fromEntries(seeds(13).map((i) => [`arm-${i}`, { learningRate: i / 1000 }]));
  const input = madeUpInput({ configuration: { arms, seeds: [1, 2] }, trial: spreadOut });
  expect(pairsOf(input.results)).toHaveLength(12);
  const { sets, networks } = statisticsOf(input);
  expect(sets.every(({ crossed }) => crossed === null)).toBe(true);
  expect(networks).toEqual([]);
  const { page } = opened(input);
  expect(page.querySelectorAll('section[id^="model-"]')).toHaveLength(12);
});

test('runs that stopped at different epochs are drawn and tabled', () => {
  const input = madeUpInput({
    trial: (_, k) => ({
      history: { loss: [1, 0.5], accuracy: [0.7, 0.8], val_loss: [1, 0.6], val_accuracy: [0.7, 0.75] },
      ...(k > 1
        ? {
            history: {
              loss: [1, 0.5, 0.4],
              accuracy: [0.7, 0.8, 0.9],
              val_loss: [1, 0.6, 0.5],
              val_accuracy: [0.7, 0.75, 0.8],
            },
          }
        : {}),
    }),
  });
  expect(opened(input).page.querySelectorAll('#table-epochs tbody tr')).toHaveLength(6);
});

test('two arms of 30 seeds have BCa intervals and stay below 5 MB', () => {
  const input = madeUpInput({ configuration: { seeds: seeds(30) }, trial: spreadOut });
  const { markup, page } = opened(input);
  expect(markup.length).toBeLessThan(2.5e6);
  expect(statisticsOf(input).pairs.every(({ bca }) => bca !== null)).toBe(true);
  expect(page.querySelectorAll('#table-networks tbody tr')).toHaveLength(30);
  expect(plain(answer(input.results))).toContain('over 30 seeds');
});

test('the 10,000 test images make four sets: 5,001 students, 4,999 employees, 9,997 corrected', () => {
  const labels = new Uint8Array(10_000);
  const test = { images: new Uint8Array(), labels };
  const sets = imageSets(test, MNIST_DATA);
  expect(sets.map(({ name, indices }) => [name, indices.length])).toEqual([
    ['all images', 10_000],
    ['students', 5_001],
    ['employees', 4_999],
    ['corrected labels', 9_997],
  ]);
  expect(sets[3].labels[947]).toBe(9);
  expect(sets[0].labels[947]).toBe(0);
  const others = { ...MNIST_DATA, identity: MNIST_DATA.identity.with(2, '0'.repeat(64)) };
  expect(imageSets(test, others).map(({ name }) => name)).toEqual(['all images']);
});

test('a p is never written as zero', () => {
  expect([pText(0.0625), pText(0.00001), pText(1), pText(0)]).toEqual([
    '.0625',
    '< .0001',
    '1.0000',
    '.0000',
  ]);
});

test('where writers are known the crossed bootstrap draws them; a single writer leaves the chance of seeds alone', () => {
  const input = madeUpInput({ trial: spreadOut }, 40);
  const writers = Array.from({ length: 400 }, (_, i) => i % 40);
  const by = (own: ReportInput) => statisticsOf(own).sets[0].crossed!;
  expect(by(input).clusters).toBe(400);
  expect(by({ ...input, writers }).clusters).toBe(40);
  expect(by({ ...input, writers }).difference).toBeCloseTo(by(input).difference, 12);
  const one = { ...input, writers: new Array<number>(400).fill(7) };
  const { length: n } = input.results.study.seeds;
  const differences = input.results.study.seeds.map((seed) => {
    const right = (arm: string) => {
      const { key } = input.results.trials.find((trial) => trial.arm === arm && trial.seed === seed)!;
      return input.predictions.get(key)!.filter((digit, i) => digit === input.test.labels[i]).length;
    };
    return (right('relu') - right('tanh')) / 400;
  });
  // The variance of the mean of n − 1 draws of n values, which is that of a mean of n: Σ (d − d̄)² / (n·(n − 1)).
  const mean = differences.reduce((a, b) => a + b) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n * (n - 1));
  expect(by(one).standardError / Math.sqrt(variance)).toBeCloseTo(1, 1);
  expect(opened({ ...input, writers }).main).toContain('Seeds × writers low');
});

test('log loss and calibration stand beside accuracy, of each arm and paired', () => {
  const input = madeUpInput({ trial: spreadOut });
  const calibration = new Map(
    input.results.trials.map(({ key, arm, seed }) => [key, (arm === 'relu' ? 0.02 : 0.01) + seed / 1000]),
  );
  const { page } = opened({ ...input, calibration });
  const rows = [...page.querySelectorAll('#table-calibration tbody tr')].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  );
  expect(rows.map(([of, measure]) => [of, measure])).toEqual([
    ['ReLU', 'Log loss'],
    ['ReLU', 'Calibration error'],
    ['Tanh', 'Log loss'],
    ['Tanh', 'Calibration error'],
    ['ReLU − Tanh', 'Log loss'],
    ['ReLU − Tanh', 'Calibration error'],
  ]);
  // 0.02 + the mean of 1 to 6 thousandths; t(5) = 2.570582, s = √3.5 / 10 points, s / √6 = 0.0763763 (SciPy: 2.153669 to 2.546331).
  expect(rows[1].slice(2)).toEqual(['points', '6', '2.3500', '2.1537', '2.5463']);
  expect(rows[5].slice(4)).toEqual(['1.0000', '1.0000', '1.0000']);
  expect(opened(input).page.querySelector('#table-calibration')).toBeNull();
});

test('studies of their own are linked where they were run, else it says how to run them', () => {
  const input = madeUpInput({ trial: spreadOut });
  const ownStudies = [
    {
      purpose: 'folds',
      name: 'cross-validation',
      href: '../cross-validation/report.html',
      says: 'It holds.',
    },
    { purpose: 'tuning', name: 'tuning', href: '../tuning/report.html', says: null },
  ] as const;
  const { page } = opened({ ...input, ownStudies });
  const section = page.querySelector('#own-studies')!;
  expect([...section.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual([
    '../cross-validation/report.html',
    '../tuning/report.html',
  ]);
  expect(section.textContent).toContain('cross-validation: It holds.');
  expect(section.textContent).toContain('dactyl study run studies/learning-rate.json');
  expect(section.textContent).not.toContain('studies/tuning.json');
  const folded = madeUpInput({ configuration: folds(2, 5), trial: spreadOut });
  expect(
    opened({ ...folded, predictions: new Map() }).page.querySelector('#own-studies')!.textContent,
  ).not.toContain('studies/cross-validation.json');
});

test('a study that was fixed under an earlier version of the judgement says by which it is judged', () => {
  const made = madeUpInput({ trial: spreadOut });
  const input = { ...made, results: { ...made.results, judgement: 2 } };
  expect(opened(input).main).not.toContain('Judged anew');
  const { main } = opened({ ...input, fixedUnder: 1 });
  expect(main).toMatch(
    /Judged anew\s*This study was fixed, and had results, under version 1 .*judged by version 2\./,
  );
});

test('seeds that were changed after results are said, but not where the intervals allow it', () => {
  const seedsBefore = [[1, 2, 3]];
  const fixed = madeUpInput({ trial: spreadOut });
  expect(opened(fixed).main).not.toContain('Seeds changed after results');
  expect(opened({ ...fixed, seedsBefore }).main).toMatch(
    /Seeds changed after results\s*The seeds were 1 to 3 before, and are 1 to 6 since/,
  );
});

test('other people’s digits: shown from the evaluation beside the study, or what measures them', () => {
  const input = madeUpInput({ trial: spreadOut });
  const { main } = opened(input);
  expect(main).toContain('dactyl evaluate runs/');
  expect(main).toContain('--only drawings');
  const result = drawingsExample();
  const parts = [
    { part: 'drawings', version: 1, key: '', networks: [], seconds: 1, sha256: '', result } as const,
  ];
  const evaluation = { parts, quick: false, networks: [], data: { own: false }, arms: [], missing: [] };
  const shown = opened({
    ...input,
    evaluation: evaluation as unknown as NonNullable<ReportInput['evaluation']>,
  });
  expect(shown.page.querySelector('#drawings #figure-drawings-accuracy')).not.toBeNull();
  expect(shown.main).toContain('ReLU reads 91.00 % (82.00 to 95.50 %) of the 4,000 drawings');
  expect(shown.main).not.toContain('--only drawings');
  const recipe = { ...input.results.study.arms[0].recipe, extraData: ['unipen-digits'] };
  const learnt = opened({
    ...input,
    evaluation: { ...evaluation, arms: [{ name: 'relu', recipe }] } as unknown as NonNullable<
      ReportInput['evaluation']
    >,
  }).main;
  expect(learnt).toContain('ReLU was trained on these very drawings (extraData)');
  expect(learnt).not.toContain('nothing was trained on them');
});

test('a study that lies elsewhere: every command of its report names that folder', () => {
  const input = madeUpInput({ trial: spreadOut });
  const commands = (main: string): string[] => main.match(/dactyl evaluate \S+/g) ?? [];
  const { name } = input.results.study;
  const usual = commands(opened(input).main);
  expect(new Set(usual)).toEqual(new Set([`dactyl evaluate runs/${name}`]));
  expect(usual.length).toBeGreaterThan(4);
  const elsewhere = commands(opened({ ...input, folder: 'elsewhere/mine' }).main);
  expect(elsewhere).toEqual(usual.map(() => 'dactyl evaluate elsewhere/mine'));
});

test('test images that nobody tuned on: shown from the evaluation beside the study, or what brings and measures them', () => {
  const input = madeUpInput({ trial: spreadOut });
  expect(opened(input).main).toMatch(/dactyl data fetch qmnist-test50k\s+brings them/);
  const result = untouchedExample();
  const parts = [
    { part: 'untouched', version: 1, key: '', networks: [], seconds: 1, sha256: '', result } as const,
  ];
  const evaluation = { parts, quick: false, networks: [], data: { own: false }, arms: [], missing: [] };
  const shown = opened({
    ...input,
    evaluation: evaluation as unknown as NonNullable<ReportInput['evaluation']>,
  });
  expect(shown.page.querySelector('#untouched #figure-untouched-gains')).not.toBeNull();
  expect(shown.main).toContain('75 % of the gain is left');
  expect(shown.main).not.toContain('data fetch qmnist-test50k');
});
