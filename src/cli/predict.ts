import { statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { Command } from 'commander';
import { doubtWords } from '../reading/doubtWords.ts';
import { shareWords } from '../report/reading/cards.ts';
import { fileError } from '../store/fileError.ts';
import { MOST_PICTURE_BYTES } from '../store/loadPicture.ts';
import { DactylError } from '../util/errors.ts';
import { inThread } from './inThread.ts';
import type { Failure, PrintedAnswer } from './predictAnswers.ts';
import type { PredictAnswer, PredictTask, Told } from './predictFiles.ts';
import { STDIN } from './predictSources.ts';
import { Progress } from './progress.ts';
import { print, styled, warn } from './terminal.ts';

export interface PredictOptions {
  readonly strokes?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const STOPPED = 'Reading was stopped on request.';

/** `dactyl predict [MODEL|DIR] FILE…` */
export function predictCommand(): Command {
  return new Command('predict')
    .description(
      'Read digits and numbers in pictures, or in strokes of a pen, with a probability each and an honest "not sure"; or let any trained model answer.',
    )
    .argument(
      '[files...]',
      'pictures (PNG, JPEG, WebP, BMP, GIF), folders of them, or - for standard input; before them perhaps a model file, or a folder that holds one, in the place of the reader that comes with Dactyl',
    )
    .option(
      '--strokes <file>',
      'drawings as NDJSON, one a line: {"strokes": [[x0, y0, x1, y1, …], …]}',
      once('--strokes'),
    )
    .option(
      '--out <file>',
      'write a page with every digit, what the network saw and its doubts, such as read.html',
      once('--out'),
    )
    .option('--json', 'print a JSON object for each picture or drawing, one a line, and nothing else')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      `
Examples:
  dactyl predict photo.jpg                            the numbers that stand on it
  dactyl predict scans --out read.html                every picture of a folder, with a page to look at
  dactyl predict --strokes drawn.ndjson --json        strokes of a pen, one drawing a line
  dactyl predict runs/train_mnist photo.jpg           a model of your own
  dactyl predict runs/train_fashion-mnist shoe.png    of other classes: one answer for each picture
  curl -s https://example.org/7.png | dactyl predict -

The exit code is 1 where a file could not be read; the others are answered all the same.`,
    );
}

/** Reads, prints answer by answer, writes the page. Throws E_ARGUMENT, E_FILE, E_FORMAT, E_NOT_FOUND, E_SHAPE and E_ABORTED, each in a line. */
export async function predict(
  paths: readonly string[],
  { strokes, out, json = false }: PredictOptions,
  signal: AbortSignal,
): Promise<void> {
  if (paths.length === 0 && strokes === undefined) {
    throw new DactylError(
      'E_ARGUMENT',
      'dactyl predict: expected pictures, received none. Name some files, a folder, - for standard input, or --strokes FILE.',
    );
  }
  const inputs = strokes === undefined ? paths : [...paths, strokes];
  if (inputs.filter((input) => input === STDIN).length > 1) {
    throw new DactylError(
      'E_ARGUMENT',
      `${STDIN}: expected standard input once, received it twice. Write pictures or drawings to a file.`,
    );
  }
  if (out !== undefined) requirePlace(out);
  const stdin = inputs.includes(STDIN) ? await standardInput(signal) : null;
  let progress: Progress | undefined;
  let failed = false;
  const onProgress = ({ answer, total, widest }: Told): void => {
    progress ??= new Progress(total, !json && total > 1);
    failed ||= 'error' in answer;
    progress.interrupt(() => {
      say(answer, json, widest);
    });
    progress.advance(answer.file);
  };
  let ended: PredictAnswer;
  try {
    ended = await inThread<PredictTask, PredictAnswer, Told>(
      new URL(`./predictWorker${extname(import.meta.url)}`, import.meta.url),
      { paths, strokes: strokes ?? null, stdin, out: out ?? null },
      { signal, stopped: STOPPED, onProgress },
    );
  } finally {
    progress?.end();
  }
  for (const warning of ended.warnings) warn(oneLine(warning));
  if (failed) process.exitCode = 1;
  if (out === undefined) return;
  if (!ended.page) {
    warn(`${oneLine(out)}: no page is written, for nothing was read.`);
    process.exitCode = 1;
  } else if (!json) print(`\nPage     ${styled('bold', oneLine(out))}`);
}

function say(answer: PrintedAnswer | Failure, json: boolean, widest: number): void {
  if ('error' in answer) warn(`${oneLine(answer.error.message)} [${answer.error.code}]`);
  if (json) print(JSON.stringify(answer));
  else if (!('error' in answer)) for (const line of linesFor(answer, widest)) print(line);
}

/** File, number, probability and doubt: a line for each number. */
function linesFor(answer: PrintedAnswer, widest: number): string[] {
  const place = placeOf(answer).padEnd(widest);
  const line = (text: string, confidence: number, notSure: string | undefined): string =>
    [
      place,
      styled('bold', text),
      shareWords(confidence).replaceAll('\u00a0', ' '),
      ...(notSure === undefined ? [] : [`not sure: ${notSure}`]),
    ].join('  ');
  if ('class' in answer) return [line(answer.class, answer.confidence, answer.notSure)];
  const { numbers, notes } = answer;
  if (numbers.length === 0) return [`${place}  –  ${notes.join(' ')}`];
  return [
    ...numbers.map(({ text, confidence, digits }) => line(text, confidence, doubtWords(digits))),
    ...(notes.length === 0 ? [] : [`${place}  (${notes.join(' ')})`]),
  ];
}

function placeOf({ file, line }: { readonly file: string; readonly line?: number }): string {
  return oneLine(line === undefined ? file : `${file}:${line}`);
}

/** A line feed in the name of a file, as `printable` writes other control codes. */
function oneLine(text: string): string {
  return text.replaceAll('\n', '\\u000a');
}

/** A page that cannot be written is better known before the pictures are read. */
function requirePlace(out: string): void {
  if (out === STDIN || /^\/(?:dev|proc)\//.test(resolve(out))) {
    throw new DactylError(
      'E_ARGUMENT',
      `--out: expected a file for the page, such as read.html, received ${out === STDIN ? '-, standard output' : `${out}, which is no file to keep`}. For answers on standard output leave it away, or give --json.`,
    );
  }
  const folder = statSync(dirname(resolve(out)), { throwIfNoEntry: false });
  const there = statSync(out, { throwIfNoEntry: false });
  if (folder?.isDirectory() !== true) {
    throw fileError(Object.assign(new Error(), { code: folder ? 'ENOTDIR' : 'ENOENT' }), 'write', out);
  }
  if (there?.isDirectory()) throw fileError(Object.assign(new Error(), { code: 'EISDIR' }), 'write', out);
  if (there && !there.isFile()) {
    throw new DactylError('E_ARGUMENT', `--out: expected a file, received ${out}, a pipe or a device.`);
  }
}

/** For an option whose last value would hide the others. */
function once(name: string): (value: string, before: string | undefined) => string {
  return (value, before) => {
    if (before === undefined) return value;
    throw new DactylError('E_ARGUMENT', `${name}: expected one file, received ${before} and ${value}.`);
  };
}

/** All of standard input. It is read here, for a thread that waits for a pipe hears of no end. */
async function standardInput(signal: AbortSignal): Promise<Uint8Array> {
  const { stdin } = process;
  if (stdin.isTTY) {
    throw new DactylError(
      'E_ARGUMENT',
      `${STDIN}: expected a picture from a pipe or a file, received a terminal. Such as: dactyl predict - < photo.jpg`,
    );
  }
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const part of addAbortSignal(signal, stdin) as AsyncIterable<Uint8Array>) {
      parts.push(part);
      total += part.length;
      if (total > MOST_PICTURE_BYTES) {
        throw new DactylError(
          'E_FORMAT',
          `standard input: expected at most ${MOST_PICTURE_BYTES} bytes, received more. Is it another file than meant?`,
        );
      }
    }
  } catch (error) {
    if (error instanceof DactylError) throw error;
    if (signal.aborted) throw new DactylError('E_ABORTED', STOPPED, { cause: error });
    throw fileError(error, 'read', 'standard input');
  }
  return new Uint8Array(Buffer.concat(parts, total));
}
