import { dsvFormat } from 'd3-dsv';
import { DactylError } from '../util/errors.ts';
import { fileNameOf } from '../util/fileName.ts';
import { requireText } from '../util/options.ts';
import { SUM_TOLERANCE } from './checks.ts';
import {
  canonicalName,
  isNumberName,
  findColumns,
  MOST_CLASSES,
  shortened,
  type PredictionColumns,
} from './predictionColumns.ts';

/** What one file may have at most. */
export const MOST_CHARACTERS = 2 ** 28;
const MOST_ROWS = 5_000_000;
const MOST_RUNS = 1_000;
const MOST_NAME = 100;

/** A smaller probability counts as this one in the log loss, as in scikit-learn for float64. */
const SMALLEST_PROBABILITY = 2 ** -52;

/** The predictions of one run, row by row. */
export interface PredictionRun {
  /** Of the seed column; null without one. */
  readonly seed: string | null;
  /** Indices into the table's `classes`. */
  readonly labels: Uint16Array;
  readonly predicted: Uint16Array;
  /** Indices into the table's `groups`; null without a group column. */
  readonly groups: Uint32Array | null;
  /** −Σ ln p(true class) / n; null without probabilities. */
  readonly logLoss: number | null;
  /** Where each row stands in the file, from 1. */
  readonly lines: Uint32Array;
}

/** A file of predictions. */
export interface PredictionTable {
  readonly file: string;
  /** In order of appearance. */
  readonly classes: readonly string[];
  readonly groups: readonly string[];
  /** One for each seed, in order of appearance; at least one, none empty. */
  readonly runs: readonly PredictionRun[];
  /** What looks wrong, a sentence each; the file by its name alone. */
  readonly warnings: readonly string[];
}

interface OpenRun {
  readonly labels: number[];
  readonly predicted: number[];
  readonly groups: number[];
  readonly lines: number[];
  loss: number;
}

/**
 * Reads a table of predictions: a header line, then a line for each image (and seed). Comma, semicolon or tab between fields,
 * whichever the header has most of; RFC 4180 quotes; LF or CRLF; a byte order mark is skipped, and so are empty lines. Without
 * a column of predicted labels the class of the largest probability, the first of equals, is predicted. Probabilities are
 * divided by their sum. Columns that are named like a probability and are none (`p_max`) are not used: where the first row of all does not sum to 1, but that of
 * the columns of classes in the file, or of the numbers among them, does.
 *
 * Throws E_FORMAT with file, line and column for whatever is missing or not understood, and for a file that is too large.
 */
export function parsePredictions(text: string, file: string): PredictionTable {
  requireText('parsePredictions: text', text);
  requireText('parsePredictions: file', file);
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (text.length > MOST_CHARACTERS) {
    throw new DactylError(
      'E_FORMAT',
      `${file}: expected at most ${MOST_CHARACTERS} characters, received ${text.length}.`,
    );
  }
  const content = start === 0 ? text : text.slice(start);
  if (content.trim() === '') {
    throw new DactylError('E_FORMAT', `${file}: expected a header line and rows, received an empty file.`);
  }
  if (content.includes('\0')) {
    throw new DactylError('E_FORMAT', `${file}: expected text in UTF-8, received a NUL: is this a CSV file?`);
  }
  const quotes = countOf(content, '"');
  if (quotes % 2 === 1) {
    throw new DactylError(
      'E_FORMAT',
      `${file}: expected every quoted field to end with a quote ("), received ${quotes} quotes, an odd number.`,
    );
  }
  const format = dsvFormat(delimiterOf(content));
  const reader = new Rows(file, ({ label, predicted }) => {
    const names = new Set<string>();
    format.parseRows(content, (fields, row) => {
      if (row > 0 && names.size <= MOST_CLASSES) {
        for (const column of [label, predicted]) if (fields[column]) names.add(canonicalName(fields[column]));
      }
      return null;
    });
    return names;
  });
  let line = 1;
  format.parseRows(content, (fields) => {
    if (!(fields.length === 1 && fields[0] === '')) reader.take(fields, line);
    line++;
    if (quotes > 0) for (const field of fields) line += countBreaks(field);
    return null;
  });
  return reader.finish();
}

