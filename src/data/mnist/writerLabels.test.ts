import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DactylError } from '../../util/errors.ts';
import { parseWriterLabels, writerPopulation } from './writerLabels.ts';

/** The first five rows of QMNIST's training labels. */
const ROWS = [
  '5\t4\t2154\t59\t35\t229421\t0\t0',
  '0\t0\t0\t0\t30\t0\t0\t0',
  '4\t4\t2232\t65\t34\t238481\t0\t0',
  '1\t0\t0\t1\t31\t1\t0\t0',
  '9\t4\t2168\t100\t39\t231107\t0\t0',
];
const LABELS = [5, 0, 4, 1, 9];
const parse = (rows: readonly string[], labels = LABELS): Uint16Array =>
  parseWriterLabels(rows.map((row) => `${row}\n`).join(''), labels, 'labels.tsv');
const withRow = (index: number, row: string): string[] => ROWS.toSpliced(index, 1, row);

test('the writers of the first rows; a last line without its end, Windows line ends and rows beyond the labels are fine', () => {
  const writers = Uint16Array.of(2154, 0, 2232, 0, 2168);
  expect(parse(ROWS)).toEqual(writers);
  expect(parseWriterLabels(ROWS.join('\n'), LABELS, 'labels.tsv')).toEqual(writers);
  expect(parseWriterLabels(ROWS.join('\r\n'), LABELS, 'labels.tsv')).toEqual(writers);
  expect(parse([...ROWS, 'never read'])).toEqual(writers);
  expect(parse(ROWS, [5, 0])).toEqual(Uint16Array.of(2154, 0));
});

test('a class that is not MNIST’s is E_FORMAT and names the row', () => {
  expect(() => parse(ROWS, [5, 0, 4, 7, 9])).toThrow(
    expect.objectContaining({
      code: 'E_FORMAT',
      message:
        "labels.tsv, row 4: expected class 7, which is MNIST's, received 1. Use QMNIST's label file of the same images.",
    }),
  );
});

test.each([
  ['a header', 'class\thsf\twriter\tdigit\tcode\tindex\tduplicate\tunused', /row 3: .*received "class/],
  ['an empty row', '', /row 3: .*received ""/],
  ['a column too few', '4\t4\t2232\t65\t34\t238481\t0', /row 3/],
  ['a column too many', '4\t4\t2232\t65\t34\t238481\t0\t0\t0', /row 3/],
  ['a sign', '4\t4\t-2232\t65\t34\t238481\t0\t0', /row 3/],
  ['blanks for tabs', '4 4 2232 65 34 238481 0 0', /row 3/],
  ['a writer beyond 16 bits', '4\t4\t65536\t65\t34\t238481\t0\t0', /row 3: .*0 to 65535, received 65536/],
  [
    'an employee in the students’ series',
    '4\t4\t12\t65\t34\t238481\t0\t0',
    /row 3: .*series 4 for writer 12/,
  ],
  ['a student in the employees’ series', '4\t0\t2232\t65\t34\t1\t0\t0', /row 3: .*series 0 for writer 2232/],
])('refused: %s', (_, row, message) => {
  expect(() => parse(withRow(2, row))).toThrow(message);
});

test('missing rows, an empty file and one endless line are refused, with a short message', () => {
  expect(() => parse(ROWS.slice(0, 3))).toThrow(/row 4: expected 5 rows, received the end of the file/);
  expect(() => parse([])).toThrow(/row 1/);
  const endless = (): unknown => parseWriterLabels('5'.repeat(1_000_000), LABELS, 'labels.tsv');
  expect(endless).toThrow(/row 1: .*received "5{40}…"/);
});

test('any text gives writers or E_FORMAT', () => {
  const piece = fc.oneof(
    fc.constantFrom(...ROWS, '\n', '\t', '\r\n', '\0', '4'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      try {
        expect(parseWriterLabels(pieces.join(''), LABELS, 'f')).toHaveLength(5);
      } catch (error) {
        expect(error).toBeInstanceOf(DactylError);
        expect((error as DactylError).code).toBe('E_FORMAT');
      }
    }),
  );
});

test('NIST’s numbers: students from 2100 on', () => {
  expect([0, 2099, 2100, 2599].map(writerPopulation)).toEqual(['employee', 'employee', 'student', 'student']);
});
