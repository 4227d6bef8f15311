import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import type { AttackedShare } from '../../../analysis/adversarial/intervals.ts';
import type {
  Adversarial,
  AttackedArm,
  AttackedPair,
  AttackedSubject,
  RungShares,
} from '../../../analysis/adversarial/measure.ts';
import type { Sanity } from '../../../analysis/adversarial/sanity.ts';
import { adversarialSettings } from '../../../analysis/adversarial/settings.ts';
import { mean } from '../../../stats/describe.ts';
import { studentInterval } from '../../../stats/student.ts';
import { html } from '../../html.ts';
import { FILE_THEME } from '../../theme.ts';
import { checksOf } from './checks.ts';
import { adversarialReport } from './report.ts';

const { document } = new JSDOM().window;
const settings = adversarialSettings(2);
const [IMAGES, CHECKED] = [500, 100];

type Counts = readonly [clean: number, linf: readonly number[], l2: readonly number[]];
const GOOD: Counts = [490, [477, 403, 233, 29, 0, 0], [393, 163, 13, 1]];
const STURDY: Counts = [488, [487, 480, 470, 430, 300, 110], [480, 450, 380, 200]];
const SHUFFLED: Counts = [50, [47, 30, 12, 0, 0, 0], [25, 6, 0, 0]];
const CONSTANT: Counts = [49, [49, 49, 49, 49, 49, 49], [49, 49, 49, 49]];

function attacked(activation: string, seed: number, [clean, linf, l2]: Counts, lead = 20): AttackedSubject {
  const rungs = (norm: 'linf' | 'l2', best: readonly number[]) =>
    settings.ladders[norm].map((epsilon, k) => ({
      epsilon,
      images: IMAGES,
      best: best[k],
      fast: Math.min(clean, best[k] + lead),
    }));
  return {
    arm: activation,
    activation,
    seed,
    hash: `${activation}${seed}`,
    clean,
    rungs: { linf: rungs('linf', linf), l2: rungs('l2', l2) },
  };
}

function sanityOf(activation: string, changes: Partial<Sanity> = {}): Sanity {
  const rungs = (norm: 'linf' | 'l2', unbounded: number) =>
    [...settings.ladders[norm], unbounded].map((epsilon, k, all) => ({
      epsilon,
      fast: k === all.length - 1 ? CHECKED : Math.min(95, 15 * k),
      search: k === all.length - 1 ? CHECKED : Math.min(98, 18 * k),
    }));
  return {
    arm: activation,
    activation,
    seed: 1,
    hash: `${activation}1`,
    images: CHECKED,
    zeroGradients: 0,
    hiddenByRounding: 15,
    rises: { step: 0.001, count: CHECKED, of: CHECKED },
    rungs: { linf: rungs('linf', 1), l2: rungs('l2', 28) },
    at: 0.05,
    usual: 36,
    harder: { steps: 100, starts: 2, more: 1 },
    randomSearch: { queries: 500, fooled: 20 },
    transfer: null,
    ...changes,
  };
}

const still = (norm: 'linf' | 'l2', unbounded: number) =>
  [...settings.ladders[norm], unbounded].map((epsilon) => ({ epsilon, fast: 0, search: 0 }));
const BLIND: Partial<Sanity> = {
  images: 49,
  zeroGradients: 49,
  rises: { step: 0.001, count: 0, of: 0 },
  rungs: { linf: still('linf', 1), l2: still('l2', 28) },
  usual: 0,
  harder: { steps: 100, starts: 2, more: 0 },
  randomSearch: { queries: 500, fooled: 0 },
};

/** Shares with an interval of ± 1 point. */
function armsOf(subjects: readonly AttackedSubject[]): AttackedArm[] {
  return [...new Set(subjects.map(({ arm }) => arm))].map((arm) => {
    const own = subjects.filter((one) => one.arm === arm);
    const share = (of: (one: AttackedSubject) => number): AttackedShare => {
      const value = mean(own.map(of)) / IMAGES;
      const over = own.length > 1 ? 'seeds and images' : 'images';
      return { mean: value, low: value - 0.01, high: value + 0.01, over };
    };
    const rungs = (norm: 'linf' | 'l2'): RungShares[] =>
      own[0].rungs[norm].map(({ epsilon, images }, k) => ({
        epsilon,
        images,
        fast: share((one) => one.rungs[norm][k].fast),
        best: share((one) => one.rungs[norm][k].best),
      }));
    const [{ activation }] = own;
    return {
      arm,
      activation,
      clean: share(({ clean }) => clean),
      rungs: { linf: rungs('linf'), l2: rungs('l2') },
    };
  });
}

