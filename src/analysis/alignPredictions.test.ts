import { expect, test } from 'vitest';
import { alignPredictions } from './alignPredictions.ts';
import { parsePredictions } from './predictionTable.ts';

const align = (files: Record<string, string>) =>
  alignPredictions(Object.entries(files).map(([file, text]) => parsePredictions(text, file)));

test('classes are numbered over all files, by number; each model has its own right answers', () => {
  const { classes, labels, models } = align({
    'runs/a.csv': 'label,predicted\n10,10\n2,10\n9,9\n',
    'b.csv': 'label,predicted\n10,3\n2,2\n9,9\n',
  });
  expect(classes).toEqual(['2', '3', '9', '10']);
  expect([...labels]).toEqual([3, 0, 2]);
  expect(models.map(({ name }) => name)).toEqual(['a', 'b']);
  expect([...models[0].runs[0].right]).toEqual([1, 0, 1]);
  expect([...models[1].runs[0].predicted]).toEqual([1, 0, 2]);
  expect(models[1].runs[0].accuracy).toBe(2 / 3);
});

test('files that differ in the seed at the end of their names are runs of one model', () => {
  const text = 'label,predicted\n1,1\n0,1\n';
  const { models } = align({ 'cnn-seed1.csv': text, 'x/cnn_seed02.csv': text, 'seed3.csv': text });
  expect(models.map(({ name, runs }) => [name, runs.map(({ seed }) => seed)])).toEqual([
    ['cnn', ['1', '2']],
    ['seed3', [null]],
  ]);
});

test('files of one name in two folders are two models, named by as little of their paths as tells them apart', () => {
  const text = 'label,predicted\n1,1\n';
  const deep = align({ '/home/someone/runs/a/p.csv': text, '/home/someone/runs/b/p.csv': text });
  expect(deep.models.map(({ name, files }) => [name, files])).toEqual([
    ['a/p.csv', ['p.csv']],
    ['b/p.csv', ['p.csv']],
  ]);
  expect(deep.modelOf).toEqual(['a/p.csv', 'b/p.csv']);
  expect(align({ 'a/p.csv': text, 'b/p.csv': text }).models.map(({ name }) => name)).toEqual([
    'a/p.csv',
    'b/p.csv',
  ]);
});

test('a seed at the end of one name and none in the other of the same model: each file is a model of its own', () => {
  const text = 'label,predicted\n1,1\n';
  const { models } = align({ 'cnn-seed1.csv': text, 'cnn.csv': text });
  expect(models.map(({ name, runs }) => [name, runs.map(({ seed }) => seed)])).toEqual([
    ['cnn-seed1.csv', [null]],
    ['cnn.csv', [null]],
  ]);
});

test('the groups of one file serve all, whatever they are called in order', () => {
  const { groups } = align({
    'a.csv': 'label,predicted\n1,1\n0,0\n1,1\n',
    'b.csv': 'label,predicted,group\n1,1,x\n0,0,y\n1,1,x\n',
  });
  expect([...groups!]).toEqual([0, 1, 0]);
});

const A = 'label,predicted,group\n1,1,x\n0,1,y\n1,1,y\n';
test.each([
  [
    'label,predicted\n1,1\n1,1\n0,1\n',
    'b.csv, line 3 (image 2): expected the true label 0, as in a.csv, line 3, received 1',
  ],
  ['label,predicted\n1,1\n0,1\n', 'b.csv: expected 3 rows, as in a.csv, received 2'],
  [
    'label,predicted,group\n1,1,x\n0,1,y\n1,1,z\n',
    'b.csv, line 4 (image 3): expected the group y, as in a.csv, line 4, received z',
  ],
  ['seed,label,predicted\n1,1,1\n1,0,1\n1,1,1\n2,1,1\n2,0,1\n', 'b.csv, seed 2: expected 3 rows'],
  [
    'seed,label,predicted\n1,1,1\n1,0,1\n1,1,1\n2,1,1\n2,1,1\n2,1,1\n',
    'b.csv, seed 2, line 6 (image 2): expected the true label 0',
  ],
])('E_MISMATCH for %j', (text, message) => {
  expect(() => align({ 'a.csv': A, 'b.csv': text })).toThrow(
    expect.objectContaining({ code: 'E_MISMATCH' }) as Error,
  );
  expect(() => align({ 'a.csv': A, 'b.csv': text })).toThrow(message);
});

test('E_ARGUMENT for no file, one twice, and eleven models', () => {
  const table = parsePredictions(A, 'a.csv');
  expect(() => alignPredictions([])).toThrow('at least one file');
  expect(() => alignPredictions([table, table])).toThrow('received a.csv twice');
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`m${i}.csv`, A]));
  expect(() => align(many)).toThrow('at most 10 models, received 11');
});
