import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readDigits } from '../../src/reading/readDigits.ts';
import { Random } from '../../src/util/random.ts';
import { blank, enlarged, onPaper, put } from '../../test/support/writtenPictures.ts';
import { type Setting, Tally } from './setting.ts';

export function coarse({ reader, files, seed }: Setting): void {
  const lines = gunzipSync(readFileSync(files.digits)).toString().trim().split('\n');
  const tally = new Tally();
  for (const line of lines) {
    const values = line.split(',').map(Number);
    const ink = enlarged(
      values.slice(0, 64).map((value) => (255 * value) / 16),
      8,
      8,
    );
    const sheet = blank(96, 96);
    put(sheet, ink, 16, 16);
    const picture = onPaper(
      sheet,
      { paper: [255], ink: [0], texture: 0, noise: 0 },
      new Random(seed, 'measure/coarse'),
    );
    tally.add(readDigits(picture, reader), String(values[64]));
  }
  console.log(String(tally));
}
