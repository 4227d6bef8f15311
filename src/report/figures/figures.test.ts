import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { armsOf } from '../../study/arm.ts';
import { madeUpHistory, shifted } from '../../study/fixtures/madeUp.ts';
import { madeUpInput, spreadOut } from '../fixtures/madeUp.ts';
import { FILE_THEME, PAGE_THEME, themeVariables } from '../theme.ts';
import { allFigures } from './all.ts';
import { cellOpacity, cellText, isDarkCell } from './confusion.ts';
import { spreadLabels } from './figure.ts';
import { mistakesOf, typicalMistakes } from './mistakes.ts';

const { document } = new JSDOM().window;
const trial = (activation: string, k: number) => ({
  ...spreadOut(activation, k),
  history: madeUpHistory({
    val_accuracy: shifted('val_accuracy', (k - 1) * 0.002, 2),
    val_loss: shifted('val_loss', (1 - k) * 0.01, 2),
  }),
});
const input = madeUpInput({ configuration: { seeds: [1, 2, 3] }, trial });
const figures = allFigures(input, { document, theme: FILE_THEME });

test('every figure has a stable name', () => {
  expect(figures.map(({ name }) => name)).toEqual([
    'samples',
    'test-accuracy',
    'accuracy-differences',
    'image-sets',
    'validation-accuracy',
    'validation-loss',
    ...['relu', 'tanh'].flatMap((arm) => [
      `accuracy-${arm}`,
      `loss-${arm}`,
      `confusion-${arm}-counts`,
      `confusion-${arm}-rates`,
      `mistakes-${arm}`,
    ]),
  ]);
});

test.each(figures.filter(({ name }) => !name.endsWith('tanh') && !name.includes('tanh-')))(
  '$name looks as before, is well-formed XML and says what it shows',
  async ({ name, svg, alt }) => {
    const parsed = new JSDOM(svg, { contentType: 'image/svg+xml' }).window.document.documentElement;
    expect(parsed.getAttribute('role')).toBe('img');
    expect(parsed.getAttribute('aria-label')).toBe(alt);
    expect(alt.length).toBeGreaterThan(40);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<style|var\(/);
    await expect(`${svg}\n`).toMatchFileSnapshot(`./__snapshots__/${name}.svg`);
  },
);

test('drawing twice gives the same bytes', () => {
  expect(allFigures(input, { document, theme: FILE_THEME })).toEqual(figures);
});

test('in the page colours are variables, and a quick run is labelled in every figure of its numbers', () => {
  const quick = madeUpInput({ configuration: { quick: true, seeds: [1], epochs: 1 } });
  const drawn = allFigures(quick, { document, theme: PAGE_THEME });
  expect(drawn.every(({ svg }) => svg.includes('var(--'))).toBe(true);
  const unlabelled = drawn.filter(({ svg }) => !svg.includes('Quick taste, not a result'));
  expect(unlabelled.map(({ name }) => name)).toEqual(['samples']);
  expect(drawn.map(({ svg }) => svg).join('')).not.toMatch(/NaN|undefined|Infinity/);
});

test("the paper's curve is dashed for ReLU and Tanh with its recipe only", () => {
  const dashed = (configuration: object) =>
    allFigures(madeUpInput({ configuration }), { document, theme: FILE_THEME })
      .filter(({ name, svg }) => name.startsWith('accuracy-') && svg.includes('stroke-dasharray'))
      .map(({ name }) => name);
  expect(dashed({ activations: ['relu', 'gelu'] })).toEqual(['accuracy-relu']);
  expect(dashed({ batchSize: 64 })).toEqual([]);
});

test('twelve activations and 20 seeds are drawn, each with a colour of its own', () => {
  const activations = ['linear', 'relu', 'leakyRelu', 'elu', 'selu', 'gelu', 'silu', 'softplus', 'softsign'];
  const many = [...activations, 'sigmoid', 'tanh', 'softmax'];
  const seeds = Array.from({ length: 20 }, (_, i) => i);
  const drawn = allFigures(madeUpInput({ configuration: { activations: many, seeds }, trial: spreadOut }), {
    document,
    theme: FILE_THEME,
  });
  expect(drawn).toHaveLength(6 + 12 * 5);
  expect(new Set(many.map((activation) => FILE_THEME.arm(activation))).size).toBe(12);
  expect(drawn.map(({ svg }) => svg).join('')).not.toMatch(/NaN|undefined|Infinity/);
});

