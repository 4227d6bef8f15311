import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { alignPredictions } from '../../analysis/alignPredictions.ts';
import { parsePredictions } from '../../analysis/predictionTable.ts';
import { judgePredictions, type PredictionJudgement } from '../../study/judgePredictions.ts';
import { judgementPage } from './page.ts';
import { judgementTables } from './tables.ts';
import { answerSentence, limitsOf, pairSentence, pText, ruleOf, verdictText } from './prose.ts';

const judge = (files: Record<string, string>): Promise<PredictionJudgement> =>
  judgePredictions(
    alignPredictions(Object.entries(files).map(([file, text]) => parsePredictions(text, file))),
    { rope: 0.02 },
  );
const read = (name: string): string =>
  readFileSync(new URL(`../../study/fixtures/predictions/${name}.csv`, import.meta.url), 'utf8');
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

const three = await judge({ wide: read('wide'), narrow: read('narrow'), other: read('other') });
const single = await judge({
  'a<b': `label,predicted\n${'0,0\n1,1\n'.repeat(20)}`,
  'c&d': `label,predicted\n${'0,0\n1,0\n'.repeat(20)}`,
});

function pageOf(judgement: PredictionJudgement): Document {
  const { document } = new JSDOM().window;
  const files = judgement.models.map(({ name }) => ({
    file: `${name}.csv`,
    model: name,
    sha256: 'ab'.repeat(32),
  }));
  return new JSDOM(judgementPage(judgement, files, { document, version: '1.2.3' })).window.document;
}

// Expected by NumPy and SciPy: src/study/fixtures/predictions/expected.json.
test('the sentence of a pair with several seeds says difference, interval, permutation and Holm', () => {
  expect(plain(pairSentence(three.pairs[0], three))).toMatch(
    /^wide minus narrow: \+6\.98 points over six pairs of runs \(95 % interval \+0\.96 to \+13\.00 points\), clear of zero on the side of the statement\. Permutation test: p 0\.031; with these differences it could not be below 0\.031\. For other seeds and other groups of images at once the interval is \+\d.* Among all pairs \(Holm\) its p is 0\.081, so as one of this family the question is open\.$/,
  );
  expect(verdictText(three.pairs[0])).toBe('supported, open after Holm');
  expect(plain(pairSentence(three.pairs[1], three))).toContain('so the question is open. ');
  expect(plain(pairSentence(three.pairs[1], three))).toMatch(
    /about \d+ seeds \(\d+ to \d+ by the 95 % interval of the spread itself\) would find a difference of/,
  );
});

// SciPy, of the first five differences of 8, 24, 11, 2, 20 and 2 in 160 images: .011839 to .150661; 2 / 2⁵ patterns of signs are as extreme.
test('five seeds decide no sign, and the sentence, the rule and the limits say so', async () => {
  const five = (name: string) => read(name).replaceAll(/^6,.*\n/gm, '');
  const two = await judge({ wide: five('wide'), narrow: five('narrow') });
  expect(verdictText(two.pairs[0])).toBe('undecided');
  expect(plain(pairSentence(two.pairs[0], two))).toContain(
    ' points over five pairs of runs (95 % interval +1.18 to +15.07 points), clear of zero, but fewer than six decide no sign, so the question is open. Permutation test: p 0.063',
  );
  expect(ruleOf(two.pairs[0], two)).toContain(' A sign needs six seeds or more in which they differ. ');
  const limit = 'so that no sign is decided';
  expect(limitsOf(two).doesNot.join(' ')).toContain(limit);
  expect(limitsOf(three).doesNot.join(' ')).not.toContain(limit);
});

test('a verdict by seeds that other images leave open says that it is about these images alone', () => {
  const [pair] = three.pairs;
  const pairWith = (changes: Partial<typeof pair>) => ({ ...pair, opens: false, ...changes });
  const crossing = pairWith({ bootstrap: { ...pair.bootstrap, low: -0.01, high: 0.12 } });
  const clear = pairWith({ bootstrap: { ...pair.bootstrap, low: 0.01, high: 0.12 } });
  expect([crossing, clear, { ...crossing, state: 'equivalent' as const }].map(verdictText)).toEqual([
    'supported, on these images alone',
    'supported',
    'equivalent',
  ]);
  expect(plain(pairSentence(crossing, three))).toMatch(
    /the interval is −1\.00 to \+12\.00 points, which zero lies in: the verdict is about these images alone\.$/,
  );
  expect(plain(pairSentence({ ...clear, leftOut: 1 }, three))).toMatch(
    /points\. One run without a partner is left out\.$/,
  );
  expect(plain(pairSentence(clear, three))).toMatch(/the interval is \+1\.00 to \+12\.00 points\.$/);
});

