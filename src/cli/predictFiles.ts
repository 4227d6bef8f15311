import { statSync } from 'node:fs';
import { HEAD, isImageKind, kindOf } from '../data/readers/kind.ts';
import { isBeside } from '../data/readers/names.ts';
import { inflate } from '../data/readers/inflate.ts';
import { refuse } from '../data/readers/refuse.ts';
import { drawingOf, linesOf } from '../data/readers/strokes.ts';
import { classOf } from '../reading/classOf.ts';
import { readDigits } from '../reading/readDigits.ts';
import { readStrokes } from '../reading/readStrokes.ts';
import type { Answered } from '../report/reading/answered.ts';
import { ReadingPage } from '../report/reading/page.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { dataFilesOf, headOf } from '../store/dataFiles.ts';
import { packageVersion } from '../store/environment.ts';
import { decodePicture, MOST_PICTURE_BYTES } from '../store/loadPicture.ts';
import { readFile } from '../store/readFile.ts';
import { shippedReader } from '../store/reader.ts';
import { DactylError } from '../util/errors.ts';
import { type Failure, printedAnswer, type PrintedAnswer } from './predictAnswers.ts';
import { type Answerer, answererOf, isSafetensors, modelIn } from './predictModel.ts';

/** Standard input. */
export const STDIN = '-';

/** Longer names are not waited for. */
const WIDEST = 44;

export interface PredictTask {
  /** The model perhaps, and files and folders of pictures. */
  readonly paths: readonly string[];
  /** A file of drawings. */
  readonly strokes: string | null;
  /** What standard input gave, where a name is `-`. */
  readonly stdin: Uint8Array | null;
  /** Where the page goes. */
  readonly out: string | null;
}

/** What is told on the way: one answer, or one failure. */
export interface Told {
  readonly answer: PrintedAnswer | Failure;
  /** How many pictures and drawings there are. */
  readonly total: number;
  /** Characters of the longest name among them, up to some forty. */
  readonly widest: number;
}

export interface PredictAnswer {
  /** Such as files of a folder that are no pictures. */
  readonly warnings: readonly string[];
}

/** A picture to be read. */
interface Source {
  readonly file: string;
  /** Found in a folder: passed over where it is no picture. */
  readonly found: boolean;
  readonly head: () => Uint8Array | Promise<Uint8Array>;
  readonly read: () => Uint8Array | Promise<Uint8Array>;
}

/**
 * Reads pictures and drawings one after the other and tells each answer; what cannot be read is told, too, and the others are read. Then writes the page. Throws E_ARGUMENT, E_FILE, E_FORMAT,
 * E_NOT_FOUND and E_SHAPE for what concerns all of them: the model, a folder without pictures.
 */
export async function predictFiles(task: PredictTask, tell: (told: Told) => void): Promise<PredictAnswer> {
  const { model, pictures } = divided(task);
  const sources: Source[] = [];
  for (const path of pictures) sources.push(...(await sourcesOf(path, task.stdin)));
  const answerer: Answerer =
    model === undefined ? { kind: 'digits', reader: await shippedReader() } : await answererOf(model);
  const page = task.out === null ? undefined : new ReadingPage(answerer, packageVersion());
  const drawings = task.strokes === null ? [] : await drawingsOf(task.strokes, task.stdin, answerer);
  const total = sources.length + drawings.length;
  const names = [
    ...sources.map(({ file }) => file),
    ...drawings.slice(-1).map(({ line }) => `${task.strokes!}:${line}`),
  ];
  const widest = names.reduce((most, { length }) => Math.max(most, Math.min(length, WIDEST)), 0);
  const attempt = async (
    place: { readonly file: string; readonly line?: number },
    answer: () => Answered | Promise<Answered>,
  ): Promise<void> => {
    try {
      const answered = await answer();
      tell({ answer: printedAnswer(answered), total, widest });
      page?.add(answered);
    } catch (error) {
      if (!(error instanceof DactylError)) throw error;
      const { code, message } = error;
      tell({ answer: { ...place, error: { code, message } }, total, widest });
      page?.addFailure(message);
    }
  };
  const passed: string[] = [];
  for (const source of sources) {
    if (source.found && !(await looksLikePicture(source))) {
      passed.push(source.file);
      continue;
    }
    const { file } = source;
    await attempt({ file }, async (): Promise<Answered> => {
      const bytes = await source.read();
      if (isSafetensors(bytes)) {
        refuse(file, {
          expected: 'an image: PNG, JPEG, WebP, BMP or GIF',
          received: 'a model',
          remedy: 'The model is the first argument, and there is one.',
        });
      }
      const picture = await decodePicture(bytes, file);
      return { file, picture, ...answerTo(picture, answerer) };
    });
  }
  for (const { line, bytes } of drawings) {
    const file = task.strokes!;
    await attempt({ file, line }, () => {
      const { strokes } = drawingOf(bytes, file, line)!;
      // `drawings` are empty for a classifier.
      const { reader } = answerer as Extract<Answerer, { kind: 'digits' }>;
      return { file, line, kind: 'numbers', reading: readStrokes(strokes, reader) };
    });
  }
  if (passed.length === total) throw noPicture(pictures);
  if (page !== undefined) writeFileAtomic(task.out!, page.markup());
  return {
    warnings:
      passed.length === 0
        ? []
        : [
            `${passed.length === 1 ? '1 file is no picture' : `${passed.length} files are no pictures`} and not read, such as ${passed[0]}.`,
          ],
  };
}

