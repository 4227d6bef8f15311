import { dsvFormat } from 'd3-dsv';
import { DactylError } from '../util/errors.ts';
import { SUM_TOLERANCE } from './checks.ts';
import {
  canonicalName,
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
 * divided by their sum.
 *
 * Throws E_FORMAT with file, line and column for whatever is missing or not understood, and for a file that is too large.
 */
export function parsePredictions(text: string, file: string): PredictionTable {
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
  const reader = new Rows(file);
  let line = 1;
  dsvFormat(delimiterOf(content)).parseRows(content, (fields) => {
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
  #columns: PredictionColumns | null = null;
  #probabilityClasses: readonly number[] = [];
  #rows = 0;

  constructor(file: string) {
    this.#file = file;
  }

  take(fields: readonly string[], line: number): void {
    if (this.#columns === null) {
      this.#columns = findColumns(fields, this.#file);
      this.#probabilityClasses = this.#columns.probabilities.map(({ className }) =>
        this.#number(this.#classes, className),
      );
      return;
    }
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
    const label = this.#class(fields, columns.label, line);
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
    return {
      file: this.#file,
      classes: [...this.#classes.keys()],
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
