import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import {
  type Kind,
  madeUpDigits,
  madeUpSubject,
  madeUpWriters,
} from '../../../analysis/equity/fixtures/madeUp.ts';
import type { Equity } from '../../../analysis/equity/measure.ts';
import { measureEquity } from '../../../analysis/equity/measure.ts';
import type { Subject } from '../../../analysis/subject.ts';
import { html } from '../../html.ts';
import { FILE_THEME } from '../../theme.ts';
import type { EvaluationPage } from '../part.ts';
import type { RecipeEffect } from '../../../analysis/equity/mitigation.ts';
import { effectSentence } from './follows.ts';
import { equityReport } from './report.ts';
import { mitigationTable } from './tables.ts';
import type { ShownArm } from './words.ts';

const { document } = new JSDOM().window;
const data = { train: madeUpDigits(800, 1), test: madeUpDigits(2_000, 2) };
const writers = madeUpWriters(2_000);

function measure(
  subjects: readonly Subject[],
  people: Uint16Array | null = writers,
  test = data.test,
): Promise<Equity> {
  const options = people === null ? { quick: true } : { quick: true, writers: people };
  return measureEquity(subjects, { train: data.train, test }, options, {});
}

function pageOf(equity: Equity): EvaluationPage {
  const [page] = equityReport(equity).pages(
    (name) => html`[figure ${name}]`,
    (name) => html`[table ${name}]`,
  );
  const plain = (text: string) => text.replaceAll('\u00a0', ' ');
  return { ...page, measured: plain(page.measured), follows: page.follows.map(plain) };
}

const of = async (kind: Kind) => pageOf(await measure([madeUpSubject(kind)])).follows;