function answerTo(picture: Parameters<typeof readDigits>[0], answerer: Answerer) {
  if (answerer.kind === 'digits') {
    return { kind: 'numbers', reading: readDigits(picture, answerer.reader) } as const;
  }
  const { extents, classes } = answerer.classifier;
  return { kind: 'class', reading: classOf(picture, answerer.classifier), extents, classes } as const;
}

/** The model, if the first of the paths is one, and the pictures. */
function divided({ paths, strokes }: PredictTask): { model?: string; pictures: readonly string[] } {
  const [first, ...others] = paths as readonly [string | undefined, ...string[]];
  const model = first === undefined || first === STDIN ? undefined : modelAt(first);
  if (model === undefined) return { pictures: paths };
  if (others.length === 0 && strokes === null) {
    throw new DactylError(
      'E_ARGUMENT',
      `${first}: expected pictures after the model, received none. Name some files, a folder, or - for standard input.`,
    );
  }
  return { model, pictures: others };
}

/** The model that a path is or holds. What cannot be opened is no model: it is named when it is read. */
function modelAt(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return modelIn(path);
  return stats?.isFile() && isSafetensors(headOf(path, HEAD)) ? path : undefined;
}

async function sourcesOf(path: string, stdin: Uint8Array | null): Promise<Source[]> {
  if (path === STDIN) {
    return [{ file: 'standard input', found: false, head: () => stdin!, read: () => stdin! }];
  }
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) {
    return [
      {
        file: path,
        found: false,
        head: () => headOf(path, HEAD),
        read: () => readFile(path, MOST_PICTURE_BYTES),
      },
    ];
  }
  const files = (await dataFilesOf(path)).filter((file) => !file.path.endsWith('/') && !isBeside(file.path));
  if (files.length === 0) throw noPicture([path]);
  return files.map((file) => ({
    file: file.shown!,
    found: true,
    head: () => file.head(HEAD),
    read: () => readFile(file.shown!, MOST_PICTURE_BYTES),
  }));
}

/** The lines of a file of drawings that are not empty. */
async function drawingsOf(
  path: string,
  stdin: Uint8Array | null,
  answerer: Answerer,
): Promise<{ line: number; bytes: Uint8Array }[]> {
  if (answerer.kind === 'classes') {
    throw new DactylError(
      'E_ARGUMENT',
      `--strokes: expected a model that reads digits, received ${answerer.classifier.name}, which has other classes or images.`,
    );
  }
  const file = path === STDIN ? 'standard input' : path;
  const read = path === STDIN ? stdin! : readFile(path, MOST_PICTURE_BYTES);
  const bytes =
    kindOf(read.subarray(0, HEAD)) === 'gzip' ? await inflate(read, file, 'gzip', MOST_PICTURE_BYTES) : read;
  const lines = [...linesOf(bytes)].filter((line) => line.bytes.some((byte) => byte > 0x20));
  if (lines.length > 0) return lines;
  return refuse(file, {
    expected: 'drawings, one a line, such as {"strokes": [[0, 0, 10, 80]]}',
    received: 'none',
  });
}

function noPicture(folders: readonly string[]): DactylError {
  return new DactylError(
    'E_NOT_FOUND',
    `${folders.join(', ')}: expected pictures (PNG, JPEG, WebP, BMP, GIF) or a model (model.safetensors), received a folder with neither.`,
  );
}

/** By its content, or by its name, where a picture is damaged from its first byte on. */
async function looksLikePicture({ file, head }: Source): Promise<boolean> {
  return /\.(?:png|jpe?g|webp|bmp|gif)$/i.test(file) || isImageKind(kindOf(await head()));
}
