import { expect, test } from 'vitest';
import { madeUpInput } from '../fixtures/madeUp.ts';
import { cellText } from '../table.ts';
import { toCsv } from '../table.ts';
import { allTables } from './all.ts';
import { recallTable } from './recall.ts';
import { summaryTable } from './summary.ts';

const trial = (activation: string, k: number) => ({
  testAccuracy: (activation === 'relu' ? 0.97 : 0.96) + k * 0.001,
});
const input = madeUpInput({ configuration: { seeds: [1, 2, 3] }, trial });

test('every table has a stable name, and as many cells in a row as columns', () => {
  const tables = allTables(input);
  expect(tables.map(({ name }) => name)).toEqual([
    'summary',
    'runs',
    'epochs',
    'recall',
    'confusions',
    'claims',
    'hashes',
    'recipes',
    'differences',
    'tests',
    'image-sets',
    'learning',
    'corrections',
    'networks',
  ]);
  for (const { columns, rows } of tables) {
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
  }
  expect(tables.map(({ rows }) => rows.length).slice(0, 4)).toEqual([2, 6, 20, 20]);
});

// .970, .971, .972: mean .971, standard deviation .001
test('the summary has mean, standard deviation, extremes and the paper beside them, to two decimals', () => {
  const { columns, rows } = summaryTable(input.results);
  const text = rows[0].slice(0, 6).map((cell, c) => cellText(cell, columns[c]).replace('\u00a0', ' '));
  expect(text).toEqual(['ReLU', '3', '97.10 %', '0.10 %', '97.00 %', '97.20 %']);
  expect(rows[0][8]).toBe(0.9762);
  expect(rows[1][8]).toBe(0.9729);
});

test('one seed has no standard deviation, another recipe no number of the paper', () => {
  const { rows } = summaryTable(madeUpInput({ configuration: { seeds: [1], dropout: 0.5 } }).results);
  expect([rows[0][3], rows[0][7]]).toEqual([null, null]);
  expect(rows[0]).toHaveLength(8);
});

// SciPy 1.17: beta.ppf(.025, 95, 6) and beta.ppf(.975, 96, 5) for 95 of 100
test('recall has rates, range and the Clopper–Pearson interval below 1e-9 of SciPy', () => {
  const matrix = (right: number) =>
    Array.from({ length: 10 }, (_, t) =>
      Array.from({ length: 10 }, (_, p) => (p === t ? right : p === (t + 1) % 10 ? 100 - right : 0)),
    );
  const { results } = input;
  const trials = results.trials.map((one, i) => ({
    ...one,
    confusionMatrix: matrix(94 + Math.floor(i / 2)),
  }));
  const [row] = recallTable({ ...results, trials }).rows;
  expect(row.slice(0, 7)).toEqual(['ReLU', 0, 100, 95, 0.95, 0.94, 0.96]);
  expect(row[7]).toBeCloseTo(0.8871650888945373, 10);
  expect(row[8]).toBeCloseTo(0.9835681208179479, 10);
});

test('quick runs are labelled in every caption and in every row of a CSV file', () => {
  const tables = allTables(madeUpInput({ configuration: { quick: true, seeds: [1], epochs: 1 } }));
  expect(tables.every(({ caption }) => caption.startsWith('Quick taste, not a result. '))).toBe(true);
  for (const table of tables) {
    const [header, ...rows] = toCsv(table).trimEnd().split('\r\n');
    expect(header).toMatch(/,Note$/);
    for (const row of rows) expect(row).toMatch(/,"Quick taste, not a result"$/);
  }
});

test('where no claim is tested the tables correct their tests by Holm, and say which arm is left ahead', () => {
  // p .0262 by Student's t for each of six seeds' differences, .0524 as one of two; losses are the same.
  const differences = [0.001, 0.002, 0.001, 0.003, 0.0005, 0.0003];
  const tables = allTables(
    madeUpInput({
      configuration: { activations: ['elu', 'gelu'] },
      trial: (arm, k) => ({ testAccuracy: 0.97 + (arm === 'elu' ? differences[k] : 0) }),
    }),
  );
  const cells = (name: string, label: string) => {
    const { columns, rows } = tables.find((table) => table.name === name)!;
    const at = columns.findIndex((column) => column.label === label);
    return rows.map((row) => row[at]);
  };
  expect(cells('differences', 'By the rule')).toEqual(['ELU better', 'undecided']);
  expect(cells('differences', 'With Holm')).toEqual(['open', 'the same']);
  expect(cells('tests', 'p, Holm')[0]).toBeCloseTo(0.0524, 3);
  expect(cells('tests', 'p, Holm')[1]).toBe(1);
});
