import { isSquare } from './square.ts';
import type { RawExamples } from './parts.ts';
import { quoted, refuse, type Place } from './refuse.ts';

export interface CsvOptions {
  /** Which column has the labels: by its name, or the first or last one. By default it is found. */
  readonly labelColumn?: string;
  /** Of one image, where it is not square: [rows, columns] or [rows, columns, channels]. */
  readonly shape?: readonly number[];
}

const LINE_FEED = 10;
const RETURN = 13;
const QUOTE = 34;
const ZERO = 48;
/** Names of columns of labels, and of columns that are neither labels nor pixels. */
const LABEL_NAMES = /^(?:label|labels|class|classes|target|digit|y|category)$/i;
const OTHER_NAMES = /^(?:|id|index|image_?id|row_?id|unnamed: 0)$/i;
/** Beyond 512 × 512 pixels in three colours. */
const MOST_COLUMNS = 800_000;
/** Lines that decide which column has the labels where no header does. */
const LOOKED_AT = 5_000;

/** Whether bytes are a table of text: its first line has a separator, and nothing that text has not. */
export function looksLikeCsv(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4096);
  if (head.some((byte) => byte < 9 || (byte > 13 && byte < 32))) return false;
  return /[,;\t ]/.test(new TextDecoder().decode(head).split('\n')[0].trim());
}

/** Whether a table says by its header that it has no labels: Kaggle's test.csv and its list of answers to hand in. */
export function lacksLabels(bytes: Uint8Array): boolean {
  const first = bytes.subarray(0, (bytes.indexOf(LINE_FEED) + 1 || bytes.length + 1) - 1);
  const cells = cellsOf(first, separatorOf(first));
  if (cells.length < 3) return true;
  return cells.every((cell) => cell !== '' && Number.isNaN(Number(cell)) && !LABEL_NAMES.test(cell));
}

/**
 * A table with one image a line, its pixels in row-major order, and a column of labels: with a header (Kaggle's `label,pixel0,…`) or without; separated by
 * comma, semicolon, tab or blanks. Bytes are parsed as they stand, and become floats only where a value is no whole number from 0 to 255. Throws
 * E_DATA, with the line, for ragged rows, cells that are no numbers, and where it is not clear which column has the labels.
 */
export function readCsv(
  bytes: Uint8Array,
  file: string,
  options: CsvOptions = {},
): { examples: RawExamples; notes: string[] } {
  const from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const table = layoutOf(bytes, from, file, options);
  const { columns, labelAt, pixels, separator, start, firstLine } = table;
  let feeds = 1;
  for (let at = bytes.indexOf(LINE_FEED, start); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) feeds++;
  // A pixel takes a digit and a separator: no table has more lines than that before the first wrong one.
  const most = Math.min(feeds, 1 + Math.floor((bytes.length - start + 1) / (2 * pixels.length)));
  const size = pixels.length;
  let values: Uint8Array | Float32Array = new Uint8Array(most * size);
  const labels: (string | number)[] = [];
  const lines = new Uint32Array(most);
  const skipped = columns.map(() => true);
  for (const k of pixels) skipped[k] = false;
  let line = firstLine;
  let at = start;
  const end = bytes.length;
  while (at < end) {
    if (bytes[at] === LINE_FEED || bytes[at] === RETURN) {
      if (bytes[at] === LINE_FEED) line++;
      at++;
      continue;
    }
    const row = labels.length;
    lines[row] = line;
    let to = row * size;
    let column = 0;
    for (;;) {
      if (separator === 32) while (bytes[at] === 32) at++;
      let value = 0;
      const cell = at;
      let byte = bytes[at];
      while (byte >= ZERO && byte <= 57) {
        value = value * 10 + byte - ZERO;
        byte = bytes[++at];
      }
      const plain =
        at > cell &&
        at - cell < 10 &&
        (byte === separator || byte === LINE_FEED || byte === RETURN || at >= end);
      if (!plain) {
        at = cellEnd(bytes, cell, separator);
        byte = bytes[at];
      }
      if (column >= columns.length) ragged(file, line, columns.length, 'more');
      if (column === labelAt) {
        labels.push(plain ? value : textOf(bytes, cell, at));
      } else if (!skipped[column]) {
        if (!plain) value = numberIn(textOf(bytes, cell, at), file, line, columns[column], at >= end);
        if (values instanceof Uint8Array && !(plain && value < 256)) {
          if (value !== (value & 255)) values = Float32Array.from(values);
        }
        values[to++] = value;
      }
      column++;
      if (byte !== separator || at >= end) break;
      at++;
      if (separator === 32 && lineEnds(bytes, at)) break;
    }
    if (column < columns.length) ragged(file, line, columns.length, String(column));
  }
  const n = labels.length;
  if (n === 0) refuse(file, { at: `line ${line}`, expected: 'lines with images', received: 'none' });
  const place = (i: number): Place => ({ file, at: `line ${lines[i]}` });
  return {
    examples: {
      images: { data: values.subarray(0, n * size), shape: [n, ...table.shape] },
      labels: labels as readonly string[],
      file,
      labelFile: file,
      labelAt: place,
      imageAt: place,
    },
    notes: [
      `a table with ${table.header ? 'a header' : 'no header'}, labels in column ${labelAt + 1} of ${columns.length}${table.header ? ` (${columns[labelAt]})` : ''}`,
    ],
  };
}

