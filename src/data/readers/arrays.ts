import { sizeOf, type Tensor } from '../../util/tensor.ts';
import { pairKey, partOfName, setKey, type PartName } from './names.ts';
import type { NpyArray, NpyTexts } from './npy.ts';
import type { RawExamples, RawLabels, RawParts } from './parts.ts';
import { refuse } from './refuse.ts';
import { isSquare } from './square.ts';

/** An array with the name that says what it is: of a file, or of an entry of an NPZ. */
export interface NamedArray {
  readonly name: string;
  /** For messages. */
  readonly file: string;
  readonly array: NpyArray;
  /** Where value i stands in the file, if the format tells. */
  readonly at?: (i: number) => string;
}

interface Pair {
  readonly images: NamedArray;
  readonly labels: NamedArray;
}

/**
 * Images and labels among arrays: images have three axes or more, or rows of a square's pixels; labels have one axis. They belong together by their names, as Keras,
 * MNIST's files and others give them, and otherwise as the only two of a part. Validation images become the test set where there is no other, and
 * are left out where there is. Throws E_DATA where that does not give one set of training examples.
 */
export function pairArrays(arrays: readonly NamedArray[], file: string): RawParts {
  const images = arrays.filter(isImages);
  const labels = arrays.filter((array) => !isImages(array) && isLabels(array));
  const pairs = new Map<PartName, Pair>();
  const sets = new Set<string>();
  for (const array of preferred(images)) {
    const part = partOfName(array.name) ?? 'train';
    const label = labelsFor(array, images, labels);
    if (label === undefined) {
      return refuse(array.file, {
        expected: `${array.array.shape[0]} labels beside the images ${describeShape(array)}`,
        received:
          labels.length === 0
            ? 'no labels'
            : `labels ${labels.map((one) => `${one.name} ${describeShape(one)}`).join(', ')}`,
        remedy:
          'Give labels a name that goes with their images: x_train, y_train, x_test, y_test; train-images…, train-labels….',
      });
    }
    sets.add(setKey(array.name));
    if (sets.size > 1 || pairs.has(part)) {
      return refuse(file, {
        expected: 'one data set',
        received: `several: ${images.map(({ name }) => name).join(', ')}`,
        remedy: 'Give one of these files, or a folder of its own to each data set.',
      });
    }
    pairs.set(part, { images: array, labels: label });
  }
  return partsOf(pairs, file, arrays);
}

function partsOf(pairs: ReadonlyMap<PartName, Pair>, file: string, arrays: readonly NamedArray[]): RawParts {
  const validation = pairs.get('validation');
  const train = pairs.get('train') ?? (pairs.size === 1 ? [...pairs.values()][0] : undefined);
  if (train === undefined) {
    return refuse(file, {
      expected: 'arrays of images [n, rows, columns] and of labels [n]',
      received:
        arrays.length === 0 ? 'none' : arrays.map((one) => `${one.name} ${describeShape(one)}`).join(', '),
      remedy: 'Keras names them x_train, y_train, x_test and y_test.',
    });
  }
  const test = pairs.get('test') ?? (train === validation ? undefined : validation);
  const used = [train, ...(test === undefined ? [] : [test])];
  const notes = used.map((pair) => `images from ${pair.images.name}, labels from ${pair.labels.name}`);
  if (validation !== undefined && !used.includes(validation)) {
    notes.push(`${validation.images.name} is not used: there are test images`);
  }
  return { train: examplesOf(train), ...(test !== undefined && { test: examplesOf(test) }), notes };
}

/** Where one key has images with rows and columns and the same as plain rows (scikit-learn), the former. */
function preferred(images: readonly NamedArray[]): NamedArray[] {
  return images.filter(
    (one) =>
      one.array.shape.length > 2 ||
      !images.some(
        (other) =>
          other !== one &&
          other.array.shape.length > 2 &&
          pairKey(other.name) === pairKey(one.name) &&
          other.array.shape[0] === one.array.shape[0],
      ),
  );
}

function labelsFor(
  array: NamedArray,
  images: readonly NamedArray[],
  labels: readonly NamedArray[],
): NamedArray | undefined {
  const n = array.array.shape[0];
  const fitting = labels.filter((label) => label.array.shape[0] === n);
  const named = fitting.filter((label) => pairKey(label.name) === pairKey(array.name));
  if (named.length === 1) return named[0];
  const part = partOfName(array.name);
  const ofPart = fitting.filter((label) => partOfName(label.name) === part);
  const rivals = images.filter((other) => other !== array && partOfName(other.name) === part);
  return ofPart.length === 1 && rivals.length === 0 ? ofPart[0] : undefined;
}

function isImages({ array: { data, shape } }: NamedArray): boolean {
  if (Array.isArray(data)) return false;
  return shape.length >= 3 ? shape.length <= 4 : shape.length === 2 && shape[1] >= 16 && isSquare(shape[1]);
}

/** One axis; or a column; or QMNIST's table of eight numbers an image, the first of which is the label. */
function isLabels({ array: { shape, data } }: NamedArray): boolean {
  if (shape.length === 1) return true;
  return shape.length === 2 && (shape[1] === 1 || (shape[1] === 8 && data instanceof Int32Array));
}

function examplesOf({ images, labels }: Pair): RawExamples {
  const columns = labels.array.shape[1] ?? 1;
  const all = labels.array.data as ArrayLike<number> | NpyTexts['data'];
  const n = labels.array.shape[0];
  const first: RawLabels =
    columns === 1 ? all : Int32Array.from({ length: n }, (_, i) => (all as ArrayLike<number>)[i * columns]);
  return {
    images: imageTensor(images),
    labels: first,
    file: images.file,
    labelFile: labels.file,
    labelAt: (i) => ({ file: labels.file, at: labels.at?.(i * columns) ?? `label ${i}` }),
    imageAt: (i) => ({ file: images.file, at: `image ${i}` }),
    bytes: images.array.data instanceof Uint8Array,
  };
}

/** Rows of pixels as squares; channels, where they come first, as the last axis. */
function imageTensor({ array }: NamedArray): Tensor {
  const { data, shape } = array as Tensor;
  if (shape.length === 2) return { data, shape: [shape[0], Math.sqrt(shape[1]), Math.sqrt(shape[1])] };
  const [n, a, b, c] = shape;
  if (shape.length === 4 && (a === 1 || a === 3) && c !== 1 && c !== 3) {
    if (a === 1) return { data, shape: [n, b, c] };
    const moved = data.slice();
    const area = b * c;
    for (let i = 0; i < n; i++) {
      for (let channel = 0; channel < a; channel++) {
        for (let k = 0; k < area; k++)
          moved[(i * area + k) * a + channel] = data[(i * a + channel) * area + k];
      }
    }
    return { data: moved, shape: [n, b, c, a] };
  }
  return { data, shape };
}

function describeShape({ array: { shape } }: NamedArray): string {
  return `(${shape.join(' × ')}${sizeOf(shape) === 0 ? ', empty' : ''})`;
}
