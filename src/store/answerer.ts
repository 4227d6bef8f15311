import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Value } from 'typebox/value';
import { numberNames } from '../data/identity.ts';
import { decodeModel } from '../nn/saved.ts';
import type { Sequential } from '../nn/sequential.ts';
import { type Classifier, extentsOf } from '../reading/classOf.ts';
import { type Reader, readerOf } from '../reading/reader.ts';
import { readFile, readText } from './readFile.ts';
import { DataAbout } from '../study/dataAbout.ts';
import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { decodeSafetensors } from '../util/safetensors.ts';
import { sizeOf } from '../util/tensor.ts';

/** What answers: digits found in pictures and strokes, or one class for each picture. */
export type Answerer =
  | { readonly kind: 'digits'; readonly reader: Reader }
  | { readonly kind: 'classes'; readonly classifier: Classifier };

const USUAL = 'model.safetensors';

/** Whether a file begins as a safetensors file does: the length of a header, and the header. */
export function isSafetensors(head: Uint8Array): boolean {
  if (head.length < 9 || head[8] !== 0x7b) return false;
  return new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true) < BigInt(2 ** 24);
}

/**
 * The model file of a folder: model.safetensors, or the only file that ends so; undefined where there is none. Throws E_ARGUMENT where there are several, E_NOT_FOUND for the folder of
 * a study, whose models lie with its trials.
 */
export function modelIn(folder: string): string | undefined {
  if (existsSync(join(folder, USUAL))) return join(folder, USUAL);
  const models = namesIn(folder)
    .filter((name) => name.endsWith('.safetensors'))
    .sort();
  if (models.length > 1) {
    throw new DactylError(
      'E_ARGUMENT',
      `${folder}: expected one model, received ${models.length} files that end in .safetensors. Name one of them, such as ${join(folder, models[0])}.`,
    );
  }
  if (models.length === 1) return join(folder, models[0]);
  if (existsSync(join(folder, 'study.json'))) {
    throw new DactylError(
      'E_NOT_FOUND',
      `${folder}: expected a folder that holds a model, received that of a study, whose trials have one each. Name one of them, such as ${join(dirname(folder), 'trials', 'KEY', USUAL)}.`,
    );
  }
  return undefined;
}

/** None where the folder cannot be read: that is said where its pictures are sought. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * The model of a file: a reader of digits where it says so, or where it takes 28 × 28 grey pixels and answers with 10 or 11 outputs and nothing says that its classes are others; else a
 * classifier of whole pictures. Names of classes and the form of images are those of results.json beside it, where `dactyl train` writes it. Throws E_FILE, E_FORMAT and E_SHAPE.
 */
export async function answererOf(file: string): Promise<Answerer> {
  const bytes = readFile(file);
  const name = basename(file);
  const model = decodeModel(bytes, file);
  const about = aboutBeside(file, model);
  if (isReader(bytes, file, model, about)) {
    model.dispose();
    return { kind: 'digits', reader: await readerOf(bytes, saysReader(bytes, file) ? {} : { name }) };
  }
  const extents = extentsOf(model, file, about?.shape);
  const classes = about?.classes ?? numberNames(model.outputs);
  return { kind: 'classes', classifier: { name, hash: sha256Hex(bytes), model, extents, classes } };
}

/** Whether a model reads digits: its file says so, or it takes and gives what a reader does and nothing says that its classes are others. */
export function isReader(
  bytes: Uint8Array,
  file: string,
  { inputShape, outputs }: Sequential,
  about: DataAbout | undefined,
): boolean {
  return saysReader(bytes, file) || (readsDigits(inputShape, outputs) && areDigits(about));
}

function saysReader(bytes: Uint8Array, file: string): boolean {
  return decodeSafetensors(bytes, file).metadata.has('reader');
}

function readsDigits(inputShape: readonly number[], outputs: number): boolean {
  const [first, second = 28, third = 1] = inputShape;
  const isMnist = (first === 28 || inputShape.length === 1) && second === 28 && third === 1;
  return isMnist && sizeOf(inputShape) === 784 && (outputs === 10 || outputs === 11);
}

function areDigits(about: DataAbout | undefined): boolean {
  return about === undefined || about.classes.join() === numberNames(10).join();
}

/** What results.json beside a model says of its data; undefined where there is none, or one of another model. */
export function aboutBeside(file: string, { outputs, inputShape }: Sequential): DataAbout | undefined {
  const path = join(dirname(file), 'results.json');
  if (!existsSync(path)) return undefined;
  let data: unknown;
  try {
    ({ data } = JSON.parse(readText(path)) as { data?: unknown });
  } catch {
    return undefined;
  }
  return Value.Check(DataAbout, data) &&
    data.classes.length === outputs &&
    sizeOf(data.shape) === sizeOf(inputShape)
    ? data
    : undefined;
}
