import { refuse } from '../data/readers/refuse.ts';
import { classOf } from '../reading/classOf.ts';
import { readDigits } from '../reading/readDigits.ts';
import type { Answered } from '../report/reading/answered.ts';
import { ReadingPage } from '../report/reading/page.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { headOf } from '../store/dataFiles.ts';
import { packageVersion } from '../store/environment.ts';
import { fileError } from '../store/fileError.ts';
import { decodePicture } from '../store/loadPicture.ts';
import { shippedReader } from '../store/reader.ts';
import { DactylError } from '../util/errors.ts';
import { type Failure, printedAnswer, type PrintedAnswer } from './predictAnswers.ts';
import { type Drawings, drawingsOf, readDrawing } from './predictDrawings.ts';
import { type Answerer, answererOf, isSafetensors, modelIn } from '../store/answerer.ts';
import {
  looksLikePicture,
  requireOther,
  type Source,
  type Sources,
  sourcesOf,
  statOf,
  STDIN,
} from './predictSources.ts';

/** Longer names are not waited for. */
const WIDEST = 44;
/** A safetensors file says so in its first bytes. */
const HEAD = 16;

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
  /** Whether the page was written. */
  readonly page: boolean;
  /** Such as files of a folder that are no pictures. */
  readonly warnings: readonly string[];
}

interface Place {
  readonly file: string;
  readonly line?: number;
}

/**
 * Reads pictures and drawings one after the other and tells each answer; what cannot be read is told, too, and the others are read. Then writes the page, if anything was read. Throws E_ARGUMENT, E_FILE, E_FORMAT,
 * E_NOT_FOUND and E_SHAPE for what concerns all of them: the model, a page that would be written over what is read.
 */
export async function predictFiles(task: PredictTask, tell: (told: Told) => void): Promise<PredictAnswer> {
  const { strokes, stdin, out } = task;
  const { model, pictures } = divided(task);
  let groups: Sources[] = [];
  for (const path of pictures) groups.push(await sourcesOf(path, stdin));
  if (out !== null) groups = requireOther(out, model, strokes, groups);
  const answerer: Answerer =
    model === undefined ? { kind: 'digits', reader: await shippedReader() } : await answererOf(model);
  if (strokes !== null && answerer.kind === 'classes') {
    throw new DactylError(
      'E_ARGUMENT',
      `--strokes: expected a model that reads digits, received ${answerer.classifier.name}, which has other classes or images.`,
    );
  }
  const page = out === null ? undefined : new ReadingPage(answerer, packageVersion());
  const drawings = strokes === null ? undefined : await drawingsOr(strokes, stdin);
  const lines = drawings instanceof DactylError ? [] : (drawings?.lines ?? []);
  const names = [
    ...groups.flatMap(({ sources }) => sources.map(({ file }) => file)),
    ...lines.slice(-1).map(({ line }) => `${strokes!}:${line}`),
  ];
  const total = groups.reduce((sum, { sources }) => sum + Math.max(1, sources.length), lines.length);
  const widest = names.reduce((most, { length }) => Math.max(most, Math.min(length, WIDEST)), 0);
  let read = 0;
  /** False where there is nothing to be answered. */
  const attempt = async (
    place: Place,
    answer: () => Answered | undefined | Promise<Answered | undefined>,
  ): Promise<boolean> => {
    try {
      const answered = await answer();
      if (answered === undefined) return false;
      read++;
      tell({ answer: printedAnswer(answered), total, widest });
      page?.add(answered);
    } catch (error) {
      if (!(error instanceof DactylError)) throw error;
      const { code, message } = error;
      tell({ answer: { ...place, error: { code, message } }, total, widest });
      page?.addFailure(message);
    }
    return true;
  };
  const fail = (place: Place, error: DactylError): Promise<boolean> =>
    attempt(place, () => {
      throw error;
    });
  const passed: string[] = [];
  for (const { path, isFolder, sources } of groups) {
    const others: string[] = [];
    for (const source of sources) {
      const { file } = source;
      const isPicture = await attempt({ file }, () => answerOf(source, answerer));
      if (!isPicture) others.push(file);
    }
    if (isFolder && others.length === sources.length) await fail({ file: path }, noPicture(path));
    else for (const file of others) passed.push(file);
  }
  if (drawings instanceof DactylError) await fail({ file: strokes! }, drawings);
  for (const line of lines) {
    const place = { file: strokes!, line: line.line };
    await attempt(place, () => {
      // A classifier was refused.
      const { reader } = answerer as Extract<Answerer, { kind: 'digits' }>;
      return { ...place, kind: 'numbers', reading: readDrawing(line, place.file, reader) };
    });
  }
  if (drawings !== undefined && 'rest' in drawings) await fail({ file: strokes! }, drawings.rest);
  if (page !== undefined && read > 0) writeFileAtomic(out!, page.markup());
  return {
    page: page !== undefined && read > 0,
    warnings:
      passed.length === 0
        ? []
        : [
            `${passed.length === 1 ? '1 file is no picture' : `${passed.length} files are no pictures`} and not read, such as ${passed[0]}.`,
          ],
  };
}

/** Undefined for a file of a folder that is no picture. */
async function answerOf(source: Source, answerer: Answerer): Promise<Answered | undefined> {
  if (source.found && !(await looksLikePicture(source))) return undefined;
  const { file } = source;
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
}

async function drawingsOr(strokes: string, stdin: Uint8Array | null): Promise<Drawings | DactylError> {
  try {
    return await drawingsOf(strokes, stdin);
  } catch (error) {
    if (error instanceof DactylError) return error;
    throw error;
  }
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

/** The model that a path is or holds, or was meant as by its name. What else cannot be opened is no model: it is named when it is read. */
function modelAt(path: string): string | undefined {
  const isMeant = path.endsWith('.safetensors');
  try {
    const stats = statOf(path);
    if (stats?.isDirectory()) return modelIn(path);
    if (isMeant) {
      if (stats !== undefined) return path;
      throw fileError(Object.assign(new Error(), { code: 'ENOENT' }), 'read the model', path);
    }
    return stats?.isFile() && isSafetensors(headOf(path, HEAD)) ? path : undefined;
  } catch (error) {
    if (isMeant || !(error instanceof DactylError) || error.code !== 'E_FILE') throw error;
    return undefined;
  }
}

function noPicture(folder: string): DactylError {
  return new DactylError(
    'E_NOT_FOUND',
    `${folder}: expected pictures (PNG, JPEG, WebP, BMP, GIF) or a model (model.safetensors), received a folder with neither.`,
  );
}
