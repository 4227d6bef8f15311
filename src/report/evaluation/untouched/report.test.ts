import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import type { ArmsUntouched } from '../../../analysis/untouched/measure.ts';
import { html } from '../../html.ts';
import { FILE_THEME } from '../../theme.ts';
import { crossed, untouchedExample } from './fixtures/madeUp.ts';
import { untouchedReport } from './report.ts';
import { armSentence, gainSentences, shownArms } from './words.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const UNTOUCHED = untouchedExample();
const gain = (change: Partial<ArmsUntouched>): string =>
  plain(
    gainSentences({ ...UNTOUCHED, differences: [{ ...UNTOUCHED.differences[0], ...change }] })[0],
  ).replace(/^.*?\. /, '');

test('levels beside those on the published images, and what of the gain is left', () => {
  const [page] = untouchedReport(UNTOUCHED).pages(
    (name) => html`[figure ${name}]`,
    (name) => html`[table ${name}]`,
  );
  expect(page.follows.map(plain)).toEqual([
    'ReLU reads 97.00 % (95 % interval 96.80 to 97.20 %) of the 50,000 images that nobody tuned on, and 97.60 % of the 10,000 published ones: −0.60 points (95 % interval −0.70 to −0.50 points), less than there. Its loss is 0.1000 (95 % interval 0.0950 to 0.1050), and 0.0900 there.',
    'Tanh reads 96.70 % (95 % interval 96.50 to 96.90 %) of the 50,000 images that nobody tuned on, and 97.20 % of the 10,000 published ones: −0.50 points (95 % interval −0.60 to −0.40 points), less than there. Its loss is 0.1000 (95 % interval 0.0950 to 0.1050), and 0.0900 there.',
    'ReLU minus Tanh: +0.40 points on the published images, +0.30 points (95 % interval +0.10 to +0.50 points) on those that nobody tuned on; loss −0.0100 (95 % interval −0.0150 to −0.0050). 75 % of the gain is left; that it changes is not shown (change −0.10 points (95 % interval −0.30 to +0.10 points)).',
  ]);
  expect(page.point).toBe('E3');
  for (const name of ['figure untouched-accuracy', 'figure untouched-gains', 'table untouched-arms']) {
    expect(page.body!.markup).toContain(`[${name}]`);
  }
});

test('a gain that shrinks, grows, turns round or never was is told as that, whichever arm has it', () => {
  expect(gain({ change: crossed(-0.001, -0.002, -0.0005) })).toContain('that it shrinks is shown');
  expect(gain({ change: crossed(0.001, 0.0005, 0.002) })).toContain('that it grows is shown');
  // Tanh is ahead by .4 points: a change upwards takes from it.
  const behind = { test: -0.004, accuracy: crossed(-0.001, -0.002, 0.001) };
  expect(gain({ ...behind, change: crossed(0.003, 0.001, 0.005) })).toMatch(
    /^25 % of the gain is left; that it shrinks/,
  );
  expect(gain({ accuracy: crossed(-0.001, -0.002, 0.001) })).toContain('Nothing of the gain is left');
  // A gain of .05 points whose change is known to within .2: any share of it would be chance.
  expect(gain({ test: 0.0005 })).toMatch(
    /^The gain on the published images is smaller than what is left open of its change, so that no share of it is told; that it changes is not shown/,
  );
  expect(gain({ test: 0 })).toContain('there is no gain that could be lost');
});

test('five networks show no change, clear of zero as it is, and say why; a single one is judged over its writers', () => {
  const [first] = UNTOUCHED.arms;
  const level = (networks: number) =>
    plain(armSentence(UNTOUCHED, { ...shownArms(UNTOUCHED)[0], change: { ...first.change, networks } }));
  expect(level(5)).toContain(
    '(95 % interval −0.70 to −0.50 points), clear of zero, but fewer than six decide no sign. Its loss',
  );
  expect(level(1)).toContain('points), less than there.');
  expect(gain({ change: crossed(-0.001, -0.002, -0.0005, 5) })).toBe(
    '75 % of the gain is left; that it changes is not shown (change −0.10 points (95 % interval −0.20 to −0.05 points), clear of zero, but fewer than six decide no sign).',
  );
  expect(gain({ change: crossed(-0.001, -0.002, -0.0005, 1) })).toContain('that it shrinks is shown');
});

test('figures and tables: well-formed, in words, rows as long as their heads', () => {
  const { document, DOMParser } = new JSDOM().window;
  const report = untouchedReport(UNTOUCHED);
  for (const { alt, svg } of report.figures({ document, theme: FILE_THEME })) {
    expect(`${alt}${svg}`).not.toMatch(/NaN|undefined|Infinity/);
    expect(new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('parsererror')).toBeNull();
  }
  for (const { columns, rows } of report.tables) {
    for (const row of rows) expect(row).toHaveLength(columns.length);
  }
});