/** Takes the rows one by one. */
class Rows {
  readonly #file: string;
  readonly #runs = new Map<string | null, OpenRun>();
  readonly #classes = new Map<string, number>();
  readonly #groups = new Map<string, number>();
  readonly #classesIn: (columns: PredictionColumns) => ReadonlySet<string>;
  readonly #warnings: string[] = [];
  #columns: PredictionColumns | null = null;
  #probabilityClasses: readonly number[] = [];
  #rows = 0;

  /** `classesIn`: what stands in the columns of labels, for which the file is read once more. */
  constructor(file: string, classesIn: (columns: PredictionColumns) => ReadonlySet<string>) {
    this.#file = file;
    this.#classesIn = classesIn;
  }

  take(fields: readonly string[], line: number): void {
    if (this.#columns === null) {
      this.#columns = findColumns(fields, this.#file);
      return;
    }
    const { names, label: labelColumn } = this.#columns;
    if (
      fields[labelColumn]?.trim() === names[labelColumn] &&
      fields.every((field, i) => field.trim() === names[i])
    ) {
      throw new DactylError(
        'E_FORMAT',
        `${this.#file}, line ${line}: expected predictions, received the header again. Were two files written into one? Give each its own, or a seed column, and remove this line.`,
      );
    }
    if (this.#rows === 0) this.#columns = this.#withProbabilities(this.#columns, fields);
    const columns = this.#columns;
    if (fields.length !== columns.names.length) {
      throw new DactylError(
        'E_FORMAT',
        `${this.#file}, line ${line}: expected ${columns.names.length} fields, as in the header, received ${fields.length}.`,
      );
    }
    this.#rows++;
    if (this.#rows > MOST_ROWS) {
      throw new DactylError('E_FORMAT', `${this.#file}, line ${line}: expected at most ${MOST_ROWS} rows.`);
    }
    const seed = columns.seed < 0 ? null : this.#name(fields, columns.seed, line, 'a seed');
    const run = this.#run(seed, line);
    const label = this.#class(fields, labelColumn, line);
    const read =
      columns.probabilities.length === 0 ? null : this.#probabilities(fields, columns, label, line);
    run.labels.push(label);
    run.predicted.push(columns.predicted < 0 ? read!.largest : this.#class(fields, columns.predicted, line));
    if (read !== null) run.loss -= Math.log(Math.max(read.ofLabel, SMALLEST_PROBABILITY));
    if (columns.group >= 0) {
      run.groups.push(this.#number(this.#groups, this.#name(fields, columns.group, line, 'a group')));
    }
    run.lines.push(line);
  }

  finish(): PredictionTable {
    const columns = this.#columns;
    if (columns === null || this.#rows === 0) {
      throw new DactylError(
        'E_FORMAT',
        `${this.#file}: expected at least one row below the header, received none.`,
      );
    }
    this.#requireSharedNames(columns);
    const classes = [...this.#classes.keys()];
    const [first] = this.#runs.values();
    const odd = oddClasses(classes, first.labels, first.lines);
    if (odd !== null) this.#warnings.push(`${fileNameOf(this.#file)}: ${odd}`);
    return {
      file: this.#file,
      warnings: this.#warnings,
      classes,
      groups: [...this.#groups.keys()],
      runs: [...this.#runs].map(([seed, run]) => ({
        seed,
        labels: Uint16Array.from(run.labels),
        predicted: Uint16Array.from(run.predicted),
        groups: columns.group < 0 ? null : Uint32Array.from(run.groups),
        logLoss: columns.probabilities.length === 0 ? null : run.loss / run.labels.length,
        lines: Uint32Array.from(run.lines),
      })),
    };
  }

  /** A file whose labels are 0 … 9 and whose predictions are 'zero' … 'nine' would have an accuracy of 0. */
  #requireSharedNames({ names, label, predicted }: PredictionColumns): void {
    if (predicted < 0) return;
    const runs = [...this.#runs.values()];
    const labels = new Set(runs.flatMap((run) => [...new Set(run.labels)]));
    const predictions = new Set(runs.flatMap((run) => [...new Set(run.predicted)]));
    if (!predictions.isDisjointFrom(labels)) return;
    const classes = [...this.#classes.keys()];
    // Wrong everywhere is a result; other names are a mistake.
    const plain = (set: Set<number>): string[] => [...set].map((i) => plainName(classes[i]));
    const kinds = (set: Set<number>): Set<boolean> => new Set([...set].map((i) => isNumberName(classes[i])));
    const alike = new Set(plain(labels)).isDisjointFrom(new Set(plain(predictions)));
    if (alike && !kinds(labels).isDisjointFrom(kinds(predictions))) return;
    const some = (set: Set<number>): string =>
      [...set]
        .slice(0, 3)
        .map((i) => `"${shortened(classes[i])}"`)
        .join(', ');
    throw new DactylError(
      'E_FORMAT',
      `${this.#file}, column "${names[predicted]}": expected the classes of the column "${names[label]}" (${some(labels)}), received none of them (${some(predictions)}). Name the classes alike in both.`,
    );
  }

  /** Of the columns named like probabilities those that are: all, or those of classes in the file, or of numbers, by the sum of the first row. */
  #withProbabilities(columns: PredictionColumns, fields: readonly string[]): PredictionColumns {
    const all = columns.probabilities;
    let used = all;
    const sumsToOne = (some: typeof all): boolean =>
      some.length > 1 &&
      Math.abs(some.reduce((sum, { column }) => sum + Number(fields[column] || NaN), 0) - 1) <= SUM_TOLERANCE;
    if (all.length > 0 && !sumsToOne(all)) {
      const known = this.#classesIn(columns);
      const ofClasses = all.filter(({ className }) => known.has(className));
      const numbers = all.filter(({ className }) => isNumberName(className));
      const found = [numbers, ofClasses].find((some) => some.length < all.length && sumsToOne(some));
      if (found !== undefined) used = found;
      // Not one of them is of a class: they are something else.
      else if (columns.predicted >= 0 && ofClasses.length === 0) used = [];
    }
    if (used.length < all.length) {
      const left = all
        .filter((one) => !used.includes(one))
        .map(({ column }) => `"${shortened(columns.names[column])}"`);
      this.#warnings.push(
        `${fileNameOf(this.#file)}: the ${left.length === 1 ? 'column' : 'columns'} ${left.slice(0, 5).join(', ')}${left.length > 5 ? ' …' : ''} ${left.length === 1 ? 'is' : 'are'} not used: no class has such a name.`,
      );
    }
    this.#probabilityClasses = used.map(({ className }) => this.#number(this.#classes, className));
    return { ...columns, probabilities: used };
  }

  #run(seed: string | null, line: number): OpenRun {
    let run = this.#runs.get(seed);
    if (run === undefined) {
      if (this.#runs.size === MOST_RUNS) {
        throw new DactylError(
          'E_FORMAT',
          `${this.#file}, line ${line}: expected at most ${MOST_RUNS} seeds.`,
        );
      }
      run = { labels: [], predicted: [], groups: [], lines: [], loss: 0 };
      this.#runs.set(seed, run);
    }
    return run;
  }

  #class(fields: readonly string[], column: number, line: number): number {
    const name = this.#name(fields, column, line, 'the name or number of a class');
    const known = this.#number(this.#classes, name);
    if (this.#classes.size > MOST_CLASSES) {
      throw new DactylError(
        'E_FORMAT',
        `${this.#at(line, column)}: expected at most ${MOST_CLASSES} classes, received "${shortened(name)}" as one more. Is this a column of classes?`,
      );
    }
    return known;
  }