interface Layout {
  /** Their names, or numbers from 1 where there is no header. */
  readonly columns: readonly string[];
  readonly header: boolean;
  readonly labelAt: number;
  readonly pixels: readonly number[];
  readonly shape: readonly number[];
  readonly separator: number;
  /** Where the first line of values begins, and its number. */
  readonly start: number;
  readonly firstLine: number;
}

function layoutOf(bytes: Uint8Array, from: number, file: string, options: CsvOptions): Layout {
  let at = from;
  let line = 1;
  while (bytes[at] === LINE_FEED || bytes[at] === RETURN || bytes[at] === 32) {
    if (bytes[at++] === LINE_FEED) line++;
  }
  let lineEnd = bytes.indexOf(LINE_FEED, at);
  if (lineEnd < 0) lineEnd = bytes.length;
  const first = bytes.subarray(at, bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd);
  const separator = separatorOf(first);
  const separators = first.reduce((sum, byte) => sum + Number(byte === separator), 0);
  if (separators > MOST_COLUMNS) {
    refuse(file, {
      at: `line ${line}`,
      expected: `at most ${MOST_COLUMNS} columns`,
      received: String(separators + 1),
      remedy: 'Has the file lost its line feeds?',
    });
  }
  const cells = cellsOf(first, separator);
  if (cells.length < 3) {
    refuse(file, {
      at: `line ${line}`,
      expected: 'a label and pixels, separated by commas',
      received: quoted(new TextDecoder().decode(first.subarray(0, 80)).trim()),
    });
  }
  const header = cells.slice(1, -1).some((cell) => cell === '' || Number.isNaN(Number(cell)));
  const columns = header ? cells : cells.map((_, k) => String(k + 1));
  const start = header ? Math.min(lineEnd + 1, bytes.length) : at;
  const labelAt = labelColumn(bytes, start, separator, columns, header, file, options.labelColumn);
  const pixels = columns
    .map((_, k) => k)
    .filter((k) => k !== labelAt && !(header && OTHER_NAMES.test(columns[k])));
  const shape = shapeOf(pixels.length, file, line, options.shape);
  return { columns, header, labelAt, pixels, shape, separator, start, firstLine: header ? line + 1 : line };
}

function shapeOf(
  pixels: number,
  file: string,
  line: number,
  shape: readonly number[] | undefined,
): readonly number[] {
  if (shape !== undefined) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (size === pixels) return shape;
    return refuse(file, {
      at: `line ${line}`,
      expected: `${size} pixels for images of ${shape.join(' × ')}`,
      received: `${pixels} columns beside the label`,
    });
  }
  if (isSquare(pixels)) return [Math.sqrt(pixels), Math.sqrt(pixels)];
  if (pixels % 3 === 0 && isSquare(pixels / 3)) {
    const side = Math.sqrt(pixels / 3);
    return refuse(file, {
      at: `line ${line}`,
      expected: 'the pixels of a square grey image',
      received: `${pixels} columns beside the label`,
      remedy: `If they are ${side} × ${side} pixels in three colours, one pixel after the other, say shape: [${side}, ${side}, 3].`,
      otherwise: `If they are ${side} × ${side} pixels in three colours, one pixel after the other, save them with numpy.savez: x_train of n × ${side} × ${side} × 3 values, and the labels as y_train.`,
    });
  }
  return refuse(file, {
    at: `line ${line}`,
    expected: 'one column of labels, and as many pixels as a square image has',
    received: `${pixels} columns beside the label`,
    remedy: 'Say shape: [rows, columns] for other images, and remove columns that are no pixels.',
    otherwise:
      'Remove columns that are no pixels; save other images with numpy.savez: x_train of n × rows × columns values, and the labels as y_train.',
  });
}

