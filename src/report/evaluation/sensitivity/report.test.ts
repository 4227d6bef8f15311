import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import {
  sensitivitySettings,
  type Sensitivity,
  type SensitivityOfSubject,
} from '../../../analysis/sensitivity/measure.ts';
import { sensitivityMeasures } from '../../../analysis/sensitivity/measures.ts';
import { html } from '../../html.ts';
import { FILE_THEME } from '../../theme.ts';
import { sensitivityReport } from './report.ts';
import { significant } from './summary.ts';

const { document } = new JSDOM().window;
const IMAGES = 1_000;

interface MadeUp {
  readonly slope?: number;
  readonly around?: number;
  readonly loss?: number;
  readonly relative?: number;
  readonly zero?: number;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly dead?: number | null;
}

function subject(activation: string, seed: number, made: MadeUp = {}): SensitivityOfSubject {
  const {
    slope = 10,
    around = slope * 1.1,
    loss = 0.5,
    zero = 0,
    low = 0.6,
    high = 0,
    dead = 2,
    relative = 1.5,
  } = made;
  const spread = (n: number, mean: number) => ({
    n,
    mean,
    quantiles: [0.2, 0.6, 0.9, 1.3, 2].map((q) => q * mean),
  });
  return {
    arm: activation,
    activation,
    seed,
    hash: `${activation}${seed}`,
    gradients: {
      loss: spread(IMAGES, loss),
      margin: spread(IMAGES, slope),
      distance: zero === IMAGES ? null : spread(IMAGES - zero, 0.8),
      zero,
    },
    lipschitz: { at: spread(200, slope), around: spread(200, around), relative: spread(200, relative) },
    layers: [30, 10].map((units, k) => ({ layer: k + 1, activation, units, low, high, dead })),
  };
}

function read(subjects: readonly SensitivityOfSubject[]) {
  const result: Sensitivity = {
    settings: sensitivitySettings(subjects.length),
    testImages: 10_000,
    images: IMAGES,
    lipschitzImages: 200,
    subjects,
  };
  const report = sensitivityReport(result);
  const figures = report.figures({ document, theme: FILE_THEME });
  const placed: string[] = [];
  const place = (name: string) => {
    placed.push(name);
    return html`<i>${name}</i>`;
  };
  const [page] = report.pages(place, place);
  for (const { svg, alt, name } of figures) {
    expect(placed).toContain(name);
    expect(`${svg}${alt}`).not.toMatch(/NaN|undefined|Infinity/);
  }
  for (const { name } of report.tables) expect(placed).toContain(name);
  const follows = page.follows.join('\n');
  expect(`${page.measured}${follows}`).not.toMatch(/NaN|undefined|Infinity/);
  return { follows, highlights: report.highlights, figures: figures.map(({ name }) => name), result };
}

test('a calm and a curved network, and one that does not look at the image, read differently', () => {
  const calm = read([subject('relu', 1)]);
  expect(calm.follows).toContain('changes by 10.00 per unit');
  expect(calm.follows).toContain('the gradient is a fair guide');
  expect(calm.follows).toContain('60.0\u00a0% of the outputs of its hidden units are switched off');
  expect(calm.follows).toContain('4 of 40\u00a0units are dead');
  expect(calm.highlights).toEqual([]);

  const curved = read([subject('tanh', 1, { around: 20, low: 0.2, high: 0.25, dead: 0 })]);
  expect(curved.follows).toContain('That is 2.0 times the slope');
  expect(curved.follows).toContain('45.0\u00a0% of the outputs of its hidden units are saturated');
  expect(curved.follows).toContain('No unit is dead');

  const blind = read([subject('relu', 1, { slope: 0, around: 0, loss: 0, zero: IMAGES, low: 1, dead: 10 })]);
  expect(blind.follows).toContain('no pixel of any image has an influence');
  expect(blind.follows).not.toMatch(/fair guide|per unit/);
  expect(blind.highlights).toMatchObject([{ kind: 'risk', value: 'ReLU 100\u00a0%' }]);

  const partly = read([subject('relu', 1, { zero: 100 })]);
  expect(partly.follows).toContain('For 10.0\u00a0% of the images, no pixel has an influence');
});

test('the claim on Tanh is borne out, contradicted or left open by six seeds, and never by five or a single pair', () => {
  const pairs = (n: number, relu: MadeUp, tanh: (k: number) => MadeUp) =>
    read(Array.from({ length: n }, (_, k) => [subject('relu', k, relu), subject('tanh', k, tanh(k))]).flat())
      .follows;
  const more = (k: number): MadeUp => ({ slope: 12, relative: 1.8 + 0.01 * k });
  expect(pairs(1, {}, more)).toContain('says nothing of the activations');
  expect(pairs(6, {}, more)).toContain('the claim is borne out');
  // Steeper by ten times larger outputs, and easier to turn all the same.
  expect(pairs(6, { slope: 100 }, more)).toContain('the claim is borne out');
  expect(pairs(6, { relative: 2 }, more)).toContain('ReLU is the more sensitive');
  expect(pairs(6, {}, (k) => ({ slope: 8, relative: 1.3 + 0.1 * k }))).toContain('too close to zero');
  const five = pairs(5, {}, more);
  expect(five).toContain('does not change, is clear of zero, but fewer than six decide no sign.');
  expect(five).not.toMatch(/borne out|other way round|too close/);
});

test('shares over hidden units weigh every unit, and leave out what has no slope of its own', () => {
  const plain = subject('relu', 1);
  const uneven = {
    ...plain,
    layers: [
      { ...plain.layers[0], low: 0.9, dead: 3 },
      { ...plain.layers[1], low: 0.1, dead: 0 },
    ],
  };
  const softmax = {
    ...plain,
    layers: plain.layers.map((layer) => ({ ...layer, low: null, high: null, dead: null })),
  };
  const none = { ...plain, layers: [] };
  const { result, figures } = read(
    [uneven, softmax, none].map((one, k) => ({ ...one, arm: `arm${k}`, seed: k })),
  );
  expect(figures).toContain('flat-units');
  expect(sensitivityMeasures(result)).toMatchObject([
    { gradientNorm: 0.5, lipschitz: 11, saturatedShare: 0.7, deadShare: 3 / 40 },
    { saturatedShare: null, deadShare: null },
    { saturatedShare: null, deadShare: null },
  ]);
  expect(read([none]).figures).not.toContain('flat-units');
});

test('numbers have three significant digits', () => {
  expect([0, 0.0578, 12.3456, 0.00001234, 123_456_789].map(significant)).toEqual([
    '0',
    '0.0578',
    '12.3',
    '0.0000123',
    '1.23·10⁸',
  ]);
  expect(significant(1.5e-9)).toBe('1.50·10⁻⁹');
});