  #name(fields: readonly string[], column: number, line: number, what: string): string {
    const name = canonicalName(fields[column]);
    if (name === '' || name.length > MOST_NAME || /^(nan|null|none|n\/?a)$/i.test(name)) {
      throw new DactylError(
        'E_FORMAT',
        `${this.#at(line, column)}: expected ${what}, received "${shortened(fields[column])}".`,
      );
    }
    return name;
  }

  #number(numbers: Map<string, number>, name: string): number {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  }

  #probabilities(
    fields: readonly string[],
    { probabilities, names, label: labelColumn }: PredictionColumns,
    label: number,
    line: number,
  ): { largest: number; ofLabel: number } {
    let sum = 0;
    let best = -1;
    let largest = 0;
    let ofLabel = -1;
    for (let k = 0; k < probabilities.length; k++) {
      const { column } = probabilities[k];
      const field = fields[column];
      const value = field.trim() === '' ? NaN : Number(field);
      if (!(value >= 0 && value <= 1 + SUM_TOLERANCE)) {
        throw new DactylError(
          'E_FORMAT',
          `${this.#at(line, column)}: expected a probability from 0 to 1, received "${shortened(field)}".`,
        );
      }
      sum += value;
      if (value > best) {
        best = value;
        largest = this.#probabilityClasses[k];
      }
      if (this.#probabilityClasses[k] === label) ofLabel = value;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new DactylError(
        'E_FORMAT',
        `${this.#file}, line ${line}, columns "${names[probabilities[0].column]}" … "${names[probabilities[probabilities.length - 1].column]}": expected probabilities that sum to 1 within ${SUM_TOLERANCE}, received a sum of ${Number(sum.toPrecision(6))}. Are these outputs before softmax?`,
      );
    }
    if (ofLabel < 0) {
      throw new DactylError(
        'E_FORMAT',
        `${this.#at(line, labelColumn)}: expected a class that has a column of probabilities, received "${shortened(fields[labelColumn])}".`,
      );
    }
    return { largest, ofLabel: ofLabel / sum };
  }

  #at(line: number, column: number): string {
    return `${this.#file}, line ${line}, column "${shortened(this.#columns!.names[column])}"`;
  }
}

