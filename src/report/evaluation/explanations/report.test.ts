import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { METHOD_NAMES } from '../../../analysis/explanations/methods.ts';
import { html } from '../../html.ts';
import { toCsv } from '../../table.ts';
import { FILE_THEME } from '../../theme.ts';
import { type MadeUp, madeUpExplanations } from './fixtures/madeUp.ts';
import { explanationsReport } from './report.ts';
import { verdictsOf } from './words.ts';

const { document } = new JSDOM('').window;

function textOf(...arms: MadeUp[]) {
  const report = explanationsReport(arms.map(madeUpExplanations));
  const shown: string[] = [];
  const pages = report.pages(
    (name) => {
      shown.push(name);
      return html`<i>${name}</i>`;
    },
    (name) => html`<b>${name}</b>`,
  );
  const figures = report.figures({ document, theme: FILE_THEME });
  const [page, users] = pages;
  return {
    page,
    users,
    figures,
    shown,
    report,
    follows: page.follows.join(' '),
    all: JSON.stringify([
      pages,
      report.highlights,
      report.tables.map(toCsv),
      figures.map(({ alt, title }) => alt + title),
    ]),
  };
}

test('a good network: all methods pass, and the sentences say what was and was not shown', () => {
  const { follows, page, users, report } = textOf({});
  expect(follows).toContain(`${METHOD_NAMES.length} of ${METHOD_NAMES.length} methods pass every check`);
  expect(follows).not.toContain('should not be given');
  expect(follows).toContain('it is no evidence that the answer is right');
  expect(follows).toContain('97.7');
  expect(follows).toContain('Answers hang on changes much smaller than the digit itself');
  expect(page.unknown.join(' ')).toContain('nobody was asked');
  expect(users.measured).toContain('is not built');
  expect(report.highlights[0]).toMatchObject({ value: '10 of 10', kind: 'number' });
});

test('a method whose maps outlive the weights is named and does not pass', () => {
  const { follows } = textOf({ stubborn: ['relevancePlus'] });
  expect(follows).toContain('9 of 10 methods pass');
  expect(follows).toContain(
    'Layer-wise relevance, z⁺ rule (rank correlation 0.90) stay much the same when all weights are random',
  );
});

test('a network that knows nothing: no method passes, and the maps are refused as reasons', () => {
  const { follows, report } = textOf({ accuracy: 0.1, gain: 0, wrongAgree: 0 });
  expect(follows).toContain('none of the 10 methods passes every check');
  expect(follows).toContain('right on 10.0');
  expect(follows).not.toContain('no proof of a right answer');
  expect(report.highlights[0]).toMatchObject({ value: '0 of 10', kind: 'risk' });
});

test('a constant network: there is nothing to explain, and nothing else is concluded', () => {
  const { page, users, report, all } = textOf({
    constant: true,
    accuracy: 0.1,
    alike: null,
    gain: 0,
    distance: null,
  });
  expect(page.follows).toHaveLength(1);
  expect(page.follows[0]).toContain('one and the same answer to every test image');
  expect(users.follows[0]).toContain('no decision to explain');
  expect(report.highlights).toHaveLength(1);
  expect(all).not.toMatch(/methods pass|NaN|undefined %/);
});

test.each([
  [1, 'one\u00a0map stays above 1\u00a0% even with 3,200 steps and is not exact'],
  [2, 'two\u00a0maps stay above 1\u00a0% even with 3,200 steps and are not exact'],
])('%i maps that do not add up are counted in the right number', (above, sentence) => {
  const made = madeUpExplanations({});
  const completeness = made.completeness.map((one) => ({
    ...one,
    raised: { ...one.raised, above, mostSteps: 3200 },
  }));
  const [page] = explanationsReport([{ ...made, completeness }]).pages(
    () => html``,
    () => html``,
  );
  expect(page.follows.join(' ')).toContain(sentence);
});

test('no figure is left out on a phone, where what has a narrow twin is hidden', () => {
  const { page, users } = textOf({}, { activation: 'tanh' });
  expect(`${page.body?.markup}${users.body?.markup}`).not.toContain('class="wide"');
});

test('one arm or two, quick or not, with and without hidden layers: every figure is drawn once, every one placed, nothing undefined', () => {
  const cases: MadeUp[][] = [
    [{}],
    [{}, { activation: 'tanh' }],
    [{ quick: true }],
    [{ hidden: false }],
    [{ constant: true, alike: null, distance: null, gain: 0 }],
  ];
  for (const arms of cases) {
    const { figures, shown, all } = textOf(...arms);
    const names = figures.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...shown].sort()).toEqual([...names].sort());
    for (const { svg } of figures)
      expect(svg.replace(/base64,[^"]*/g, '')).not.toMatch(/NaN|undefined|Infinity/);
    expect(all).not.toMatch(/NaN|undefined|Infinity|\[object/);
  }
});

test('with ReLU and Tanh the paper’s claim is stated, with one of them it is not; quick runs say what they left out', () => {
  expect(textOf({}, { activation: 'tanh' }).page.paper).toContain(
    'claims no difference between ReLU and Tanh',
  );
  expect(textOf({}).page.paper).not.toContain('Tanh');
  const { page, follows, all } = textOf({ quick: true });
  expect(page.measured).toContain('left out in this quick run');
  expect(follows).not.toContain('training labels are random');
  expect(all).toContain('yes, as far as measured');
});

test('alike means an interval that does not stay below 0.5', () => {
  const verdict = (alike: number | null) => verdictsOf(madeUpExplanations({ alike }))[0];
  expect(verdict(0.47)).toMatchObject({ needsWeights: true, passes: true });
  expect(verdict(0.49)).toMatchObject({ needsWeights: false, passes: false });
  expect(verdict(null)).toMatchObject({ needsWeights: null, passes: false });
  expect(verdictsOf(madeUpExplanations({ gain: -0.1 }))[0]).toMatchObject({
    beatsRandom: false,
    passes: false,
  });
});