test('a good reader with a gap: who is misread more often, with the interval', async () => {
  const follows = await of('good');
  expect(follows[0]).toMatch(
    /^ReLU misreads images by students more often than those by employees: 19\.90 % of the students' images are misread and 0\.00 % of the employees' \(difference \+19\.90 points, 95 % interval /,
  );
  expect(follows.join(' ')).not.toContain('serves no group');
});

test('a constant and a blind model are said to be of no use, and each differs from the good one in every sentence', async () => {
  const [good, constant, blind] = await Promise.all([of('good'), of('constant'), of('blind')]);
  expect(constant[0]).toMatch(/^ReLU misreads 89\.95 % of all images, so it serves no group/);
  expect(constant[1]).toMatch(/^ReLU: no difference between the two writer populations is shown/);
  expect(constant.join(' ')).toMatch(/less often than the rest: images of the digit 1 \(0\.00 %/);
  expect(blind[0]).toContain('serves no group');
  for (const sentence of good) {
    expect(constant).not.toContain(sentence);
    expect(blind).not.toContain(sentence);
  }
});

test('a gap that no test shows is not called one, nor is it a risk', async () => {
  const shuffled = writers.slice().sort();
  const equity = await measure([madeUpSubject('good')], shuffled);
  expect(pageOf(equity).follows[0]).toMatch(
    /^ReLU: no difference between the two writer populations is shown/,
  );
  const { highlights } = equityReport(equity);
  expect(highlights[0]).toMatchObject({ kind: 'number' });
  expect(highlights[0].meaning).toMatch(/^No difference between the two writer populations is shown/);
  // An interval on one side of zero beside a Holm-corrected p above .05: the words say why both may stand.
  const [arm] = equity.arms;
  const f = equity.families.findIndex(({ name }) => name === 'population');
  const gaps = arm.original.gaps.map((own, k) =>
    k === f ? own.map((gap) => ({ ...gap, differenceInterval: [0.001, 0.02] as const, holm: 0.2 })) : own,
  );
  const alone = { ...equity, arms: [{ ...arm, original: { ...arm.original, gaps } }] };
  expect(equityReport(alone as never).highlights[0].meaning).toMatch(
    /^This interval alone leaves out zero; with all the groups that are compared \(Holm\) no difference/,
  );
});

test('without populations, writers or enough images the page says so and claims nothing of them', async () => {
  const images = { data: data.test.images.data.subarray(0, 100 * 784), shape: [100, 28, 28] };
  const few = await measure([madeUpSubject('good')], null, {
    ...data.test,
    images,
    labels: data.test.labels.slice(0, 100),
  });
  const page = pageOf(few);
  expect(page.follows[0]).toBe(
    'ReLU: the writer populations of these images are not known, so nothing is said about them.',
  );
  expect(page.body!.markup).not.toContain('equity-cells');
  expect(page.measured).toMatch(
    /Images by one writer are alike, and who wrote which of these is not known, so the variance over images is multiplied by 5\.4: a cautious guess/,
  );
  expect(page.unknown.join(' ')).toMatch(
    /Who wrote which test image is not known and cannot be given.*One network of an arm stands for itself/s,
  );
  expect(page.unknown.join(' ')).not.toContain('A writer population is not a cause');
  expect(equityReport(few).highlights).toEqual([]);
  const [table] = equityReport(few).tables;
  expect(
    table.rows.some((row) =>
      /^\w+ images?: too few for an interval$/.test(String(row.at(-1)).replace(/\u00a0/g, ' ')),
    ),
  ).toBe(true);
});

test('of images that nobody wrote the page speaks of sources, not of writers', async () => {
  const equity = await measure([madeUpSubject('good')], null);
  const f = equity.families.findIndex(({ name }) => name === 'digit');
  const alone = <T extends { gaps: readonly unknown[]; rates: readonly unknown[] }>(part: T): T => ({
    ...part,
    gaps: [part.gaps[f]],
    rates: [part.rates[f]],
  });
  const page = pageOf({
    ...equity,
    families: [equity.families[f]],
    arms: equity.arms.map((arm) => ({ ...arm, original: alone(arm.original), corrected: null })),
  });
  expect(page.measured).toContain('over images (widened, since those of one source may be alike)');
  expect([page.measured, ...page.follows, ...page.unknown].join(' ')).not.toMatch(/writer |who wrote/i);
});

test('several seeds: intervals over seeds; another recipe: its effect on the gap and its cost, with few pairs as they are', async () => {
  const seeds = [1, 2, 3, 4, 5, 6].map((seed) => madeUpSubject('good', seed, 'paper'));
  const others = [1, 2, 3, 4, 5, 6].map((seed) => madeUpSubject('constant', seed, 'other'));
  const one = pageOf(await measure(seeds));
  expect(one.measured).toMatch(/mean over six seeds: .* Intervals of 95 % are over seeds and writers/);
  expect(one.unknown.join(' ')).toContain('What can be done about a gap is a matter of other recipes');
  const both = await measure([...seeds, ...others]);
  const page = pageOf(both);
  expect(page.follows.at(-1)).toMatch(
    /^Other instead of paper: the gap between the populations narrows from \+19\.90 points to −1\.50 points .*, not by reading students better but by reading employees worse; the error on all images rises .*: it costs accuracy \(95 % intervals over six seeds and 50 writers\)\.$/u,
  );
  expect(page.body!.markup).toContain('[figure equity-mitigation] [table equity-mitigation]');
  const single = pageOf(await measure([seeds[0], others[0]]));
  expect(single.follows.at(-1)).toMatch(
    /in one pair of networks, which proves nothing; .* over one pair proves nothing\.$/,
  );
  expect(single.measured).not.toContain('over seeds');
});

test('both the difference and the ratio of the error rates stand in sentence and table, and a ratio that rises is named', () => {
  const none = { mean: 0, interval: null, crossed: null };
  const effect: RecipeEffect = {
    arm: 'b',
    baseline: 'a',
    activation: 'relu',
    pairs: 10,
    error: { mean: -0.006, interval: [-0.0065, -0.0055], crossed: [-0.008, -0.004] },
    population: {
      students: none,
      employees: none,
      gap: { mean: -0.0024, interval: [-0.003, -0.0018], crossed: [-0.0066, 0.0017] },
      gapBefore: 0.0144,
      gapAfter: 0.012,
      ratio: { before: 2.03, after: 2.46, crossed: [-0.1, 0.9] },
    },
    ranges: [],
  };
  const arms = ['a', 'b'].map((name) => ({ arm: name, label: name }) as unknown as ShownArm);
  const text = effectSentence(effect, arms, { writers: 297, families: [] }).replaceAll('\u00a0', ' ');
  expect(text).toBe(
    'B instead of a: no change of the gap between the populations is shown (from +1.44 points to +1.20 points; −0.24 points, −0.66 to +0.17 points); the ratio of their error rates, students over employees, goes from 2.03 to 2.46 (+0.43, −0.10 to +0.90): a smaller difference, yet beside the employees the students are no better off; the error on all images falls (−0.60 points, −0.80 to −0.40 points): it gains accuracy (95 % intervals over ten seeds and 297 writers).',
  );
  const { rows } = mitigationTable([effect], arms, { writers: 297, families: [] });
  const rounded = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? Number(cell.toFixed(6)) : cell)),
  );
  expect(rounded).toContainEqual([
    'b',
    'a',
    'gap, students − employees',
    10,
    1.44,
    1.2,
    -0.24,
    -0.66,
    0.17,
    -0.3,
    -0.18,
  ]);
  expect(rounded).toContainEqual([
    'b',
    'a',
    'ratio, students ÷ employees',
    10,
    2.03,
    2.46,
    0.43,
    -0.1,
    0.9,
    null,
    null,
  ]);
});

