import { DactylError } from '../../util/errors.ts';
import type { Population } from './writers.ts';

export interface WriterFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The label files of QMNIST (Yadav & Bottou 2019, arXiv 1905.10498; BSD licence), gzipped, with their sizes in bytes and
 * SHA-256. They name the writer of every image of MNIST; Dactyl does not contain them.
 */
export const WRITER_FILES = {
  train: {
    file: 'qmnist-train-labels.tsv.gz',
    bytes: 429_570,
    sha256: '063229afb535986df50a905c6fa03b716f503bd859d2d9bc8a9b4e2c6a2ccee4',
  },
  test: {
    file: 'qmnist-test-labels.tsv.gz',
    bytes: 478_170,
    sha256: 'fe2001449c9580376e16fad7a14cc4f525644b6ffeadc47dc249938529002904',
  },
} as const satisfies Record<string, WriterFile>;

/** Where the authors of QMNIST publish the files of `WRITER_FILES`. */
export const WRITER_FILES_ADDRESS = 'https://raw.githubusercontent.com/facebookresearch/qmnist/master/';

/** NIST numbers the writers of series hsf4, high-school students, from here on; lower ones are Census employees. */
const FIRST_STUDENT = 2_100;
const LAST_WRITER = 65_535;
const LONGEST_ROW = 128;
const ROW = /^(\d)\t(\d)\t(\d{1,5})\t\d{1,9}\t\d{1,9}\t\d{1,9}\t\d{1,9}\t\d{1,9}\r?$/;

/** The population of a writer, by NIST's number. */
export function writerPopulation(writer: number): Population {
  return writer >= FIRST_STUDENT ? 'student' : 'employee';
}

/**
 * The NIST numbers of the writers of MNIST's images from the text of `qmnist-train-labels.tsv` or `qmnist-test-labels.tsv`.
 * No header; a row an image: class, series (0 or 4 in MNIST), writer, digit of the writer, NIST class code, NIST index, 0, 0,
 * separated by tabs. The first `labels.length` rows are read, for the test file goes on beyond MNIST's 10,000 images.
 * Throws E_FORMAT, naming `file` and the row (from 1), where a row is not of this form, its class is not `labels[row − 1]`,
 * its series is not that of its writer, or rows are missing.
 */
export function parseWriterLabels(text: string, labels: ArrayLike<number>, file: string): Uint16Array {
  const writers = new Uint16Array(labels.length);
  let start = 0;
  for (let i = 0; i < labels.length; i++) {
    if (start >= text.length) fail(file, i, `${labels.length} rows`, `the end of the file`);
    // Looked for within a row's length only: a file without line ends costs no more than its first row.
    const length = text.slice(start, start + LONGEST_ROW).indexOf('\n');
    const end = length >= 0 ? start + length : Math.min(text.length, start + LONGEST_ROW);
    const line = text.slice(start, end);
    const row = ROW.exec(line);
    if (row === null) {
      fail(file, i, 'class, series, writer and five more whole numbers between tabs', quoted(line));
    }
    const [digit, series, writer] = [Number(row[1]), Number(row[2]), Number(row[3])];
    if (digit !== labels[i]) fail(file, i, `class ${labels[i]}, which is MNIST's`, String(digit));
    if (writer > LAST_WRITER) fail(file, i, `a writer from 0 to ${LAST_WRITER}`, String(writer));
    if ((series === 4) !== (writerPopulation(writer) === 'student')) {
      fail(
        file,
        i,
        `series 4 for writers from ${FIRST_STUDENT} on and another for the others`,
        `series ${series} for writer ${writer}`,
      );
    }
    writers[i] = writer;
    start = end + 1;
  }
  return writers;
}

function quoted(line: string): string {
  return JSON.stringify(line.length > 40 ? `${line.slice(0, 40)}…` : line);
}

function fail(file: string, index: number, expected: string, received: string): never {
  throw new DactylError(
    'E_FORMAT',
    `${file}, row ${index + 1}: expected ${expected}, received ${received}. Use QMNIST's label file of the same images.`,
  );
}