/** The place of the column of labels. */
function labelColumn(
  bytes: Uint8Array,
  start: number,
  separator: number,
  columns: readonly string[],
  header: boolean,
  file: string,
  wanted: string | undefined,
): number {
  const last = columns.length - 1;
  if (wanted !== undefined) {
    const named = header ? columns.indexOf(wanted) : -1;
    if (named >= 0) return named;
    if (wanted === 'first') return 0;
    if (wanted === 'last') return last;
    return refuse(file, {
      at: 'line 1',
      expected: `a column named ${quoted(wanted)}`,
      received: header ? `${columns.slice(0, 4).join(', ')}, …` : 'no header',
      remedy: "Give the name of a column, 'first' or 'last' as labelColumn.",
    });
  }
  const named = header ? columns.flatMap((name, k) => (LABEL_NAMES.test(name) ? [k] : [])) : [];
  if (named.length === 1) return named[0];
  const candidates = [0, last].filter((k) => couldBeLabels(sampleOf(bytes, start, separator, k === 0)));
  if (candidates.length === 1 && !header) return candidates[0];
  return refuse(file, {
    at: 'line 1',
    expected:
      'one column of labels (named label, class, target or digit; or first or last, with whole numbers from 0 or 1 on)',
    received: header
      ? `the columns ${columns.slice(0, 4).join(', ')}, … ${columns[last]}`
      : candidates.length === 0
        ? 'none such'
        : 'two such, the first and the last',
    remedy: `Say which one has them as labelColumn: its name, 'first' or 'last'. ${NO_LABELS}`,
    otherwise: `${renaming(
      named.map((k) => columns[k]),
      header,
    )} ${NO_LABELS}`,
  });
}

const NO_LABELS = 'Has the file no labels, it cannot be trained or tested on.';

function renaming(named: readonly string[], header: boolean): string {
  if (named.length > 0) return `Keep one of ${named.join(', ')}, and remove the others.`;
  return header
    ? 'Rename the column of labels to label in the first line.'
    : 'Put a line of names before the first: label for the column of labels, pixel0, pixel1, … for the others.';
}

/** Names, or whole numbers from 0 or 1 on without a gap, at least two, and far fewer than lines. */
function couldBeLabels(sample: readonly string[]): boolean {
  const distinct = [...new Set(sample)];
  if (distinct.length < 2 || (sample.length >= 20 && distinct.length > sample.length / 2)) return false;
  if (distinct.every((cell) => cell !== '' && Number.isNaN(Number(cell)))) return true;
  const numbers = distinct.map(Number).sort((a, b) => a - b);
  return numbers[0] >= 0 && numbers[0] <= 1 && numbers.every((x, k) => x === numbers[0] + k);
}

/** The first or the last cell of the first lines. */
function sampleOf(bytes: Uint8Array, start: number, separator: number, first: boolean): string[] {
  const cells: string[] = [];
  for (let at = start; at < bytes.length && cells.length < LOOKED_AT;) {
    let end = bytes.indexOf(LINE_FEED, at);
    if (end < 0) end = bytes.length;
    let to = end;
    while (to > at && (bytes[to - 1] === RETURN || bytes[to - 1] === 32)) to--;
    if (to > at) {
      const cut = first ? bytes.indexOf(separator, at) : bytes.lastIndexOf(separator, to - 1);
      if (cut >= at && cut < to) {
        cells.push(first ? textOf(bytes, at, cut) : textOf(bytes, cut + 1, to));
      }
    }
    at = end + 1;
  }
  return cells;
}

/** Of comma, semicolon and tab the one that the line has most often; a blank where it has none. */
function separatorOf(line: Uint8Array): number {
  const count = (separator: number): number => {
    let found = 0;
    for (const byte of line) if (byte === separator) found++;
    return found;
  };
  const [best] = [44, 59, 9].sort((a, b) => count(b) - count(a));
  return count(best) > 0 ? best : 32;
}

function cellsOf(line: Uint8Array, separator: number): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= line.length; at++) {
    if (separator === 32) while (line[at] === 32) at++;
    const end = cellEnd(line, at, separator);
    if (separator !== 32 || end > at) cells.push(textOf(line, at, end));
    at = end;
  }
  return cells;
}

/** Where the cell that begins at `at` ends; a quoted one may hold separators. */
function cellEnd(bytes: Uint8Array, at: number, separator: number): number {
  if (bytes[at] === QUOTE) {
    at++;
    while (at < bytes.length && bytes[at] !== QUOTE && bytes[at] !== LINE_FEED) at++;
  }
  while (at < bytes.length && bytes[at] !== separator && bytes[at] !== LINE_FEED && bytes[at] !== RETURN)
    at++;
  return at;
}

function lineEnds(bytes: Uint8Array, at: number): boolean {
  while (bytes[at] === 32) at++;
  return at >= bytes.length || bytes[at] === LINE_FEED || bytes[at] === RETURN;
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  const text = new TextDecoder().decode(bytes.subarray(from, Math.min(to, from + 300))).trim();
  return /^".*"$/.test(text) ? text.slice(1, -1).trim() : text;
}

function numberIn(text: string, file: string, line: number, column: string, isLast: boolean): number {
  const value = text === '' ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  return refuse(file, {
    at: `line ${line}`,
    expected: `a number in column ${column}`,
    received: text === '' ? 'nothing' : quoted(text),
    ...(isLast && { remedy: 'Is the file cut off?' }),
  });
}

function ragged(file: string, line: number, columns: number, received: string): never {
  return refuse(file, {
    at: `line ${line}`,
    expected: `${columns} cells, as the first line has`,
    received,
    remedy: 'Is the file cut off?',
  });
}
