import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PartName } from '../src/analysis/evaluation/parts.ts';
import type { Subject } from '../src/analysis/subject.ts';
import { cardOf } from '../src/report/card/card.ts';
import { cardMarkdown } from '../src/report/card/markdown.ts';
import { evaluationAnswer } from '../src/report/evaluation/deciders.ts';
import { evaluationPage, evaluationPages } from '../src/report/evaluation/page.ts';
import { reportsOf } from '../src/report/evaluation/reports.ts';
import { Html } from '../src/report/html.ts';
import type { Evaluation } from '../src/study/evaluation/record.ts';
import { evaluationOf, type Kind, KINDS, smallData, subjectOf } from './support/evaluations.ts';

const PARTS: readonly PartName[] = [
  'answers',
  'robustness',
  'adversarial',
  'sensitivity',
  'labelErrors',
  'equity',
  'explanations',
  'calibration',
  'privacy',
];

const evaluations = {} as Record<Kind, Evaluation>;
const subjects: Subject[] = [];

beforeAll(async () => {
  const data = smallData();
  for (const kind of KINDS) {
    const subject = await subjectOf(kind, data);
    subjects.push(subject);
    evaluations[kind] = await evaluationOf([subject], data, PARTS);
  }
}, 600_000);
afterAll(() => {
  for (const { model } of subjects) model.dispose();
});

const nothing = (): Html => new Html('');
const pagesOf = (kind: Kind) => evaluationPages(evaluations[kind], nothing, nothing);
const conclusionsOf = (kind: Kind) =>
  pagesOf(kind).flatMap(({ point, title, follows }) =>
    follows.map((text) => ({ where: `${point} ${title}`, text })),
  );
const highlightsOf = (kind: Kind) => reportsOf(evaluations[kind]).flatMap(({ highlights }) => highlights);

/** Sentences that say nothing of how well digits are read, so that they may be true of any network. */
const GENERAL: readonly RegExp[] = [
  /writer populations of these images are not known/,
  /^One false accusation in 1,000 is the measure/,
  /^Who serves the model fills in the templates/,
  // How faithful an explanation is to a network, and whether its units differ, has nothing to do with whether it is right.
  /methods pass every check/,
  /hidden units answers differently/,
  // Of so few images no gap can be shown, whatever the network.
  /no digit and no measured slice is shown to be misread more or less often than the rest/,
];

test('no conclusion of the network that learnt is drawn of the one with shuffled labels or the constant one', () => {
  const good = conclusionsOf('trained').filter(({ text }) => !GENERAL.some((one) => one.test(text)));
  expect(good.length).toBeGreaterThan(15);
  for (const kind of ['shuffled', 'constant'] as const) {
    const said = new Set(conclusionsOf(kind).map(({ text }) => text));
    expect(good.filter(({ text }) => said.has(text))).toEqual([]);
  }
});

test('every page about answers of a network that does not read digits says so first', () => {
  for (const kind of ['shuffled', 'constant'] as const) {
    const pages = pagesOf(kind).filter(
      ({ point, status }) => status === 'measured' && ['E1', 'E4', 'E5', 'E6', 'E7', 'E10'].includes(point),
    );
    expect(pages.length).toBeGreaterThan(7);
    for (const { follows } of pages) expect(follows[0]).toContain('does not read digits');
  }
  expect(conclusionsOf('trained').filter(({ text }) => text.includes('does not read digits'))).toEqual([]);
});

test('a page without a measurement draws no conclusion, and says what would measure it', () => {
  const pages = pagesOf('trained').filter(({ status }) => status === 'not measured');
  expect(pages.map(({ point }) => point)).toEqual(expect.arrayContaining(['E2', 'E8', 'E12']));
  for (const { follows, unknown, measured } of pages) {
    expect([...follows, ...unknown]).toEqual([]);
    expect(measured).not.toBe('');
  }
});

test('nor is any of its highlights', () => {
  const good = highlightsOf('trained')
    .filter(({ label }) => !/Guarantee of privacy|ways to explain that pass/.test(label))
    .map(({ label, value, meaning }) => `${label} ${value} ${meaning}`);
  for (const kind of ['shuffled', 'constant'] as const) {
    const said = new Set(
      highlightsOf(kind).map(({ label, value, meaning }) => `${label} ${value} ${meaning}`),
    );
    expect(good.filter((text) => said.has(text))).toEqual([]);
  }
});

test('the first sentence says what each is worth', () => {
  expect(evaluationAnswer(evaluations.trained)).toMatch(/About one image in \d+ is misread/);
  expect(evaluationAnswer(evaluations.shuffled)).toContain('no digits are read');
  expect(evaluationAnswer(evaluations.constant)).toContain('Every image is answered with 3');
});

test.each(KINDS)('the page of the %s network has every point, and no number that is none', (kind) => {
  const { document } = new JSDOM().window;
  const markup = evaluationPage(evaluations[kind], { document });
  const page = new JSDOM(markup).window.document;
  const main = page.querySelector('main')!;
  for (let k = 1; k <= 13; k++) expect(page.getElementById(`E${k}`), `E${k}`).not.toBeNull();
  expect(main.textContent).not.toMatch(/NaN|undefined|Infinity|\[object/);
  expect(page.querySelectorAll('main svg.figure').length).toBeGreaterThan(10);
  expect(page.querySelectorAll('script')).toHaveLength(0);
});

test.each(KINDS)('the card of the %s network gives its accuracy and no number that is none', (kind) => {
  const counts = { train: new Array<number>(10).fill(400), test: new Array<number>(10).fill(100) };
  const text = cardMarkdown(cardOf(evaluations[kind], counts, 'dactyl card model.safetensors'));
  expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
  expect(text).toContain('95\u00a0% interval');
  expect(text.includes('Do not use ReLU')).toBe(kind !== 'trained');
});
