import { numberNames } from '../../data/identity.ts';
import type { Picture } from '../../images/scale.ts';
import { decodeModel } from '../../nn/saved.ts';
import type { DigitReading, Reading } from '../../reading/answer.ts';
import { type Classifier, classOf, extentsOf } from '../../reading/classOf.ts';
import { plainReading } from '../../reading/plainReading.ts';
import { readDigits } from '../../reading/readDigits.ts';
import { type Reader, readerOf } from '../../reading/reader.ts';
import { readStrokes } from '../../reading/readStrokes.ts';
import { base64Png } from '../../report/reading/pictures.ts';
import { decodePicture } from '../../store/loadPicture.ts';
import { DactylError } from '../../util/errors.ts';
import { explained } from './explained.ts';
import type { AnswerTo, ExplainAnswer, ReadAnswer, ReadingInput, Rows, Task, TaskModel } from './task.ts';

type Answerer =
  | { readonly kind: 'reader'; readonly reader: Reader }
  | { readonly kind: 'classifier'; readonly classifier: Classifier };

/** So many decoded models are kept, the last used ones. */
const KEPT = 4;
const kept = new Map<string, Answerer>();

/** What a thread answers a task with. Throws E_DATA and others for what was sent, each in a sentence for the one who sent it. */
export async function answerTo<T extends Task>(task: T): Promise<AnswerTo<T>> {
  // What is no picture needs no model.
  const picture = await pictureOf(task);
  const answerer = await answererOf(task.model);
  return (
    task.kind === 'read' ? read(task, picture, answerer) : explain(task, picture, answerer)
  ) as AnswerTo<T>;
}

async function answererOf(model: TaskModel): Promise<Answerer> {
  const known = kept.get(model.hash);
  kept.delete(model.hash);
  const answerer = known ?? (await opened(model));
  kept.set(model.hash, answerer);
  if (kept.size > KEPT) {
    const [[hash, oldest]] = kept;
    kept.delete(hash);
    (oldest.kind === 'reader' ? oldest.reader : oldest.classifier).model.dispose();
  }
  return answerer;
}

async function opened({ name, hash, file, shape, classes }: TaskModel): Promise<Answerer> {
  if (classes === undefined) return { kind: 'reader', reader: await readerOf(file) };
  const model = decodeModel(file, name);
  const extents = extentsOf(model, name, shape);
  return { kind: 'classifier', classifier: { name, hash, model, extents, classes } };
}

/** Undefined for strokes. */
async function pictureOf({ input, what, mostPixels }: Task): Promise<Picture | undefined> {
  return input.kind === 'picture' ? decodePicture(input.bytes, what, mostPixels) : undefined;
}

function read(
  { input, crops, model }: Extract<Task, { kind: 'read' }>,
  picture: Picture | undefined,
  answerer: Answerer,
): ReadAnswer {
  if (answerer.kind === 'reader') {
    const reading = readingOf(input, picture, answerer.reader);
    const digits = digitsOf(reading);
    return {
      kind: 'numbers',
      reading: plainReading(reading),
      ...(crops && { crops: digits.map(({ crop }) => base64Png(crop)) }),
      rows: rowsOf(digits, answerer.reader.model.outputs),
    };
  }
  const reading = classOf(requirePicture(picture, model.name), answerer.classifier);
  const { label, second, confidence, notSure, probabilities, image } = reading;
  return {
    kind: 'class',
    reading: {
      label,
      second,
      confidence,
      ...(notSure !== undefined && { notSure }),
      probabilities: Array.from(probabilities),
    },
    rows: { images: image, probabilities, count: 1 },
  };
}

function explain(
  task: Extract<Task, { kind: 'explain' }>,
  picture: Picture | undefined,
  answerer: Answerer,
): ExplainAnswer {
  if (answerer.kind === 'classifier') {
    const { classifier } = answerer;
    const { image, probabilities } = classOf(requirePicture(picture, task.model.name), classifier);
    const names = classifier.classes;
    return explained(task, classifier.model, { image, probabilities, extents: classifier.extents, names });
  }
  const { reader } = answerer;
  const digits = digitsOf(readingOf(task.input, picture, reader));
  if (task.index >= digits.length) {
    throw new DactylError(
      'E_ARGUMENT',
      `${task.what}: expected ${digits.length === 0 ? 'a digit to explain, found none' : `index to be a digit from 0 to ${digits.length - 1}, received ${task.index}`}.`,
    );
  }
  const digit = digits[task.index];
  return explained(task, reader.model, {
    image: digit.image,
    probabilities: outputsOf(digit, reader.model.outputs),
    extents: [28, 28, 1],
    names: [...numberNames(10), 'none'],
  });
}

function readingOf(input: ReadingInput, picture: Picture | undefined, reader: Reader): Reading {
  if (input.kind === 'picture') return readDigits(picture!, reader);
  return readStrokes(input.strokes, reader);
}

function digitsOf({ numbers }: Reading): DigitReading[] {
  return numbers.flatMap(({ digits }) => digits);
}

function requirePicture(picture: Picture | undefined, name: string): Picture {
  if (picture !== undefined) return picture;
  throw new DactylError(
    'E_ARGUMENT',
    `Strokes: expected a model that reads digits, received ${name}, which has other classes or images. Send a picture.`,
  );
}

function outputsOf({ probabilities, none }: DigitReading, outputs: number): Float64Array {
  return outputs === probabilities.length ? probabilities : Float64Array.of(...probabilities, none);
}

function rowsOf(digits: readonly DigitReading[], outputs: number): Rows {
  const images = new Uint8Array(digits.length * 784);
  const probabilities = new Float64Array(digits.length * outputs);
  digits.forEach((digit, i) => {
    images.set(digit.image, i * 784);
    probabilities.set(outputsOf(digit, outputs), i * outputs);
  });
  return { images, probabilities, count: digits.length };
}
