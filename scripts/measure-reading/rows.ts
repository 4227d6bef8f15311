import { readDigits } from '../../src/reading/readDigits.ts';
import { loadUnipenDigits } from '../../src/store/unipen.ts';
import { Random } from '../../src/util/random.ts';
import { between, rowOf } from '../../test/support/writtenPictures.ts';
import { darkOnPaper, digitsOf, imageOf, type Setting, some, Tally } from './setting.ts';

export function rows(setting: Setting): void {
  const sets = { MNIST: setting.digits, 'unipen-digits': loadUnipenDigits() };
  const gaps = { apart: [2, 8], touching: [-4, 0] } as const;
  for (const [name, digits] of Object.entries(sets)) {
    for (const [kind, [low, high]] of Object.entries(gaps)) {
      const random = new Random(setting.seed, `measure/rows/${name}/${kind}`);
      const tally = new Tally();
      const lengths = new Map<string, number>();
      for (let k = 0; k < some(setting, 1000); k++) {
        const indices = Array.from({ length: 2 + random.integer(5) }, () =>
          random.integer(digits.labels.length),
        );
        const sheet = rowOf(
          indices.map((index) => imageOf(digits, index)),
          {
            factor: 4,
            gap: () => between(random, low, high),
            jitter: () => between(random, -2, 2),
            margin: 8,
          },
        );
        const expected = indices.map((index) => digits.labels[index]).join('');
        const reading = readDigits(darkOnPaper(sheet, random), setting.reader);
        if (tally.add(reading, expected)) continue;
        const texts = digitsOf(reading);
        const why =
          texts.length !== 1
            ? `${texts.length} numbers`
            : texts[0].length < expected.length
              ? 'too few digits'
              : texts[0].length > expected.length
                ? 'too many digits'
                : 'other digits';
        lengths.set(why, (lengths.get(why) ?? 0) + 1);
      }
      const reasons = [...lengths].map(([why, count]) => `${count} ${why}`).join(', ');
      console.log(`${name}, ${kind}: ${tally.toString()}; wrong: ${reasons || 'none'}`);
    }
  }
}
