import { expect, test } from 'vitest';
import { strokesIn } from './strokes.ts';

test('strokes and the fields beside them', () => {
  const most = new Array<number[]>(2000).fill([1, 2]);
  expect(strokesIn({ strokes: most, consent: 'training' })).toEqual({
    strokes: most,
    fields: { consent: 'training' },
  });
  const long = new Array<number>(200_000).fill(1);
  expect(strokesIn({ strokes: [long] }).strokes[0]).toHaveLength(200_000);
});

test.each([
  [5, 'The body: expected a JSON object with strokes, consent'],
  [{}, 'The body: expected strokes; received {}.'],
  [{ strokes: [[1, 2]], foo: 1 }, 'The body: expected no other names than strokes, consent'],
  [{ strokes: 5 }, 'strokes: expected a list of 1 to 2000 entries; received 5.'],
  [{ strokes: [] }, 'strokes: expected a list of 1 to 2000 entries; received one of 0.'],
  [
    { strokes: new Array(100_000).fill([1, 2]) },
    'strokes: expected a list of 1 to 2000 entries; received one of 100000.',
  ],
  [
    { strokes: [[1, 2], { x: 1 }] },
    'strokes[1]: expected a list of 2 to 200000 entries; received an object.',
  ],
  [{ strokes: [[1]] }, 'strokes[0]: expected a list of 2 to 200000 entries; received one of 1.'],
  [
    { strokes: [new Array(200_001).fill(1)] },
    'strokes[0]: expected a list of 2 to 200000 entries; received one of 200001.',
  ],
  [{ strokes: [[1, 2, 3, null]] }, 'strokes[0][3]: expected a number; received null.'],
  [{ strokes: [[1, Infinity]] }, 'strokes[0][1]: expected a number; received Infinity.'],
  [{ strokes: [['a', 1]] }, 'strokes[0][0]: expected a number; received "a".'],
])('what is wrong is named, with an example (%#)', (body, message) => {
  expect(() => strokesIn(body)).toThrow(message);
  expect(() => strokesIn(body)).toThrow('Such as {"strokes": [[x0, y0, x1, y1, …], …]}');
});
