import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import type { ArmDrawings, Drawings } from '../../../analysis/drawings/measure.ts';
import { html } from '../../html.ts';
import { FILE_THEME } from '../../theme.ts';
import { arm, change, drawingsExample } from './fixtures/madeUp.ts';
import { drawingsReport } from './report.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const DRAWINGS = drawingsExample();
const pagesOf = (drawings: Drawings) =>
  drawingsReport(drawings)
    .pages(
      (name) => html`[figure ${name}]`,
      (name) => html`[table ${name}]`,
    )
    .map((page) => ({ ...page, follows: page.follows.map(plain) }));

test('what is read, what is lost and which arm does better, as the intervals have it', () => {
  const [kinds, equity, training] = pagesOf(DRAWINGS);
  expect([kinds.point, equity.point, training.point]).toEqual(['E12', 'E4', 'E8']);
  expect(kinds.follows).toEqual([
    'ReLU reads 91.00 % (82.00 to 95.50 %) of the 4,000 drawings and 98.00 % of the test images: 7.00 points (95 % interval 3.00 to 10.00) are lost.',
    'Tanh reads 90.00 % (80.00 to 95.00 %) of the 4,000 drawings and 98.00 % of the test images: 8.00 points (95 % interval 4.00 to 11.00) are lost.',
    'ReLU reads more of the drawings than Tanh: ReLU minus Tanh is +1.00 points (95 % interval +0.20 to +2.00 points).',
    'Which of ReLU and Tanh loses less from test images to drawings is not settled: what Tanh loses less what ReLU loses is +1.00 points (95 % interval −0.10 to +2.00 points).',
    'ReLU misreads more often than the rest: the digit 1 (40.00 %, +30.00 points).',
    'ReLU takes most often 1 for 7 (12 of 400).',
    'Tanh misreads more often than the rest: the digit 1 (40.00 %, +30.00 points).',
    'Tanh takes most often 1 for 7 (12 of 400).',
    '52 drawings (1.30 %) all twelve networks read as one and the same other digit: wrong labels, fragments and other ways of writing are among them; they are counted as misread.',
  ]);
  expect(equity.follows[0]).toBe(
    'ReLU: of the 33 people with 20 drawings or more one in ten is misread in 1.0 % or less of the drawings, half in 5.0 % or more, one in ten in 20.0 % or more.',
  );
  expect(equity.follows[2]).toContain('ReLU: no place is shown to be misread more often than the rest.');
  expect(training.follows).toEqual(kinds.follows.slice(0, 4));
});

test('a loss that no interval shows is none, a gain is told as one, and of a single arm nothing is compared', () => {
  const one = (loss: ArmDrawings['loss']) =>
    pagesOf({ ...DRAWINGS, arms: [arm('relu', 0.02, loss)], differences: [] })[0];
  expect(one(change(0.001, -0.01, 0.01)).follows[0]).toContain('no difference is shown (lost: +0.10 points');
  expect(one(change(-0.01, -0.02, -0.005)).follows[0]).toContain(
    '1.00 points more (95 % interval 0.50 to 2.00).',
  );
  expect(one(change(0.001, -0.01, 0.01)).body!.markup).not.toContain('drawings-differences');
});

test('five networks show neither a loss nor who does better, clear of zero as they are, and say why; a single one is judged over its writers', () => {
  const few = ', clear of zero, but fewer than six decide no sign';
  const of = (networks: number) => {
    const own = (mean: number, low: number, high: number) => change(mean, low, high, networks);
    return pagesOf({
      ...DRAWINGS,
      arms: [arm('relu', 0.09, own(0.07, 0.03, 0.1)), arm('tanh', 0.1, own(-0.01, -0.02, -0.005))],
      differences: [
        { first: 'relu', second: 'tanh', error: own(0.01, 0.002, 0.02), loss: own(-0.01, -0.02, -0.005) },
      ],
    })[0].follows;
  };
  const [relu, tanh, read, lost] = of(5);
  expect(relu).toContain(
    `no difference is shown (lost: +7.00 points (95 % interval +3.00 to +10.00 points)${few})`,
  );
  expect(tanh).toContain(
    `no difference is shown (lost: −1.00 points (95 % interval −2.00 to −0.50 points)${few})`,
  );
  expect(read).toBe(
    `Which of ReLU and Tanh reads more of the drawings is not settled: ReLU minus Tanh is +1.00 points (95 % interval +0.20 to +2.00 points)${few}.`,
  );
  expect(lost).toBe(
    `Which of ReLU and Tanh loses less from test images to drawings is not settled: what Tanh loses less what ReLU loses is −1.00 points (95 % interval −2.00 to −0.50 points)${few}.`,
  );
  const single = of(1);
  expect(single[0]).toContain('7.00 points (95 % interval 3.00 to 10.00) are lost.');
  expect(single[1]).toContain('1.00 points more');
  expect(single[2]).toContain('ReLU reads more of the drawings than Tanh');
  expect(single[3]).toContain('ReLU loses more than Tanh');
});

