import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import type { Picture } from '../../src/images/scale.ts';
import type { Reading } from '../../src/reading/answer.ts';
import { readDigits } from '../../src/reading/readDigits.ts';
import { Random } from '../../src/util/random.ts';
import { between, blank, type Sheet } from '../../test/support/writtenPictures.ts';
import { darkOnPaper, type Setting, some } from './setting.ts';

export function none(setting: Setting): void {
  const { reader, seed, files } = setting;
  const random = new Random(seed, 'measure/none');
  const isDeclined = ({ numbers }: Reading): boolean => numbers.every(({ text }) => text.includes('?'));
  const say = (name: string, pictures: readonly Picture[]): void => {
    const declined = pictures.filter((picture) => isDeclined(readDigits(picture, reader))).length;
    console.log(`${name}: ${declined} of ${pictures.length} declined`);
  };
  say(
    'scribbles',
    Array.from({ length: some(setting, 500) }, () => darkOnPaper(scribble(random), random)),
  );
  say(
    'texture alone',
    Array.from({ length: 20 }, () => darkOnPaper(blank(300, 400), random)),
  );
  const bytes = gunzipSync(readFileSync(join(files.fashion, 't10k-images-idx3-ubyte.gz'))).subarray(16);
  const clothes = Array.from({ length: some(setting, 1000) }, (_, i) => ({
    data: new Uint8Array(bytes.subarray(i * 784, (i + 1) * 784)),
    ...{ rows: 28, columns: 28, channels: 1 },
  }));
  say('Fashion-MNIST', clothes);
  for (const [name, level] of [
    ['a blank page', 255],
    ['a page all ink', 0],
  ] as const) {
    const data = new Uint8Array(300 * 400).fill(level);
    console.log(
      `${name}: ${readDigits({ data, rows: 300, columns: 400, channels: 1 }, reader).notes.join(' ')}`,
    );
  }
}

/** A curve through 5 to 9 random points, with a pen of 6 pixels. */
function scribble(random: Random): Sheet {
  const sheet = blank(160, 160);
  const points = Array.from({ length: 5 + random.integer(5) }, () => [
    between(random, 30, 130),
    between(random, 30, 130),
  ]);
  for (let k = 1; k + 1 < points.length; k++) {
    const [from, over, to] = [middle(points[k - 1], points[k]), points[k], middle(points[k], points[k + 1])];
    for (let t = 0; t <= 1; t += 0.01) {
      const s = 1 - t;
      const [x, y] = [0, 1].map((axis) => s * s * from[axis] + 2 * s * t * over[axis] + t * t * to[axis]);
      dot(sheet, x, y);
    }
  }
  return sheet;
}

const middle = (a: readonly number[], b: readonly number[]): number[] => [
  (a[0] + b[0]) / 2,
  (a[1] + b[1]) / 2,
];

function dot({ data, columns }: Sheet, x: number, y: number): void {
  for (let row = Math.floor(y) - 4; row <= y + 4; row++) {
    for (let column = Math.floor(x) - 4; column <= x + 4; column++) {
      const [dx, dy] = [column + 0.5 - x, row + 0.5 - y];
      const cover = Math.min(1, Math.max(0, 3.5 - Math.sqrt(dx * dx + dy * dy)));
      data[row * columns + column] = Math.max(data[row * columns + column], cover);
    }
  }
}