test('figures: unique names, well-formed, in words, the same twice; every one placed on the page, every table too', async () => {
  const equity = await measure([
    ...[1, 2].map((seed) => madeUpSubject('good', seed)),
    ...[1, 2].map((seed) => madeUpSubject('blind', seed, 'tanh', 'tanh')),
    ...[1, 2].map((seed) => madeUpSubject('blind', seed + 5, 'relu-b')),
  ]);
  const report = equityReport(equity);
  const figures = report.figures({ document, theme: FILE_THEME });
  expect(report.figures({ document, theme: FILE_THEME })).toEqual(figures);
  const names = figures.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const markup = pageOf(equity).body!.markup;
  for (const { name, svg, alt } of figures) {
    expect(markup).toContain(`[figure ${name}]`);
    new JSDOM(svg, { contentType: 'image/svg+xml' });
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<style/);
    expect(alt.length).toBeGreaterThan(40);
    expect(alt).not.toMatch(/NaN|undefined/);
  }
  for (const { name, rows, columns } of report.tables) {
    expect(markup).toContain(`[table ${name}]`);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
  }
});

test('how a gap narrows is said of the population whose errors changed, and the ratio’s remark only where it grew', () => {
  const change = (mean: number, half: number) => ({
    mean,
    interval: null,
    crossed: [mean - half, mean + half] as const,
  });
  const sentence = (students: number, employees: number, after: number, pairs = 10, error = 0) =>
    effectSentence(
      {
        arm: 'b',
        baseline: 'a',
        activation: 'relu',
        pairs,
        error: change(error, 0.001),
        population: {
          students: change(students, 0.001),
          employees: change(employees, 0.001),
          gap: change(-0.004, 0.001),
          gapBefore: 0.014,
          gapAfter: 0.01,
          ratio: { before: 2, after, crossed: null },
        },
        ranges: [],
      },
      ['a', 'b'].map((name) => ({ arm: name, label: name }) as unknown as ShownArm),
      { writers: 297, families: [] },
    );
  const worse = 'not by reading students better but by reading employees worse';
  expect(sentence(0, 0.004, 1.9)).toContain(`narrows from +1.40\u00a0points to +1.00\u00a0points`);
  expect(sentence(0, 0.004, 1.9)).toContain(worse);
  // Students are read better, too, or employees no worse.
  expect(sentence(-0.002, 0.002, 1.9)).not.toContain(worse);
  expect(sentence(-0.004, 0, 1.9)).not.toContain(worse);
  expect(sentence(-0.004, 0, 2.1)).toContain('no better off');
  expect(sentence(-0.004, 0, 1.9)).not.toContain('no better off');
  // Of five pairs no change is shown, clear of zero as it is, and it is said why.
  const few = ', clear of zero, but fewer than six decide no sign)';
  for (const cost of [0.002, -0.002]) {
    const five = sentence(0, 0.004, 1.9, 5, cost).replaceAll('\u00a0', ' ');
    expect(five).toContain(
      `no change of the gap between the populations is shown (from +1.40 points to +1.00 points; −0.40 points, −0.50 to −0.30 points${few}`,
    );
    expect(five).toContain(
      `no change of the error on all images is shown (${cost > 0 ? '+0.20 points, +0.10 to +0.30' : '−0.20 points, −0.30 to −0.10'} points${few}`,
    );
    expect(five).not.toMatch(/narrows|rises|falls|costs|gains|worse/);
  }
});
