import { scaledToSquare } from '../../images/scale.ts';
import { sha256Hex } from '../../util/hash.ts';
import { Random } from '../../util/random.ts';
import { sizeOf, type Tensor } from '../../util/tensor.ts';
import type { DataSet } from '../dataSet.ts';
import { classCounts, subset, type Examples } from '../examples.ts';
import { dataSet } from '../makeDataSet.ts';
import { stratifiedHoldout } from '../splits/holdout.ts';
import { classify } from './classes.ts';
import { countNotes } from './countNotes.ts';
import type { DataFile } from './dataFile.ts';
import type { RawExamples } from './parts.ts';
import { inverted, meanBorder, toBytes } from './pixels.ts';
import type { CodecSource } from './pictures/codecs.ts';
import { readParts } from './readParts.ts';
import type { Runtime } from './runtime.ts';
import type { ReadOptions } from './readOptions.ts';
import { refuse } from './refuse.ts';

/** Of one set, a fifth of the images becomes the test set. */
const TEST_SHARE = 5;

/** See `readDataSet`, which has checked what it is given. */
export async function dataSetFromFiles(
  files: readonly DataFile[],
  options: ReadOptions,
  { sha256 = sha256Hex, codec }: Runtime,
): Promise<DataSet> {
  const what = options.name ?? files[0]?.path ?? 'data';
  const own = await readParts(files, what, options, codec);
  const other = options.test && (await readParts(options.test, placeOf(options.test), options, codec));
  const test = other === undefined ? own.test : (other.test ?? other.train);
  const raw = test === undefined ? [own.train] : [own.train, test];
  const notes = [...own.notes, ...(other?.notes ?? []).map((note) => `test: ${note}`)];
  const { parts, classes } = prepared(raw, options, notes);
  const [train, held] = parts.length === 2 ? parts : split(parts[0], classes, own.train, notes);
  notes.push(...countNotes(train, held, classes));
  return dataSet(
    { name: what.slice(0, 120), train, test: held, classes, facts: { sheet: { notes } } },
    sha256,
  );
}

/** Test images for a data set: from files, with its classes. Throws as `readDataSet`. */
export async function readTestExamples(
  files: readonly DataFile[],
  classes: readonly string[],
  options: ReadOptions = {},
  codec?: CodecSource,
): Promise<{ examples: Examples; notes: readonly string[] }> {
  const { train, test = train, notes } = await readParts(files, placeOf(files), options, codec);
  const said = [...notes];
  const { parts } = prepared([test], { ...options, classes }, said);
  return { examples: parts[0], notes: said };
}

/** The file that test images are in, or the folder where it is known. */
function placeOf(files: readonly DataFile[]): string {
  const [{ path, shown = path }] = files;
  if (files.length === 1) return shown;
  return shown.endsWith(`/${path}`) ? shown.slice(0, -path.length - 1) : 'the test set';
}

/** Bytes and classes of what was found; notes are added. */
function prepared(
  raw: readonly RawExamples[],
  options: ReadOptions,
  notes: string[],
): { parts: Examples[]; classes: readonly string[] } {
  for (const part of raw) requireImages(part);
  const { images, words } = toBytes(raw);
  notes.push(`pixels: ${words}`);
  const { classes, labels } = classify(raw, options.classes);
  const upright = lightOnDark(images, options.invert ?? 'auto', notes);
  const { size } = options;
  const sized = size === undefined ? upright : upright.map((part) => scaled(part, size));
  if (size !== undefined) notes.push(`every image scaled to ${size} × ${size} pixels`);
  const parts = sized.map((part, p) => ({ images: part, labels: labels[p], classes: classes.length }));
  return { parts, classes };
}

function requireImages({ images: { shape }, labels, file, labelFile }: RawExamples): void {
  if (shape[0] === 0 || sizeOf(shape) === 0) {
    refuse(file, { expected: 'images', received: 'none' });
  }
  if (labels.length !== shape[0]) {
    refuse(labelFile, {
      expected: `${shape[0]} labels, one for each image`,
      received: String(labels.length),
    });
  }
  if (shape.length === 4 && shape[3] !== 1 && shape[3] !== 3) {
    refuse(file, {
      expected: 'images in one channel (grey) or three (red, green, blue)',
      received: `${shape[3]} channels (${shape.join(' × ')})`,
    });
  }
}

/** Grey images with ink towards 255; colours stay as they are. */
function lightOnDark(
  images: readonly Tensor<Uint8Array>[],
  invert: 'auto' | boolean,
  notes: string[],
): readonly Tensor<Uint8Array>[] {
  const grey = images.map((part) =>
    part.shape.length === 4 && part.shape[3] === 1
      ? { data: part.data, shape: part.shape.slice(0, 3) }
      : part,
  );
  if (grey[0].shape.length === 4) {
    notes.push('three channels: colours as they are');
    return grey;
  }
  const border = meanBorder(grey[0]);
  const dark = invert === 'auto' ? border > 127.5 : invert;
  notes.push(
    `${border > 127.5 ? 'dark on light' : 'light on dark'} (outermost pixels ${border.toFixed(0)} of 255 on average)${dark ? ', inverted' : ''}`,
  );
  return dark ? grey.map(inverted) : grey;
}

function scaled({ data, shape }: Tensor<Uint8Array>, side: number): Tensor<Uint8Array> {
  const [n, rows, columns, channels = 1] = shape;
  const size = rows * columns * channels;
  const result = new Uint8Array(n * side * side * channels);
  for (let i = 0; i < n; i++) {
    const picture = { data: data.subarray(i * size, (i + 1) * size), rows, columns, channels };
    result.set(scaledToSquare(picture, side), i * side * side * channels);
  }
  return { data: result, shape: [n, side, side, ...shape.slice(3)] };
}

function split(all: Examples, classes: readonly string[], raw: RawExamples, notes: string[]): Examples[] {
  const few = classCounts(all).findIndex((count) => count < TEST_SHARE);
  if (few >= 0) {
    refuse(raw.named ? raw.labelFile : raw.labelAt(all.labels.indexOf(few)), {
      expected: `at least ${TEST_SHARE} images of every class, a fifth of which become the test set`,
      received: `${classCounts(all)[few]} of class '${classes[few]}'`,
      remedy: 'Add some, mend the label if it is a slip, or give a test set of its own.',
    });
  }
  const size = Math.round(all.labels.length / TEST_SHARE);
  const { rest, holdout } = stratifiedHoldout(all.labels, size, new Random(0, 'test set'));
  notes.push('no test set: a fifth of each class was drawn as one (seed 0)');
  return [subset(all, rest), subset(all, holdout)];
}
