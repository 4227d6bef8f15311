/**
 * Measures `readDigits` and `readStrokes` on digits that nobody here drew, by rules that were written down before the numbers:
 *
 *     node scripts/measure-reading/main.ts [PART…] [--reader FILE] [--tune] [--share 0.1] [--digits digits.csv.gz] [--fashion FOLDER]
 *
 * PART: photos, coarse, rows, tries, none, strokes; all of them by default. `--reader`: another model than the one that is shipped. `--tune`: training digits and other seeds; constants of the
 * library were chosen with it, and what is reported is run once without. `--share`: of the pictures.
 *
 * An answer is right where the picture is read as exactly one number with the right digits, whether the reader is sure or not; beside it stand the share with any 'not
 * sure' and, of the others, the share that is wrong.
 *
 * - photos: each of MNIST's 10,000 test images, enlarged 2 to 6 times (bilinearly), with 2 to 8 pixels of the image's size around it, dark on textured paper: paper of 170 to 235, ink
 *   that takes away .5 to .9 of it, texture and noise of standard deviation 1 to 4 levels each. Beside it what the same network makes of the images themselves.
 * - coarse: scikit-learn's 1,797 digits of 8 × 8 pixels (`--digits`: its digits.csv.gz), v of 16 as ink, enlarged 8 times (bilinearly), 16 pixels of white paper around.
 * - rows: 1,000 rows each of 2 to 6 digits, from MNIST's test images and from unipen-digits (drawn as `rasterizeStrokes` does; `--tune`: MNIST's training images, and unipen-digits with another
 *   seed): enlarged 4 times, up or down by up to 2 pixels of the image, the ink 2 to 8 pixels apart ('apart'), or touching to overlapping by 0 to 4 pixels ('touching'); dark on textured
 *   paper as in photos. A gap is between the boxes of the ink.
 * - tries: 40 pages each of 4 lines with two numbers of 2 to 5 MNIST test digits, 12 of the image's pixels between lines, 24 between numbers: plain; on ruled and on squared paper; with a shadow across; turned by
 *   10°; with a coloured pen. The share of numbers read right, in their order. One picture of 12 megapixels as JPEG: seconds, decoding included.
 * - none: what is no digit, and how often it is taken for one: 500 scribbles, a blank page, a page all ink, texture alone, and 1,000 of Fashion-MNIST's test images as they are (`--fashion`). Declined: no
 *   number, or every one with '?' in it.
 * - strokes: every drawing of unipen-digits by itself through `readStrokes`, beside the network on its image; 1,000 rows of 2 to 6 of them, 0.1 to 0.4 of their height apart. The reader was trained on the
 *   drawings, so this says what grouping of strokes loses, no more.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readerOf } from '../../src/reading/reader.ts';
import { loadMnist } from '../../src/store/mnist.ts';
import { shippedReader } from '../../src/store/reader.ts';
import { coarse } from './coarse.ts';
import { none } from './none.ts';
import { photos } from './photos.ts';
import { rows } from './rows.ts';
import { strokes } from './strokes.ts';
import type { Setting } from './setting.ts';
import { tries } from './tries.ts';

const PARTS = { photos, coarse, rows, tries, none, strokes };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reader: { type: 'string' },
    tune: { type: 'boolean', default: false },
    share: { type: 'string', default: '1' },
    digits: { type: 'string', default: '/usr/share/scikit-learn/digits.csv.gz' },
    fashion: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
  },
});
const mnist = loadMnist();
const setting: Setting = {
  reader: values.reader === undefined ? await shippedReader() : await readerOf(readFileSync(values.reader)),
  digits: values.tune ? mnist.train : mnist.test,
  seed: values.tune ? 7 : 1,
  share: Number(values.share),
  files: { digits: values.digits, fashion: values.fashion },
};
console.log(`${setting.reader.name}, ${setting.reader.hash}${values.tune ? ', training digits' : ''}`);
for (const [name, part] of Object.entries(PARTS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const started = performance.now();
  console.log(`\n## ${name}\n`);
  await part(setting);
  console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s`);
}
