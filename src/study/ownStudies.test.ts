import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bearsOn, purposesOf } from './ownStudies.ts';
import { parseStudy } from './studyFile.ts';
import { resolveStudy } from './configuration.ts';

const shipped = (name: string) =>
  parseStudy(readFileSync(`studies/${name}.json`, 'utf8'), `studies/${name}.json`);

test('the studies that ship are known for what they are for', () => {
  expect(purposesOf(shipped('cross-validation'))).toEqual(['folds']);
  expect(purposesOf(shipped('learning-rate'))).toEqual(['learningRate']);
  expect(purposesOf(shipped('initialisation'))).toEqual(['initializer']);
  expect(purposesOf(shipped('relu-vs-tanh'))).toEqual([]);
  expect(purposesOf(shipped('activations'))).toEqual([]);
});

test('a learning rate that is tried for one activation only is no sweep for each', () => {
  const arms = { slow: { learningRate: 0.0001 }, relu: {}, tanh: { activation: 'tanh' } };
  expect(purposesOf(resolveStudy({ name: 'a', question: 'q', arms, seeds: 1 }))).toEqual([]);
});

test('a study bears on another with two of its activations, or the only one', () => {
  const both = shipped('relu-vs-tanh');
  const one = resolveStudy({ name: 'a', question: 'q', arms: { relu: {} }, seeds: 1 });
  expect(bearsOn(shipped('learning-rate'), both)).toBe(true);
  expect(bearsOn(one, both)).toBe(false);
  expect(bearsOn(both, one)).toBe(true);
});