/** Student's interval over the pairs, as if every image had been attacked. */
function pairOf(subjects: readonly AttackedSubject[]): AttackedPair | null {
  const of = (activation: string) => subjects.filter((one) => one.activation === activation);
  const [relu, tanh] = [of('relu'), of('tanh')];
  if (relu.length === 0 || relu.length !== tanh.length) return null;
  const difference = (attack: 'fast' | 'best') => {
    const right = (one: AttackedSubject) => one.rungs.linf[2][attack] / IMAGES;
    const values = relu.map((one, k) => right(one) - right(tanh[k]));
    const spread = values.length > 1 ? studentInterval(values) : { low: null, high: null };
    return { n: values.length, mean: mean(values), low: spread.low, high: spread.high };
  };
  return { first: 'relu', second: 'tanh', fast: difference('fast'), best: difference('best') };
}

function resultOf(subjects: readonly AttackedSubject[], sanity: readonly Sanity[]): Adversarial {
  const pixels = Array.from({ length: 784 }, (_, i) => (i % 5 === 0 ? 200 : 0));
  const example = {
    index: 3,
    label: 4,
    epsilon: 0.05,
    predicted: 9,
    original: pixels,
    changed: pixels.map((value) => value + 12),
  };
  const gallery = [...new Set(subjects.map(({ arm }) => arm))].map((arm) => {
    const { clean, rungs: _, ...name } = subjects.find((subject) => subject.arm === arm)!;
    return { ...name, examples: clean === 49 ? [] : [example, { ...example, index: 9 }] };
  });
  return {
    settings,
    testImages: 10_000,
    images: IMAGES,
    subjects,
    arms: armsOf(subjects),
    pair: pairOf(subjects),
    sanity,
    gallery,
  };
}

function read(result: Adversarial) {
  const report = adversarialReport(result);
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
    expect(alt.length).toBeGreaterThan(40);
  }
  expect(placed.includes('attack-checks')).toBe(result.sanity.length > 0);
  expect(placed).toContain('attack-accuracy');
  const text = [
    page.measured,
    ...page.follows,
    ...report.highlights.flatMap((one) => [one.value, one.meaning]),
  ].join('\n');
  expect(text).not.toMatch(/NaN|undefined|∞%/);
  return { follows: page.follows.join('\n'), highlights: report.highlights, figures, report };
}

const one = (activation: string, counts: Counts, changes: Partial<Sanity> = {}) =>
  read(resultOf([attacked(activation, 1, counts)], [sanityOf(activation, changes)]));

test('a good, a sturdy, a shuffled and a constant network read differently and truly', () => {
  const good = one('relu', GOOD);
  expect(good.follows).toContain('of 98.00\u00a0% (95\u00a0% interval');
  expect(good.follows).toContain('46.60\u00a0%');
  expect(good.follows).toContain('turns many of its right answers');
  expect(good.follows).toContain('From changes of 20\u00a0% on');
  expect(good.follows).toContain('pass every check');
  expect(good.highlights).toMatchObject([{ kind: 'risk' }]);
  expect(good.highlights[0].label).toContain('of 500 images');
  expect(good.highlights[0].label).toContain('ε = 0.05');
  expect(good.highlights[0].meaning).toContain('Intervals over images.');
  expect(good.highlights[0].meaning).toContain('turns 1 more of 100\u00a0images');
  expect(good.follows).toContain('turns 1 more of 100\u00a0images for ReLU');

  const sturdy = one('relu', STURDY);
  expect(sturdy.follows).toContain('seldom turn a right answer');
  expect(sturdy.follows).toContain('At the largest size tried, 30\u00a0%, 22.0\u00a0% are left');
  expect(sturdy.follows).not.toContain('hardly sees');
  expect(sturdy.highlights).toMatchObject([{ kind: 'number' }]);

  const shuffled = one('relu', SHUFFLED);
  expect(shuffled.follows).toContain('about what guessing gives');
  expect(shuffled.follows).not.toContain('right answers with changes');
  expect(shuffled.highlights[0].meaning).toContain('not right often enough');

  const constant = one('relu', CONSTANT, BLIND);
  expect(constant.follows).toContain('does not depend on the image at all');
  expect(constant.follows).not.toMatch(/pass every check|do not pass|seldom/);
  expect(constant.figures.map(({ name }) => name)).toEqual(['attack-linf', 'attack-l2']);
  expect(constant.highlights[0].meaning).toContain('not right often enough');
});

