import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fault } from '../../../test/support/faults.ts';
import { classify } from './classes.ts';
import { lacksLabels, readCsv, type CsvOptions } from './csv.ts';
import type { DactylError } from '../../util/errors.ts';
import { toBytes } from './pixels.ts';
import { withoutOptions } from './refuse.ts';

/** By pandas: scripts/fixtures/readers.py. */
const { tables, images, labels } = JSON.parse(
  readFileSync(new URL('fixtures/tables.json', import.meta.url), 'utf8'),
) as { tables: Record<string, string>; images: number[]; labels: number[] };

const read = (text: string, options?: CsvOptions) =>
  readCsv(new TextEncoder().encode(text), 't.csv', options);

test.each(Object.entries(tables))('pandas’ table: %s, is read exactly', (_, text) => {
  const { examples } = read(text);
  expect(examples.images.shape).toEqual([30, 4, 4]);
  expect([...toBytes([examples]).images[0].data]).toEqual(images);
  expect([...classify([examples]).labels[0]]).toEqual(labels);
});

test('a byte order mark, blank lines, spaces as separators and no line feed at the end', () => {
  const { examples } = read('\ufefflabel,a,b,c,d\n\n1, 2,3,4,5\r\n\n0,6,7,8,255');
  expect([...examples.images.data]).toEqual([2, 3, 4, 5, 6, 7, 8, 255]);
  expect(examples.labels).toEqual([1, 0]);
  expect(examples.labelAt(1)).toEqual({ file: 't.csv', at: 'line 5' });
  const blanks = read('1  2 3  4 5 \n 0 6 7 8 9');
  expect([...blanks.examples.images.data]).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
});

test('other shapes and columns by name', () => {
  const rows = 'a,b,c,d,e,f,kind\n1,2,3,4,5,6,x\n1,2,3,4,5,7,y\n';
  expect(read(rows, { labelColumn: 'kind', shape: [2, 3] }).examples.images.shape).toEqual([2, 2, 3]);
  expect(fault(() => read(rows, { labelColumn: 'kind' }))).toMatch(
    /line 1: expected one column of labels, and as many pixels as a square image has, received 6 columns/,
  );
  expect(fault(() => read(rows))).toMatch(/^t\.csv, line 1: expected one column of labels .* labelColumn/);
});

/** What a user of the command line is told, who has no options of the library. */
function faultOtherwise(text: string): Promise<string> {
  return withoutOptions(() => Promise.resolve().then(() => read(text))).then(
    () => 'none',
    ({ code, message }: DactylError) => `${message} [${code}]`,
  );
}

test.each([
  [
    'one column of labels that has another name',
    'a,b,c,d,kind\n1,2,3,4,x\n',
    'Rename the column of labels to label in the first line. Has the file no labels, it cannot be trained or tested on.',
  ],
  [
    'two columns of labels',
    'label,a,b,c,d,class\n0,1,2,3,4,x\n',
    'Keep one of label, class, and remove the others. Has the file no labels, it cannot be trained or tested on.',
  ],
  [
    'no names of columns',
    '0,1,2,3,0\n1,5,6,7,1\n',
    'Put a line of names before the first: label for the column of labels, pixel0, pixel1, … for the others. Has the file no labels, it cannot be trained or tested on.',
  ],
  [
    'an image that is not square',
    'label,a,b,c,d,e,f\n0,1,2,3,4,5,6\n',
    'Remove columns that are no pixels; save other images with numpy.savez: x_train of n × rows × columns values, and the labels as y_train.',
  ],
  [
    'three colours',
    `label${',p'.repeat(12)}\n0${',1'.repeat(12)}\n`,
    'If they are 2 × 2 pixels in three colours, one pixel after the other, save them with numpy.savez: x_train of n × 2 × 2 × 3 values, and the labels as y_train.',
  ],
])('what to do without options, and with them: %s', async (_, text, advice) => {
  const message = await faultOtherwise(text);
  expect(message.endsWith(`. ${advice} [E_DATA]`)).toBe(true);
  expect(message).not.toMatch(/labelColumn|shape:/);
  expect(fault(() => read(text))).toMatch(/labelColumn|shape: \[/);
});

test('a value beyond 255 is a slip, and no reason to make all others dark', () => {
  const { examples } = read('label,a,b,c,d\n0,1,2,3,4\n1,1,2,300,4\n');
  expect(fault(() => toBytes([examples]))).toMatch(
    /^t\.csv, line 3: expected pixels from 0 to 255, .* received values from 1 to 300/,
  );
});

test('a megabyte of commas is refused at once', () => {
  expect(fault(() => read(','.repeat(1_000_000)))).toMatch(
    /at most 800000 columns, received 1000001\. Has the file lost/,
  );
});

test('every fault names the line', () => {
  const row = '0,1,2,3,4\n';
  const cases: [string, RegExp][] = [
    [
      `${row}1,2,3,`,
      /^t\.csv, line 2: expected a number in column 4, received nothing\. Is the file cut off\?$/,
    ],
    [
      `label,a,b,c,d\n${row}1,2,3,4\n`,
      /line 3: expected 5 cells, as the first line has, received 4\. Is the file cut off\?/,
    ],
    [`label,a,b,c,d\n${row}1,2,3,4,5,6\n`, /line 3: expected 5 cells, as the first line has, received more/],
    [`label,a,b,c,d\n${row}1,2,x,4,5\n`, /line 3: expected a number in column b, received 'x'/],
    [`label,a,b,c,d\n${row}1,2,,4,5\n`, /line 3: expected a number in column b, received nothing/],
    [`label,a,b,c,d\n${row}1,2,nan,4,5\n`, /line 3: expected a number in column b, received 'nan'/],
    ['label,a,b,c,d\n', /expected lines with images, received none/],
    ['just a sentence, no more\n', /line 1: expected a label and pixels/],
  ];
  for (const [text, message] of cases)
    expect(
      fault(() => read(text)),
      text,
    ).toMatch(message);
});

test('Kaggle’s tables without labels are known by their header', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  expect(lacksLabels(bytes('pixel0,pixel1,pixel2,pixel3\n1,2,3,4\n'))).toBe(true);
  expect(lacksLabels(bytes('ImageId,Label\n1,0\n'))).toBe(true);
  expect(lacksLabels(bytes('label,pixel0,pixel1,pixel2,pixel3\n1,1,2,3,4\n'))).toBe(false);
  expect(lacksLabels(bytes('1,1,2,3,4\n'))).toBe(false);
});