test('other people’s digits are a number, and a risk where reading them is shown to be worse', () => {
  const kinds = (drawings: Drawings) => drawingsReport(drawings).highlights.map(({ kind }) => kind);
  expect(kinds(DRAWINGS)).toEqual(['number', 'risk']);
  const arms = DRAWINGS.arms.map((own) => ({ ...own, loss: change(0, -0.1, 0.1) }));
  expect(kinds({ ...DRAWINGS, arms })).toEqual(['number']);
  const five = DRAWINGS.arms.map((own) => ({ ...own, loss: { ...own.loss, networks: 5 } }));
  expect(kinds({ ...DRAWINGS, arms: five })).toEqual(['number']);
  // A network that reads nothing of the test images loses nothing worth telling.
  const blind = DRAWINGS.arms.map((own) => ({
    ...own,
    networks: own.networks.map((network) => ({ ...network, testError: 0.9 })),
  }));
  expect(kinds({ ...DRAWINGS, arms: blind })).toEqual(['number']);
});

test('figures: unique names, well-formed, in words; every one placed on a page, every table too', () => {
  const { document, DOMParser } = new JSDOM().window;
  const report = drawingsReport(DRAWINGS);
  const figures = report.figures({ document, theme: FILE_THEME });
  const markup = pagesOf(DRAWINGS)
    .map(({ body }) => body?.markup ?? '')
    .join('');
  expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length);
  for (const { name, alt, svg } of figures) {
    expect(markup).toContain(`[figure ${name}]`);
    expect(`${alt}${svg}`).not.toMatch(/NaN|undefined|Infinity/);
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
    expect(parsed.querySelector('parsererror')).toBeNull();
  }
  for (const { name, columns, rows } of report.tables) {
    expect(markup).toContain(`[table ${name}]`);
    for (const row of rows) expect(row).toHaveLength(columns.length);
  }
  // Two of the three of the digit 0, and the one of the digit 1.
  expect(figures.find(({ name }) => name === 'drawings-worst')!.svg.match(/<image /g)).toHaveLength(3);
});

test('of an arm that was trained on the drawings every page says so, and it is no number about strangers', () => {
  const learnt = { ...DRAWINGS, learnt: ['relu'] };
  const said =
    'ReLU was trained on these very drawings (extraData): what it reads of them is an accuracy on training images, and no measure of how strangers’ digits are read.';
  const [kinds, equity, training] = pagesOf(learnt);
  expect([kinds.follows[0], equity.follows[0]]).toEqual([said, said]);
  expect(kinds.measured).toContain(said);
  expect(training.measured).toContain(said);
  for (const { measured, title } of [kinds, equity, training]) {
    expect(`${measured} ${title}`).not.toMatch(/Nothing was trained|MNIST alone|other people drew/);
  }
  expect(kinds.title).toBe('Digits drawn with a pen, which ReLU was trained on');
  expect(training.unknown).toEqual(['How ReLU reads digits by people whose drawings it was not trained on.']);
  const both = { ...DRAWINGS, learnt: ['relu', 'tanh'] };
  const [all, , allTraining] = pagesOf(both);
  expect(all.title).toBe('Digits drawn with a pen, which were trained on');
  expect(allTraining.unknown).toEqual([
    'How these networks read digits by people whose drawings they were not trained on.',
  ]);
  expect(kinds.follows[1]).toMatch(/^ReLU \(trained on them\) reads 91\.00 %/);
  const { highlights } = drawingsReport(learnt);
  expect(highlights.map(({ value }) => value).join()).not.toContain('ReLU');
  expect(highlights[0].value).toContain('Tanh');
  expect(drawingsReport(both).highlights).toEqual([]);
});