/** Classes that are hardly any: text among numbers, or such as only one image has; null where there are none. */
function oddClasses(
  classes: readonly string[],
  labels: readonly number[],
  lines: readonly number[],
): string | null {
  const counts = new Uint32Array(classes.length);
  for (const label of labels) counts[label]++;
  const numbers = classes.filter(isNumberName).length;
  const mixed = numbers > 0 && numbers < classes.length;
  const odd = [...classes.keys()].filter((c) =>
    mixed ? isNumberName(classes[c]) === numbers < classes.length / 2 : counts[c] === 1,
  );
  const many = labels.length >= MANY_PER_CLASS * classes.length;
  if (odd.length === 0 || (!mixed && (odd.length > FEW_ODD || !many))) return null;
  const shown = odd.slice(0, FEW_ODD).map((c) => {
    const at = labels.indexOf(c);
    return `"${shortened(classes[c])}"${at < 0 ? '' : ` (line ${lines[at]})`}`;
  });
  const names = `${shown.join(', ')}${odd.length > FEW_ODD ? ' …' : ''}`;
  return mixed
    ? `expected classes that are all numbers or all text, received both: ${names}. A line with a total or a heading counts as an image; remove it.`
    : `only one image has the label ${names}. If it is no class but a total or a heading, remove the line.`;
}

const FEW_ODD = 3;
/** From so many images for each class on a class of one image is odd. */
const MANY_PER_CLASS = 10;

/** As two spellings of one name have in common. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Of comma, semicolon and tab the one the header has most of, the first of equals. */
function delimiterOf(text: string): string {
  const header = /^[^\r\n]*/.exec(text)![0].replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((delimiter) => countOf(header, delimiter));
  return [',', ';', '\t'][counts.indexOf(Math.max(...counts))];
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}

function countBreaks(field: string): number {
  return field.match(/\r\n|\r|\n/g)?.length ?? 0;
}
