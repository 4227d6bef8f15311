import { expect, test } from 'vitest';
import { fewSeedsNote } from './fewSeeds.ts';

const study = (seeds: number, arms = 2, split: 'test' | 'folds' = 'test', quick = false) =>
  ({
    quick,
    seeds: Array.from({ length: seeds }, (_, k) => k + 1),
    arms: Array.from({ length: arms }, () => ({})),
    split: split === 'test' ? { kind: 'test' } : { kind: 'folds', folds: 5, repeats: 1, groups: 'images' },
  }) as never;

test('a comparison of one to five seeds says before it is run that it decides no sign', () => {
  expect(fewSeedsNote(study(5))).toBe(
    'Five\u00a0seeds decide no sign of a difference: that takes 6 or more.',
  );
  expect(fewSeedsNote(study(1))).toBe('One\u00a0seed decides no sign of a difference: that takes 6 or more.');
});

test('six seeds, one arm, folds and a taste say nothing', () => {
  const silent = [study(6), study(2, 1), study(1, 2, 'folds'), study(2, 2, 'test', true)];
  expect(silent.map(fewSeedsNote)).toEqual(['', '', '', '']);
});
