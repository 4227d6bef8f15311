import type { PenStroke } from '../../src/images/rasterize.ts';
import { rasterizeStrokes } from '../../src/images/rasterize.ts';
import { readStrokes } from '../../src/reading/readStrokes.ts';
import { recognised } from '../../src/reading/recognise.ts';
import { Random } from '../../src/util/random.ts';
import { between } from '../../test/support/writtenPictures.ts';
import { drawings, type Drawn } from './drawings.ts';
import { type Setting, some, Tally } from './setting.ts';

export function strokes(setting: Setting): void {
  const { reader, seed } = setting;
  const all = drawings();
  const tally = new Tally();
  const count = some(setting, all.length);
  let direct = 0;
  const random = new Random(seed, 'measure/strokes');
  const order = random.shuffle(Uint32Array.from(all.keys())).subarray(0, count);
  for (const index of order) {
    const { digit, strokes: drawn } = all[index];
    const outputs = recognised(reader, [rasterizeStrokes(drawn)]).subarray(0, 10);
    direct += Number(outputs.indexOf(Math.max(...outputs)) === digit);
    tally.add(readStrokes(drawn, reader), String(digit));
  }
  console.log(
    `images themselves: ${((100 * direct) / count).toFixed(2)} % right\none by one: ${tally.toString()}`,
  );
  const rows = new Tally();
  for (let k = 0; k < some(setting, 1000); k++) {
    const chosen = Array.from({ length: 2 + random.integer(5) }, () => all[random.integer(all.length)]);
    rows.add(readStrokes(inRow(chosen, random), reader), chosen.map(({ digit }) => digit).join(''));
  }
  console.log(`rows: ${rows.toString()}`);
}

/** Of about one height, side by side on a line. */
function inRow(chosen: readonly Drawn[], random: Random): PenStroke[] {
  let end = 0;
  return chosen.flatMap(({ strokes: drawn }) => {
    const xs = drawn.flatMap((stroke) => Array.from(stroke).filter((_, k) => k % 2 === 0));
    const ys = drawn.flatMap((stroke) => Array.from(stroke).filter((_, k) => k % 2 === 1));
    const [left, top, right] = [Math.min(...xs), Math.min(...ys), Math.max(...xs)];
    const [x, y] = [end + 1000 * between(random, 0.1, 0.4), 1000 * between(random, -0.1, 0.1)];
    end = x + right - left;
    return drawn.map((stroke) => Array.from(stroke, (v, k) => (k % 2 === 0 ? v - left + x : v - top + y)));
  });
}
