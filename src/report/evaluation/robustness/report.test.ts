import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { madeUpRobustness } from '../../../analysis/robustness/fixtures/madeUp.ts';
import { html } from '../../html.ts';
import { FILE_THEME } from '../../theme.ts';
import { robustnessReport } from './report.ts';

type Arms = Parameters<typeof madeUpRobustness>;

function read(...[arms, options]: Arms) {
  const report = robustnessReport(madeUpRobustness(arms, options));
  const pages = report.pages(
    (name) => html`${name}`,
    (name) => html`${name}`,
  );
  return { report, page: pages[0], text: pages[0].follows.join(' ') };
}

test('every figure and table placed on the page exists, and nothing is drawn that is not placed', () => {
  const { document } = new JSDOM().window;
  for (const arms of [{ relu: [0.7] }, { relu: [0.7, 0.72], tanh: [0.7, 0.6], gelu: [0.5, 0.4] }]) {
    const report = robustnessReport(madeUpRobustness(arms));
    const figures = report.figures({ document, theme: FILE_THEME }).map(({ name }) => name);
    const placed: string[] = [];
    const keep = (name: string) => (placed.push(name), html`${name}`);
    report.pages(keep, keep);
    expect(placed.toSorted()).toEqual([...figures, ...report.tables.map(({ name }) => name)].toSorted());
    for (const { svg, alt } of report.figures({ document, theme: FILE_THEME }))
      expect(`${svg}${alt}`).not.toMatch(/NaN|undefined|Infinity/);
  }
});

test('a good network, a fragile one and one that guesses are told apart', () => {
  expect(read({ relu: [0.975] }).text).toContain('corruption costs it next to nothing');
  expect(read({ relu: [0.975] }).report.highlights.map(({ kind }) => kind)).toEqual(['number']);
  const fragile = read({ relu: [0.4] });
  expect(fragile.text).toContain('more than half of what it reads when clean is lost');
  expect(fragile.report.highlights.map(({ kind }) => kind)).toEqual(['number', 'risk']);
  const guessing = read({ relu: [0.1] }, { clean: 0.1 });
  expect(guessing.text).toContain('little or no more than the 10');
  expect(guessing.text).not.toContain('copes best');
  expect(guessing.report.highlights[0].meaning).toContain('robustness cannot be judged');
});

test('one network: intervals are about images, and the page says that another seed is not covered', () => {
  const { page } = read({ tanh: [0.7] });
  expect(page.unknown.join(' ')).toContain('another seed gives another network');
  expect(page.follows.join(' ')).toContain('the paper’s ReLU network as we replicated it');
  expect(page.follows.join(' ')).not.toContain('The paper claims');
});

const twice = (...accuracies: number[]) => [...accuracies, ...accuracies];
const HIGH = twice(0.71, 0.72, 0.73);
const LOW = twice(0.65, 0.67, 0.66);
const NEAR = twice(0.706, 0.717, 0.725);

test.each([
  ['agrees with the direction of the claim', HIGH, LOW, 'in both'],
  ['agrees with the direction of the claim', HIGH, NEAR, 'not “much better”'],
  ['speaks against the claim', LOW, HIGH, 'Tanh is ahead in both'],
  ['no measure of chance: neither is shown', [0.71, 0.72, 0.73], [0.61, 0.62, 0.63], ''],
  ['include zero: neither is shown', [0.71, 0.6, 0.73], [0.65, 0.7, 0.7], '−5.'],
])('ReLU against Tanh: “%s”', (words, relu, tanh, also) => {
  const { text } = read({ relu, tanh });
  expect(text).toContain(words);
  if (words.includes('claim')) expect(text).toContain(also);
});

test('five seeds decide no sign of ReLU minus Tanh, clear of zero as it is, and say why', () => {
  const [relu, tanh] = [HIGH.slice(0, 5), LOW.slice(0, 5)];
  const few = 'clear of zero, but fewer than six decide no sign: neither is shown to be the more robust.';
  const both = read({ relu, tanh }).text;
  expect(both).toContain(`Both are ${few}`);
  expect(both).not.toMatch(/is ahead|agrees with|speaks against/);
  // Under corruptions alike with every seed; under noise as above.
  expect(read({ relu, tanh }, { under: () => 0.6 }).text).toContain(`One of the two is ${few}`);
});

test('what the intervals of several seeds are about stands beside the number, and what other images would add (by hand)', () => {
  const { page, report } = read({ relu: [0.71, 0.72, 0.73] });
  // 1.96 · √(.25 / 1,000) = 3.1 points.
  expect(page.unknown.join(' ')).toContain('up to ±\u00a03.1');
  expect(report.highlights[0].meaning).toContain('for other seeds on these images, 1,000 of the');
});

test('one seed each is no evidence, and networks that guess cannot show it', () => {
  expect(read({ relu: [0.8], tanh: [0.6] }).text).toContain('no evidence either way');
  expect(read({ relu: [0.1, 0.1], tanh: [0.1, 0.1] }, { clean: 0.1 }).text).toContain(
    'cannot show whether it is true',
  );
});

test('only a corruption whose difference holds after Holm’s correction is named', () => {
  const relu = [0.71, 0.74, 0.73, 0.72, 0.75, 0.76];
  const tanh = relu.map((accuracy, seed) => accuracy - 0.002 * (seed - 2.5));
  const { text } = read(
    { relu, tanh },
    { under: (accuracy, name) => (name === 'fog' ? 3 * accuracy - 1.5 : accuracy) },
  );
  expect(text).toContain('Under no single corruption is a difference shown');
  const apart = relu.map((accuracy, seed) => accuracy - 0.1 - 0.002 * seed);
  expect(read({ relu, tanh: apart }).text).toContain('ReLU is ahead under');
  // Of the first five it holds, too, but they decide no sign.
  const five = read({ relu: relu.slice(0, 5), tanh: apart.slice(0, 5) }).text;
  expect(five).toMatch(
    /Under no single corruption is a difference shown, corrected for the \d+ tests \(Holm\), for fewer than six decide no sign\.$/,
  );
  expect(text).toMatch(/corrected for the \d+ tests \(Holm\)\.$/);
});
