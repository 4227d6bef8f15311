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
  const { parts, classes } = prepared(raw, options, notes, other !== undefined);
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

/** Bytes and classes of what was found; notes are added. `apart`: the second is from elsewhere than the first. */
function prepared(
  raw: readonly RawExamples[],
  options: ReadOptions,
  notes: string[],
  apart = false,
): { parts: Examples[]; classes: readonly string[] } {
  for (const part of raw) requireImages(part);
  const { images, words } = toBytes(raw);
  notes.push(`pixels: ${words}`);
  const { classes, labels } = classify(raw, options.classes);
  const upright = lightOnDark(images, options.invert ?? 'auto', notes, apart);
  const { size } = options;
  const sized = size === undefined ? upright : upright.map((part) => scaled(part, size));
  if (size !== undefined) notes.push(`every image scaled to ${size} × ${size} pixels`);
  const [{ shape: first }, ...others] = sized;
  others.forEach(({ shape }, k) => {
    requireSameSize(raw[k + 1].file, first, shape);
  });
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

/** Throws E_DATA where test images [n, rows, columns, …] are not of the size of the training images. */
export function requireSameSize(
  file: string,
  [, ...train]: readonly number[],
  [, ...test]: readonly number[],
): void {
  if (train.join() === test.join()) return;
  const what = {
    expected: `test images of ${train.join(' × ')}, as the training images are`,
    received: test.join(' × '),
  };
  if ((train[2] ?? 1) !== (test[2] ?? 1)) {
    refuse(file, { ...what, remedy: 'Save both in grey (one channel), or both in colours (three).' });
  }
  const remedy = 'Scale them to one size, or let it be done to all:';
  refuse(file, {
    ...what,
    remedy: `${remedy} size: 28.`,
    otherwise: `${remedy} --size 28 (PATH@28 in files and where there is no --size).`,
  });
}

/** Paper or ground beyond doubt, of test images that are from elsewhere. */
const CLEARLY_LIGHT = 191;
const CLEARLY_DARK = 64;

/** Grey images with ink towards 255; colours stay as they are. The training images decide, but about test images from elsewhere that are clearly otherwise. */
function lightOnDark(
  images: readonly Tensor<Uint8Array>[],
  invert: 'auto' | boolean,
  notes: string[],
  apart: boolean,
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
  const say = (mean: number, turned: boolean): string =>
    `${mean > 127.5 ? 'dark on light' : 'light on dark'} (outermost pixels ${mean.toFixed(0)} of 255 on average)${turned ? ', inverted' : ''}`;
  notes.push(say(border, dark));
  return grey.map((part, k) => {
    if (k === 0 || !apart || invert !== 'auto') return dark ? inverted(part) : part;
    const own = meanBorder(part);
    const turned = own >= CLEARLY_LIGHT || (dark && own > CLEARLY_DARK);
    if (turned !== dark) notes.push(`test: ${say(own, turned)}`);
    return turned ? inverted(part) : part;
  });
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
