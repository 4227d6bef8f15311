import { readDigits } from '../../src/reading/readDigits.ts';
import { recognised } from '../../src/reading/recognise.ts';
import { Random } from '../../src/util/random.ts';
import { between, blank, enlarged, put } from '../../test/support/writtenPictures.ts';
import { darkOnPaper, imageOf, type Setting, some, Tally } from './setting.ts';

export function photos(setting: Setting): void {
  const { digits, reader, seed } = setting;
  const random = new Random(seed, 'measure/photos');
  const tally = new Tally();
  const count = some(setting, 10_000);
  let direct = 0;
  for (let i = 0; i < count; i++) {
    const image = imageOf(digits, i);
    const label = digits.labels[i];
    const outputs = recognised(reader, [image]).subarray(0, 10);
    direct += Number(outputs.indexOf(Math.max(...outputs)) === label);
    const factor = between(random, 2, 6);
    const ink = enlarged(image, 28, factor);
    const margins = Array.from({ length: 4 }, () => Math.round(factor * between(random, 2, 8)));
    const sheet = blank(ink.rows + margins[0] + margins[1], ink.columns + margins[2] + margins[3]);
    put(sheet, ink, margins[2], margins[0]);
    tally.add(readDigits(darkOnPaper(sheet, random), reader), String(label));
  }
  console.log(
    `images themselves: ${((100 * direct) / count).toFixed(2)} % right\npictures: ${tally.toString()}`,
  );
}
