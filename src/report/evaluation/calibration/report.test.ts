import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { madeUpImages, madeUpReader } from '../../../analysis/calibration/fixtures/madeUp.ts';
import { type Calibration, measureCalibration } from '../../../analysis/calibration/measure.ts';
import type { Subject } from '../../../analysis/subject.ts';
import { html } from '../../html.ts';
import { FILE_THEME } from '../../theme.ts';
import { armsOfRuns, overImages, setsOfArm } from './arms.ts';
import { pooledBins } from './reliabilityFigure.ts';
import type { ArmRuns } from './arms.ts';
import { comparisonFollows, fitOf } from './follows.ts';
import { calibrationReport } from './report.ts';

const { document } = new JSDOM().window;
const data = { test: madeUpImages(2_000) };

async function reportOf(...subjects: Subject[]) {
  const report = calibrationReport(await measureCalibration(subjects, data, { quick: true }, {}));
  const placed: string[] = [];
  const place = (name: string) => {
    placed.push(name);
    return html`<p>${name}</p>`;
  };
  const [page] = report.pages(place, place);
  const figures = report.figures({ document, theme: FILE_THEME });
  return { report, page, figures, placed, text: page.follows.join(' ') };
}

test('a good, too sure reader: what is too sure, what a person has to decide, small sets', async () => {
  const { page, text, report } = await reportOf(madeUpReader({ scale: 40 }));
  expect(page.point).toBe('E7');
  expect(text).toContain('ReLU is too sure of itself');
  expect(text).toContain('tells where its errors are');
  expect(text).toMatch(
    /To answer with at most 1\s% errors, ReLU has to leave \d+\.\d\s% of the images to a person/,
  );
  expect(text).not.toMatch(/95\s% interval|NaN|undefined|Infinity/);
  expect(report.highlights.map(({ kind }) => kind)).toEqual(['number', 'risk', 'risk']);
  // Of 200 ones 97 % are covered: more than the worst of ten would fall short of 99 % by chance.
  expect(report.highlights[2].value).toMatch(/^ReLU for the digit 1 97\.0\s%/);
  expect(report.highlights[2].meaning).toContain('A threshold for each digit');
});

test('a constant reader is calibrated and useless, and nothing is promised', async () => {
  const { text, report } = await reportOf(madeUpReader({ scale: 0 }));
  expect(text).toContain('of no use');
  expect(text).toContain('does not tell where its errors are');
  expect(text).toContain('no threshold could be found');
  expect(text).toContain('nearly all digits: they say nothing');
  expect(text).toContain('empty reason');
  expect(report.highlights[0].kind).toBe('risk');
  expect(report.highlights[0].value).toContain('cannot be promised');
});

test('a reader that takes each digit for the next is sure and wrong', async () => {
  const { text } = await reportOf(madeUpReader({ shift: 1 }));
  expect(text).toContain('too sure of itself');
  expect(text).toContain('of no use');
  expect(text).toContain('no threshold could be found');
});

test('an unsure reader is told from a sure one, and scaling helps it', async () => {
  const { text } = await reportOf(madeUpReader({ scale: 4 }));
  expect(text).toContain('more often right than it says');
  expect(text).toContain('brings probabilities closer to the truth');
});

test('two arms with two seeds: intervals over seeds, and the paper is quoted', async () => {
  const { text, figures, placed, report } = await reportOf(
    ...['relu', 'tanh'].flatMap((arm) => [1, 2].map((seed) => madeUpReader({ arm, seed }))),
  );
  expect(text).toContain('The paper calls both models good enough');
  expect(text).toContain('two\u00a0pairs of seeds');
  const names = figures.map(({ name }) => name);
  expect(names).toEqual([
    'reliability-relu',
    'reliability-tanh',
    'risk-coverage',
    'set-sizes-relu',
    'coverage-relu',
    'set-sizes-tanh',
    'coverage-tanh',
  ]);
  const shown = [...names, ...report.tables.map(({ name }) => name)].filter(
    (name) => name !== 'calibration-runs',
  );
  expect(placed.sort()).toEqual(shown.sort());
});

test('one seed of each arm cannot say whose probabilities are better', async () => {
  const { text } = await reportOf(madeUpReader({ arm: 'relu' }), madeUpReader({ arm: 'tanh' }));
  expect(text).toContain('One run of each cannot say whose are better');
});

test('ReLU’s probabilities are called higher or lower from six seeds on; five say why not, SciPy’s interval within 0.0005', () => {
  const arms = (changes: readonly number[]) =>
    ['relu', 'tanh'].map((activation, k) => ({
      activation,
      runs: changes.map((change, seed) => ({
        seed,
        raw: { ece: 0.02 + (1 - k) * 0.01 * change, logLoss: 0.1 - (1 - k) * change },
        sets: [{ method: 'lac', alpha: 0.01, sizes: [0, 10], count: 10 }],
      })),
    })) as unknown as ArmRuns[];
  const said = (...changes: number[]) =>
    comparisonFollows(arms(changes))[0]
      .replace(/^.*seeds: /, '')
      .replaceAll('\u00a0', ' ');
  expect(said(1, 1.1, 0.9, 1, 1, 1)).toBe(
    'calibration error higher (+1.000, 95 % interval +0.934 to +1.066 points), log loss lower (−1.000, 95 % interval −1.066 to −0.934) and digits in a set that promises 99 % not clearly different (0.000, 95 % interval 0.000 to 0.000).',
  );
  const few = ', clear of zero, but fewer than six decide no sign)';
  expect(said(1, 1.1, 0.9, 1, 1)).toBe(
    `calibration error not clearly different (+1.000, 95 % interval +0.912 to +1.088 points${few}, log loss not clearly different (−1.000, 95 % interval −1.088 to −0.912${few} and digits in a set that promises 99 % not clearly different (0.000, 95 % interval 0.000 to 0.000).`,
  );
});

