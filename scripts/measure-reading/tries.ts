import encodeJpeg, { init } from '@jsquash/jpeg/encode.js';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Picture } from '../../src/images/scale.ts';
import { readDigits } from '../../src/reading/readDigits.ts';
import { Random } from '../../src/util/random.ts';
import {
  askew,
  between,
  blank,
  inkBox,
  enlarged,
  onPaper,
  type Paper,
  photographed,
  put,
  rowOf,
  type Sheet,
} from '../../test/support/writtenPictures.ts';
import { decoded } from './decoded.ts';
import { digitsOf, imageOf, type Setting, some } from './setting.ts';

const FACTOR = 3;
const PLAIN: Paper = { paper: [215], ink: [50], texture: 2, noise: 2 };

/** The kinds of pages: what is done to the sheet, and the paper. */
export const PAGES: Record<
  string,
  { change?: (sheet: Sheet) => Sheet; paper: Paper; rule?: (sheet: Sheet) => void }
> = {
  plain: { paper: PLAIN },
  ruled: { paper: PLAIN, rule: (sheet) => rule(sheet, 32 * FACTOR, 0) },
  squared: { paper: PLAIN, rule: (sheet) => rule(sheet, 12 * FACTOR, 12 * FACTOR) },
  'ruled, lines as dark as the ink': { paper: PLAIN, rule: (sheet) => rule(sheet, 32 * FACTOR, 0, 0.9) },
  shadow: { paper: { ...PLAIN, light: (x, y) => (x + y / 2 > 300 ? 0.6 : 1) } },
  'turned by 10°': {
    paper: PLAIN,
    change: (sheet) =>
      photographed(
        sheet,
        Math.round(sheet.rows * 1.3),
        Math.round(sheet.columns * 1.1),
        // The tangent of 10°.
        askew(sheet, Math.round(sheet.rows * 1.3), Math.round(sheet.columns * 1.1), {
          ...{ slope: 0.17632698, tilt: 0, scale: 1 },
        }),
      ),
  },
  'a red pen': { paper: { ...PLAIN, paper: [225, 220, 210], ink: [200, 60, 70] } },
  'a blue pen on yellow paper': { paper: { ...PLAIN, paper: [235, 225, 130], ink: [60, 90, 190] } },
  'chalk on a board': { paper: { ...PLAIN, paper: [40, 70, 55], ink: [215, 220, 210] } },
};

export async function tries(setting: Setting): Promise<void> {
  for (const [name, { change, paper, rule: drawRules }] of Object.entries(PAGES)) {
    const random = new Random(setting.seed, `measure/tries/${name}`);
    let [right, all, seconds] = [0, 0, 0];
    for (let k = 0; k < some(setting, 40); k++) {
      const { sheet, numbers } = page(setting, random);
      drawRules?.(sheet);
      const picture = onPaper(change ? change(sheet) : sheet, paper, random);
      const started = performance.now();
      const texts = digitsOf(readDigits(picture, setting.reader));
      seconds += (performance.now() - started) / 1000;
      all += numbers.length;
      right += inCommon(numbers, texts);
    }
    console.log(
      `${name}: ${right} of ${all} numbers right, ${((100 * right) / all).toFixed(1)} %; ${(seconds / some(setting, 40)).toFixed(2)} s a page`,
    );
  }
  await large(setting);
}

/** Four lines of two numbers. */
export function page({ digits }: Setting, random: Random): { sheet: Sheet; numbers: string[] } {
  const numbers: string[] = [];
  const sheet = blank(4 * 32 * FACTOR + 16 * FACTOR, 300 * FACTOR);
  for (let line = 0; line < 4; line++) {
    let left = Math.round(between(random, 8, 14) * FACTOR);
    for (let k = 0; k < 2; k++) {
      const indices = Array.from({ length: 2 + random.integer(4) }, () =>
        random.integer(digits.labels.length),
      );
      const row = rowOf(
        indices.map((index) => imageOf(digits, index)),
        {
          factor: FACTOR,
          gap: () => between(random, 2, 6),
          jitter: () => between(random, -1, 1),
          margin: 12,
        },
      );
      put(sheet, row, left - 12 * FACTOR, Math.round((line * 32 + 24) * FACTOR - row.rows / 2));
      left += inkBox(row).right - inkBox(row).left + 24 * FACTOR;
      numbers.push(indices.map((index) => digits.labels[index]).join(''));
    }
  }
  return { sheet, numbers };
}

/** Lines every so many pixels, of a third of the ink's strength where nothing else is said. */
function rule({ data, rows, columns }: Sheet, down: number, across: number, strength = 0.35): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const onLine = row % down >= down - 2 || (across > 0 && column % across >= across - 2);
      if (onLine) data[row * columns + column] = Math.max(data[row * columns + column], strength);
    }
  }
}

/** Length of the longest common subsequence: numbers that were read, in their order. */
function inCommon(expected: readonly string[], read: readonly string[]): number {
  const lengths = new Int32Array(read.length + 1);
  for (const number of expected) {
    let before = 0;
    for (let k = 1; k <= read.length; k++) {
      const above = lengths[k];
      lengths[k] = read[k - 1] === number ? before + 1 : Math.max(above, lengths[k - 1]);
      before = above;
    }
  }
  return lengths[read.length];
}

/** Twelve digits on 4,000 × 3,000 pixels in colour, as JPEG. */
async function large({ digits, reader, seed }: Setting): Promise<void> {
  const random = new Random(seed, 'measure/tries/large');
  const sheet = blank(3000, 4000);
  let expected = '';
  for (let k = 0; k < 12; k++) {
    const index = random.integer(digits.labels.length);
    put(sheet, enlarged(imageOf(digits, index), 28, 12), 200 + 310 * (k % 12), 1300);
    expected += digits.labels[index];
  }
  const picture = onPaper(
    sheet,
    { paper: [215, 210, 200], ink: [40, 50, 110], texture: 3, noise: 4 },
    random,
  );
  const bytes = await jpegOf(picture);
  const times: number[] = [];
  const processor: number[] = [];
  let texts: string[] = [];
  for (let k = 0; k < 5; k++) {
    const started = performance.now();
    const before = process.cpuUsage();
    texts = digitsOf(readDigits(await decoded(bytes), reader));
    const { user, system } = process.cpuUsage(before);
    times.push((performance.now() - started) / 1000);
    processor.push((user + system) / 1e6);
  }
  const right = texts.join('') === expected ? 'right' : `${texts.join(' ')} for ${expected}`;
  const said = (seconds: readonly number[]): string => seconds.map((time) => time.toFixed(2)).join(', ');
  console.log(
    `12 megapixels: ${right}; ${said(times)} s, decoding included; ${said(processor)} s of the processor`,
  );
}

async function jpegOf({ data, rows, columns }: Picture): Promise<Uint8Array> {
  const path = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm');
  await init(await WebAssembly.compile(readFileSync(path)));
  const pixels = new Uint8ClampedArray(rows * columns * 4);
  for (let i = 0; i < rows * columns; i++) {
    for (let k = 0; k < 3; k++) pixels[4 * i + k] = data[3 * i + k];
    pixels[4 * i + 3] = 255;
  }
  const image = { data: pixels, width: columns, height: rows, colorSpace: 'srgb' } as ImageData;
  return new Uint8Array(await encodeJpeg(image, { quality: 90 }));
}
