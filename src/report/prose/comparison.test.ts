import { expect, test } from 'vitest';
import { madeUpResults } from '../../study/fixtures/madeUp.ts';
import { comparison } from './comparison.ts';

/** As many images of each class as `counts` has, of which one each is misread. */
function classesText(counts: readonly number[]): string {
  const confusionMatrix = counts.map((count, c) =>
    counts.map((_, k) => (k === c ? count - 1 : k === (c + 1) % counts.length ? 1 : 0)),
  );
  const results = madeUpResults({
    configuration: { activations: ['relu'] },
    trial: () => ({ confusionMatrix }),
  });
  return comparison(results).at(-1)!.text;
}

test('that classes have unequal numbers of images is said only where they have', () => {
  const equal = new Array<number>(10).fill(40);
  expect(classesText(equal)).not.toContain('Rates');
  expect(classesText([41, ...equal.slice(1)])).toMatch(
    / Rates, not counts, are compared: the [^.]* are not the same number of each digit\.$/,
  );
});
