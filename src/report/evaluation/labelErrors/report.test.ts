import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import type { LabelErrors, LabelSet } from '../../../analysis/labelErrors/measure.ts';
import { toBase64 } from '../../../util/base64.ts';
import { html } from '../../html.ts';
import { FILE_THEME } from '../../theme.ts';
import { labelErrorsReport } from './report.ts';

const { document } = new JSDOM().window;
const image = toBase64(new Uint8Array(784).fill(80));

function labelSet(changes: Partial<LabelSet>): LabelSet {
  return {
    images: 10_000,
    agreement: 0.98,
    confidentJoint: [],
    noise: 0.006,
    suspects: 60,
    ranked: [
      { index: 947, given: 8, suggested: 9, ofGiven: 0.001, ofSuggested: 0.99, suspect: true, image },
      { index: 5, given: 1, suggested: 1, ofGiven: 0.5, ofSuggested: 0.5, suspect: false, image },
    ],
    ...changes,
  };
}

function labelErrors(perHundred: number, runs: number, changes: Partial<LabelErrors> = {}): LabelErrors {
  const found = Array.from({ length: 300 }, (_, k) => Math.min(15, Math.floor(((k + 1) * perHundred) / 100)));
  return {
    networks: runs,
    test: labelSet({}),
    train: null,
    known: {
      total: 15,
      indices: [947],
      found: { normalisedMargin: found, selfConfidence: found },
      runs: Array.from({ length: runs }, (_, seed) => ({
        arm: 'relu',
        activation: 'relu',
        seed,
        hash: 'a',
        found,
      })),
    },
    ...changes,
  };
}

function shown(errors: LabelErrors) {
  const report = labelErrorsReport(errors);
  const [page] = report.pages(
    (name) => html`<p>${name}</p>`,
    (name) => html`<p>${name}</p>`,
  );
  return {
    report,
    page,
    text: page.follows.join(' '),
    figures: report.figures({ document, theme: FILE_THEME }),
  };
}

test('a good model: suspects are counted and the ranking is worth checking', () => {
  const { text, page, report } = shown(labelErrors(11, 1));
  expect(page.point).toBe('E1');
  expect(text).toContain('60\u00a0labels are contradicted with confidence');
  expect(text).toContain('Of the 15 known wrong test labels 11 are among the first 100');
  expect(text).toContain('where a random order would have 0.15');
  expect(text).not.toContain('interval');
  expect(page.unknown.join(' ')).toContain('Which training labels are suspicious');
  expect(report.highlights).toHaveLength(1);
});

test('a model that reads nothing: its doubts are said to be about itself', () => {
  const { text, report } = shown(labelErrors(0, 1, { test: labelSet({ agreement: 0.1, suspects: 8_900 }) }));
  expect(text).toContain('show where the reading fails');
  expect(text).toContain('hardly more than chance');
  expect(report.highlights).toEqual([]);
});

test('several networks have an interval; training labels their own gallery and table', () => {
  const { text, figures, report } = shown(
    labelErrors(11, 3, { train: labelSet({ images: 60_000, suspects: 0 }) }),
  );
  expect(text).toContain('The three\u00a0networks together, by their mean probabilities, read 98.00');
  expect(text).toContain('interval over networks');
  expect(text).toContain('none of the labels is contradicted with confidence');
  expect(figures.map(({ name }) => name)).toEqual([
    'label-errors-test',
    'label-errors-train',
    'label-errors-recall',
  ]);
  expect(report.tables.map(({ name }) => name)).toEqual(['label-errors-test', 'label-errors-train']);
});

test('the gallery shows doubted labels only and marks the known ones; other images have no recall', () => {
  const { figures } = shown(labelErrors(11, 1));
  expect(figures[0].alt).toContain('image 947, known, labelled 8, read as 9 with 99.0\u00a0%');
  expect(figures[0].alt).not.toContain('image 5');
  expect(figures.map(({ svg }) => svg).join('')).not.toMatch(/NaN|undefined|Infinity/);
  const none = shown(labelErrors(0, 1, { known: null, test: labelSet({ ranked: [] }) }));
  expect(none.figures.map(({ name }) => name)).toEqual(['label-errors-test']);
  expect(none.figures[0].alt).toContain('No test label is doubted');
});