test.each([40, 0])('figures of a reader with scale %d are drawn and say what they show', async (scale) => {
  const { figures } = await reportOf(madeUpReader({ scale }));
  for (const { svg, alt } of figures) {
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<style|var\(/);
    expect(alt.length).toBeGreaterThan(40);
    expect(
      new JSDOM(svg, { contentType: 'image/svg+xml' }).window.document.documentElement.getAttribute(
        'aria-label',
      ),
    ).toBe(alt);
  }
});

test('bins of several runs are pooled; worked by hand', () => {
  const bin = (low: number, count: number, correct: number, confidence: number) => ({
    low,
    high: low + 0.25,
    count,
    correct,
    confidence,
  });
  const [first, second] = pooledBins([
    [bin(0.5, 10, 5, 0.6), bin(0.75, 30, 30, 0.9)],
    [bin(0.5, 30, 25, 0.7)],
  ]);
  expect([first.images, first.share, first.middle]).toEqual([20, 0.75, 0.625]);
  expect(first.confidence).toBeCloseTo((10 * 0.6 + 30 * 0.7) / 40, 12);
  // Wilson's interval of 15 of 20.
  expect([first.low, first.high]).toEqual([expect.closeTo(0.5313, 4), expect.closeTo(0.8881, 4)]);
  expect([second.images, second.share]).toEqual([15, 1]);
});

test('the interval of a mean over runs is that of the images of one run', () => {
  const once = overImages([{ count: 100, covered: 98 }]);
  expect(
    overImages([
      { count: 100, covered: 97 },
      { count: 100, covered: 99 },
    ]),
  ).toEqual(once);
});

test('the worst digit falls short where even the interval of the worst of ten does not reach the promise', async () => {
  const { runs } = await measureCalibration([madeUpReader()], data, { quick: true }, {});
  const [run] = runs;
  const worstWith = (covered: number) => {
    const sets = run.sets.map((set) => ({
      ...set,
      byClass: set.byClass.map(() => ({ count: 1_000, covered: 990 })).with(3, { count: 1_000, covered }),
    }));
    return setsOfArm(armsOfRuns([{ ...run, sets }])[0], 'lac', 0.01)!.worst;
  };
  // Wilson's upper end of 980 of 1,000 is 0.9870 at 95 %, 0.9892 at 99.5 %; that of 983 is 0.9913 at 99.5 %.
  expect(worstWith(980)).toMatchObject({ digit: 3, short: true });
  expect(worstWith(983)).toMatchObject({ digit: 3, short: false });
});

test('a population falls short where its interval, widened by the design effect, stays below the promise; the remedy is named among the risks', async () => {
  const measured = await measureCalibration([madeUpReader()], data, { quick: true }, {});
  const [run] = measured.runs;
  const withStudents = (covered: number): Calibration => ({
    ...measured,
    groups: ['students', 'employees'],
    runs: [
      {
        ...run,
        sets: run.sets.flatMap((set) => {
          const employees = { count: 5_000, covered: 4_970 };
          const byClass = set.byClass.map(() => ({ count: 1_000, covered: 995 }));
          const own = { ...set, byClass, byGroup: [{ count: 5_000, covered }, employees] };
          const byPopulation = { ...own, byGroup: [{ count: 5_000, covered: 4_955 }, employees] };
          return set.method === 'lac'
            ? [own, { ...byPopulation, method: 'lac-by-population' as const }]
            : [own];
        }),
      },
    ],
  });
  // 5,000 / 1.4 = 3,571 images: Wilson's interval of .986 is .98161 to .98936 (SciPy: 3,521 of 3,571 .98160 to .98936), of .988 up to .99110.
  const short = calibrationReport(withStudents(4_930));
  const plain = (text: string) => text.replaceAll('\u00a0', ' ');
  expect(short.highlights.at(-1)).toMatchObject({ kind: 'risk' });
  expect(plain(short.highlights.at(-1)!.value)).toBe('ReLU for students 98.60 % (98.16 to 98.94 %)');
  expect(short.highlights.at(-1)!.meaning).toContain('A threshold for each population');
  const [page] = short.pages(
    (name) => html`${name}`,
    (name) => html`${name}`,
  );
  expect(plain(page.follows.join(' '))).toMatch(
    /for students the promise is not kept\. With a threshold for each population 99\.10 % \(.*\) of the students’ are/,
  );
  const kept = calibrationReport(withStudents(4_940));
  expect(kept.highlights.some(({ label }) => label.includes('keep it'))).toBe(false);
});

test('an arm misjudges its answers where more than half of its runs do so beyond chance, and on the side of its mean', () => {
  const run = (ece: number, meanConfidence: number) => ({
    raw: { ece },
    chance: { high: 0.01 },
    meanConfidence,
    accuracy: 0.9,
  });
  const of = (...runs: ReturnType<typeof run>[]) => fitOf({ runs } as unknown as ArmRuns);
  const [fine, sure, unsure] = [run(0.005, 0.9), run(0.05, 0.95), run(0.05, 0.85)];
  expect(of(fine, fine, sure)).toBe('fits');
  expect(of(fine, sure)).toBe('fits');
  expect(of(fine, sure, sure)).toBe('too sure');
  expect(of(unsure, unsure, unsure)).toBe('not sure enough');
  expect(of(sure, unsure)).toBe('wrong both ways');
});
