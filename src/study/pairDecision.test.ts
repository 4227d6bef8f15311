import { expect, test } from 'vitest';
import { decidePair, type PairEvidence } from './pairDecision.ts';

const pair = (change: Partial<PairEvidence>) =>
  decidePair({
    mean: 0.05,
    interval: { low: 0.02, high: 0.08 },
    differ: null,
    copies: false,
    images: 1_000,
    groups: null,
    discordant: 60,
    exactP: 1e-4,
    rope: 0.001,
    ...change,
  });
const none = { mean: 0, interval: { low: 0, high: 0 }, discordant: 0, exactP: 1 };

test('an interval of enough images decides', () => {
  expect(pair({})).toEqual({ state: 'supported', open: null });
  expect(pair({ mean: -0.05, interval: { low: -0.08, high: -0.02 } }).state).toBe('contradicted');
  expect(pair({ rope: 0.1 }).state).toBe('equivalent');
});

test('of five pairs of runs that differ an interval clear of zero decides no sign, of six it does; equivalence takes none', () => {
  const seeds = { exactP: null, differ: 5 };
  const below = { mean: -0.05, interval: { low: -0.08, high: -0.02 } };
  const few = { state: 'undecided', open: { kind: 'seeds', bound: null } };
  expect(pair(seeds)).toEqual(few);
  expect(pair({ ...seeds, ...below })).toEqual(few);
  expect(pair({ ...seeds, differ: 6 })).toEqual({ state: 'supported', open: null });
  expect(pair({ ...seeds, ...below, differ: 6 }).state).toBe('contradicted');
  expect(pair({ ...seeds, rope: 0.1 }).state).toBe('equivalent');
  expect(pair({ ...seeds, interval: { low: -0.02, high: 0.08 } })).toEqual({
    state: 'undecided',
    open: null,
  });
});

test('where the runs of one are copies of each other nothing is decided, not even that a difference is small', () => {
  const seeds = { exactP: null, differ: 6, copies: true };
  const copies = { state: 'undecided', open: { kind: 'copies', bound: null } };
  expect(pair(seeds)).toEqual(copies);
  expect(pair({ ...seeds, rope: 0.1 })).toEqual(copies);
});

test.each([
  [1, 1],
  [2, 1],
  [20, 0.15],
  [1_000, 0.003],
])('%d images without one that tells them apart leave %d open', (images, bound) => {
  expect(pair({ ...none, images })).toEqual({ state: 'undecided', open: { kind: 'alike', bound } });
});

test('alike on so many images that nothing of weight stays open: equivalent', () => {
  expect(pair({ ...none, images: 3_000 }).state).toBe('equivalent');
  expect(pair({ ...none, images: 2_999 }).state).toBe('undecided');
  expect(pair({ ...none, images: 10_000, groups: 297 }).open).toEqual({ kind: 'alike', bound: 3 / 297 });
  expect(pair({ ...none, interval: null, exactP: null, images: 10_000 }).state).toBe('equivalent');
});

test('two images of two, one single group, runs without spread: undecided', () => {
  expect(
    pair({ mean: 1, interval: { low: 1, high: 1 }, images: 2, discordant: 2, exactP: 0.5 }).open?.kind,
  ).toBe('images');
  expect(pair({ groups: 1, interval: { low: 0.05, high: 0.05 } }).open?.kind).toBe('groups');
  expect(pair({ images: 29, exactP: null }).open?.kind).toBe('images');
  expect(pair({ images: 30, exactP: null }).state).toBe('supported');
  expect(pair({ groups: 9 }).open?.kind).toBe('groups');
  expect(pair({ groups: 10 }).state).toBe('supported');
  expect(pair({ interval: null, exactP: null }).open?.kind).toBe('spread');
  expect(pair({ interval: { low: 0.05, high: 0.05 }, exactP: null }).open?.kind).toBe('spread');
});

test('few images apart: four to none is no evidence (exact p .125), and one to none is not equivalence', () => {
  // 2 · .5⁴ = .125; the bootstrap leaves 4 out with (1 − 4/1000)^1000 = 1.8 %, and so lies above zero.
  const four = { mean: 0.004, interval: { low: 0.001, high: 0.008 }, discordant: 4, exactP: 0.125 };
  expect(pair(four)).toEqual({ state: 'undecided', open: { kind: 'discordant', bound: null } });
  const one = {
    mean: 1 / 4_000,
    interval: { low: 0, high: 3 / 4_000 },
    images: 4_000,
    discordant: 1,
    exactP: 1,
  };
  expect(pair({ ...one, rope: 0.0009 }).state).toBe('undecided');
  expect(pair({ ...one, rope: 0.0011 }).state).toBe('equivalent');
});