test('a single network of each activation decides nothing; six seeds that agree do, five say why not', () => {
  const pairs = (n: number, relu: Counts, tanh: Counts, lead?: number) =>
    read(
      resultOf(
        Array.from({ length: n }, (_, k) => [
          attacked('relu', k + 1, relu),
          attacked('tanh', k + 1, [tanh[0], tanh[1].map((right) => right + (k % 2)), tanh[2]], lead),
        ]).flat(),
        [sanityOf('relu'), sanityOf('tanh')],
      ),
    ).follows;
  const fragile: Counts = [487, [473, 364, 193, 10, 0, 0], [357, 119, 4, 0]];
  expect(pairs(1, GOOD, fragile)).toContain('says nothing of the activations');
  expect(pairs(6, GOOD, fragile)).toContain('the claim is borne out');
  expect(pairs(6, fragile, GOOD)).toContain('the other way round');
  expect(pairs(6, GOOD, GOOD)).toMatch(/too close to zero|other way round/);
  expect(pairs(6, GOOD, fragile, 120)).toContain('The single step would have said the opposite');
  expect(pairs(6, GOOD, fragile)).not.toContain('the opposite');
  expect(pairs(6, SHUFFLED, CONSTANT)).not.toContain('The paper calls');
  const five = pairs(5, GOOD, fragile, 120);
  expect(five).toContain(
    'over five\u00a0seeds and 500 images: clear of zero, but fewer than six decide no sign.',
  );
  expect(five).not.toMatch(/borne out|other way round|the opposite|too close/);
});

test('a check that fails is named, and takes the trust from the numbers', () => {
  const failures: [string, Partial<Sanity>][] = [
    ['There is a gradient to follow', { zeroGradients: 3 }],
    ['A small step along the gradient', { rises: { step: 0.001, count: 90, of: 100 } }],
    ['More effort finds no more', { harder: { steps: 100, starts: 2, more: 9 } }],
    ['A search that sees only the outputs', { randomSearch: { queries: 500, fooled: 60 } }],
    [
      'Images made for another network',
      { transfer: { from: { arm: 'tanh', activation: 'tanh', seed: 1, hash: 't' }, fooled: 50 } },
    ],
    [
      'Changes without a limit',
      {
        rungs: {
          ...sanityOf('relu').rungs,
          linf: sanityOf('relu').rungs.linf.map((rung) => ({
            ...rung,
            search: Math.min(99, rung.search),
            fast: 0,
          })),
        },
      },
    ],
    [
      'Larger changes fool more',
      {
        rungs: {
          ...sanityOf('relu').rungs,
          linf: sanityOf('relu').rungs.linf.map((rung, k) => ({
            ...rung,
            fast: 0,
            search: k === 2 ? 80 : rung.search,
          })),
        },
      },
    ],
    [
      'Many steps fool at least as often',
      {
        rungs: {
          ...sanityOf('relu').rungs,
          linf: sanityOf('relu').rungs.linf.map((rung) => ({ ...rung, fast: rung.search + 2 })),
        },
      },
    ],
  ];
  expect(
    checksOf(sanityOf('relu'))
      .filter(({ passed }) => passed !== true)
      .map(({ title }) => title),
  ).toEqual(['Images made for another network are no better']);
  for (const [title, changes] of failures) {
    const failed = checksOf(sanityOf('relu', changes)).filter(({ passed }) => passed === false);
    expect(failed.map((check) => check.title.startsWith(title))).toEqual([true]);
    const { follows, highlights } = one('relu', GOOD, changes);
    expect(follows).toContain('do not pass all checks');
    expect(follows).not.toContain('pass every check');
    expect(highlights).toHaveLength(2);
  }
});

test('too few right answers to check on are not judged, and a network that is never right has no checks', () => {
  expect(
    checksOf(sanityOf('relu', { images: 4, zeroGradients: 4 })).every(({ passed }) => passed === null),
  ).toBe(true);
  const { follows } = read(resultOf([attacked('relu', 1, [0, [0, 0, 0, 0, 0, 0], [0, 0, 0, 0]])], []));
  expect(follows).toContain('0.0\u00a0% of the unchanged images rightly, about what guessing gives');
});

test('five arms of several seeds are drawn', () => {
  const names = ['relu', 'tanh', 'gelu', 'elu', 'sigmoid'];
  const subjects = names.flatMap((name) => [1, 2, 3].map((seed) => attacked(name, seed, GOOD)));
  const { figures } = read(
    resultOf(
      subjects,
      names.map((name) => sanityOf(name)),
    ),
  );
  expect(figures).toHaveLength(2 + 4);
});