test('the sentence of two single runs is about these two, with McNemar’s numbers', () => {
  const text = plain(pairSentence(single.pairs[0], single));
  expect(text).toContain('a<b minus c&d: +50.00 points');
  expect(text).toContain(
    '20 images only a<b got right, 0 only c&d (McNemar: exact p under 0.0001, mid-p under 0.0001)',
  );
  expect(limitsOf(single).doesNot[0]).toContain('another seed may turn the order round');
  expect(limitsOf(three).doesNot.join(' ')).not.toContain('one run');
});

test.each([
  [0, 'under 0.0001'],
  [0.0012, '0.0012'],
  [0.0625, '0.063'],
  [1, '1'],
])('p of %d is written %s', (p, text) => {
  expect(pText(p)).toBe(text);
});

test('the page has a verdict for every pair, every figure in words, and nothing that runs or loads', () => {
  const page = pageOf(three);
  expect([...page.querySelectorAll('.state')].map((state) => state.textContent)).toEqual([
    'supported, open after Holm',
    'undecided',
    'contradicted, open after Holm',
  ]);
  expect(page.querySelectorAll('script, link, img, iframe, object')).toHaveLength(0);
  const figures = [...page.querySelectorAll('svg.figure')];
  expect(figures).toHaveLength(5);
  figures.forEach((figure) => {
    expect(figure.getAttribute('aria-label')!.length).toBeGreaterThan(40);
    expect(figure.outerHTML).not.toMatch(/NaN|Infinity/);
  });
  const ids = [...page.querySelectorAll('[id]')].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  [...page.querySelectorAll('nav a')].forEach((link) => {
    expect(page.querySelector(link.getAttribute('href')!)).not.toBeNull();
  });
});

test('names from file names are text, wherever they stand', () => {
  const page = pageOf(single);
  expect(page.querySelector('h1')!.textContent).toBe('a<b and c&d');
  expect(page.querySelectorAll('b').length).toBe(2);
  expect(page.body.textContent).not.toContain('&lt;');
});

test('one model alone has a page without verdicts; many classes have no matrices', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i},${i}`).join('\n');
  const page = pageOf(await judge({ a: `label,predicted\n${rows}\n` }));
  expect(page.querySelector('#verdicts')).toBeNull();
  expect(page.querySelectorAll('svg.figure')).toHaveLength(1);
  expect(page.querySelector('#table-recall')!.querySelectorAll('tbody tr')).toHaveLength(30);
});

test('the head of a page of two models names the statement before it says on which side of it the numbers are', async () => {
  const two = await judge({ narrow: read('narrow'), wide: read('wide') });
  expect(plain(answerSentence(two))).toContain(
    `(mean of 6 runs). ‘narrow is more accurate than wide’: contradicted. narrow minus wide: `,
  );
});

test('the head of a page of three models counts what differs, is equivalent and is open', () => {
  const [pair] = three.pairs;
  const judgement: PredictionJudgement = {
    ...three,
    pairs: [
      { ...pair, state: 'supported', opens: false },
      { ...pair, state: 'equivalent', opens: false },
      { ...pair, state: 'contradicted', opens: true },
    ],
  };
  expect(plain(answerSentence(judgement))).toBe(
    'On 160 images: wide 83.54 % (mean of 6 runs), narrow 76.56 % (mean of 6 runs) and other 84.48 % (mean of 6 runs). Of the three pairs one differs (wide above narrow), one is equivalent and one is open, with Holm’s correction over all of them.',
  );
});

// Three images of five to either side of a difference of all are .4 to 1.6, which no difference can be: it ends at 1.
test('two single runs of five images: the interval is shown as wide as it counts, in the sentence and in the table', async () => {
  const rows = (right: boolean) =>
    `label,predicted\n${[0, 1, 0, 1, 0].map((y) => `${y},${right ? y : 1 - y}`).join('\n')}\n`;
  const judgement = await judge({ all: rows(true), none: rows(false) });
  expect(plain(pairSentence(judgement.pairs[0], judgement))).toContain(
    'all minus none: +100.00 points (95 % interval +40.00 to +100.00 points over images)',
  );
  const pairs = judgementTables(judgement).find(({ name }) => name === 'pairs')!;
  expect(pairs.rows[0].slice(3, 6)).toEqual([1, expect.closeTo(0.4, 12), 1]);
});

test('a model with the same accuracy each time has no interval in the table', async () => {
  const run = (seed: number, right: number) =>
    Array.from({ length: 40 }, (_, i) => `${seed},${i % 2},${i < right ? i % 2 : 1 - (i % 2)}`).join('\n');
  const rows = (rights: readonly number[]) =>
    `seed,label,predicted\n${rights.map((right, s) => run(s + 1, right)).join('\n')}\n`;
  const judgement = await judge({
    same: rows([33, 33, 33, 33, 33, 33]),
    other: rows([30, 31, 30, 32, 31, 30]),
  });
  const models = judgementTables(judgement)[0];
  const same = models.rows.find(([name]) => name === 'same')!;
  expect(same.slice(6, 9)).toEqual([null, null, 'none: the same each time']);
});