test('the differences of two arms over many seeds lie in one row, and are said to be of the other arm', () => {
  const seeds = Array.from({ length: 30 }, (_, i) => i);
  const drawn = allFigures(madeUpInput({ configuration: { seeds }, trial: spreadOut }), {
    document,
    theme: FILE_THEME,
  });
  const { svg, alt } = drawn.find(({ name }) => name === 'accuracy-differences')!;
  expect(svg).toContain('ReLU minus Tanh');
  expect(svg).toContain('left of it Tanh');
  expect(svg).toContain('>each seed<');
  expect(alt).toMatch(/^ReLU minus Tanh over 30.seeds/);
});

test('mistakes count the seeds that are wrong and take the most frequent wrong class', () => {
  const labels = Uint8Array.of(4, 7, 2);
  const [arm] = armsOf(input.results);
  const keys = arm.trials.map(({ key }) => key);
  const predictions = new Map([
    [keys[0], Uint8Array.of(9, 7, 2)],
    [keys[1], Uint8Array.of(6, 7, 3)],
    [keys[2], Uint8Array.of(9, 7, 2)],
  ]);
  const mistakes = mistakesOf(arm, labels, predictions);
  expect(mistakes).toEqual([
    { index: 0, trueClass: 4, predictedClass: 9, wrongRuns: 3 },
    { index: 2, trueClass: 2, predictedClass: 3, wrongRuns: 1 },
  ]);
  expect(typicalMistakes(mistakes, 3).map(({ index }) => index)).toEqual([0]);
  expect(typicalMistakes(mistakes.slice(1), 3)).toHaveLength(1);
});

test.each(['light', 'dark'] as const)(
  '%s: numbers on cells have a contrast of 4.5 or more (WCAG 1.4.3)',
  (scheme) => {
    const palette = new Map(
      themeVariables(scheme)
        .split(';')
        .map((rule) => rule.split(':') as [string, string]),
    );
    const channels = (name: string) =>
      [1, 3, 5].map((at) => parseInt(palette.get(`--${name}`)!.slice(at, at + 2), 16) / 255);
    const luminance = (rgb: readonly number[]) => {
      const [r, g, b] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    for (let errors = 0; errors <= 15; errors++) {
      const opacity = cellOpacity(errors, 14, errors === 15);
      const surface = channels('surface');
      const cell = channels('heat').map((heat, c) => opacity * heat + (1 - opacity) * surface[c]);
      const [low, high] = [
        luminance(cell),
        luminance(channels(isDarkCell(opacity) ? 'on-heat' : 'ink')),
      ].sort((a, b) => a - b);
      expect((high + 0.05) / (low + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  },
);

test('errors have a linear scale of their own, the diagonal is dark throughout', () => {
  expect(cellOpacity(0, 14, false)).toBe(0);
  expect(cellOpacity(14, 14, false)).toBeCloseTo(0.5, 12);
  expect(cellOpacity(7, 14, false)).toBeCloseTo(0.27, 12);
  expect(isDarkCell(cellOpacity(3, 14, true))).toBe(true);
  expect([
    cellText(0, 'counts', true),
    cellText(12.4, 'counts', true),
    cellText(1122.4, 'counts', true),
  ]).toEqual(['', '12.4', '1122']);
  expect([cellText(0.0004, 'rates', true), cellText(0.989, 'rates', true)]).toEqual(['0.04', '98.9']);
});

test('labels move apart by the gap and stay within the range', () => {
  expect(spreadLabels([50, 10, 52], 10, 0, 100)).toEqual([50, 10, 60]);
  expect(spreadLabels([98, 99], 10, 0, 100)).toEqual([90, 100]);
  expect(spreadLabels([1, 2], 10, 5, 100)).toEqual([5, 15]);
});
