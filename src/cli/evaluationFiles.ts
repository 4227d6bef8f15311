import { basename } from 'node:path';
import { type Static, Type } from 'typebox';
import { type Costs, unitCosts } from '../analysis/evaluation/costs.ts';
import type { DataSet } from '../data/dataSet.ts';
import type { Examples } from '../data/examples.ts';
import { isMnist } from '../data/identity.ts';
import { imageSize } from '../data/makeDataSet.ts';
import { examplesFromIdx } from '../data/readers/idxExamples.ts';
import { MNIST_FILES } from '../data/mnist/mnistFiles.ts';
import { readFile, readJson } from '../store/readFile.ts';
import { inSharedMemory } from '../store/sharedMemory.ts';
import { loadWriters } from '../store/writers.ts';
import type { Evaluation } from '../study/evaluation/record.ts';
import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { formatShape } from '../util/tensor.ts';

export interface OwnFiles {
  readonly images?: string;
  readonly labels?: string;
  readonly writers?: string;
  readonly costs?: string;
}

export interface EvaluationFiles {
  readonly own: { readonly test: Examples } | null;
  readonly files: Evaluation['data']['files'];
  readonly writers: { readonly of: Uint16Array; readonly sha256: string } | null;
  readonly costs: Evaluation['costs'];
}

/** Fewer images than this make no accuracy worth an interval. */
const FEWEST = 100;

/**
 * The files that the user gives to an evaluation. Throws E_ARGUMENT for images without labels or the other way round, or writers beside
 * images of one's own or of other data than MNIST, E_SHAPE for images of another size than the data set's or fewer than 100, E_LABEL for a class that it does
 * not have, E_FILE, E_IDX and E_FORMAT.
 */
export function readEvaluationFiles(
  { images, labels, writers, costs }: OwnFiles,
  set: DataSet,
): EvaluationFiles {
  if ((images === undefined) !== (labels === undefined)) {
    throw new DactylError(
      'E_ARGUMENT',
      `Test images of your own need labels, for without the true classes nothing can be measured: expected --images and --labels together, received only ${images === undefined ? '--labels' : '--images'}.`,
    );
  }
  if (images !== undefined && writers !== undefined) {
    throw new DactylError(
      'E_ARGUMENT',
      '--writers names the writers of MNIST’s test images; received it together with --images. Leave one of the two out.',
    );
  }
  if (writers !== undefined && !isMnist(set.identity)) {
    throw new DactylError(
      'E_ARGUMENT',
      `--writers names the writers of MNIST’s test images; received it together with --data ${set.name}. Leave it out.`,
    );
  }
  const { shape, classes } = set;
  const files = filesOf(set);
  const base = {
    writers:
      writers === undefined ? null : { of: loadWriters(writers, set.test.labels), sha256: hashOf(writers) },
    costs:
      costs === undefined ? { matrix: unitCosts(classes.length), source: null } : readCosts(costs, classes),
  };
  if (images === undefined || labels === undefined) return { ...base, own: null, files };
  const read = { images: readFile(images), labels: readFile(labels) };
  const own = examplesFromIdx(read.images, basename(images), read.labels, basename(labels), 10);
  const [n, ...size] = own.images.shape;
  if (size.join() !== shape.join() || n < FEWEST) {
    throw new DactylError(
      'E_SHAPE',
      `${images}: expected at least ${FEWEST} images of ${imageSize(shape)}, received ${formatShape(own.images.shape)}. Bring them to that size, ${set.facts.shows === 'digits' ? 'white digits on black' : 'as light and dark as the training images'}, before.`,
    );
  }
  return {
    ...base,
    own: { test: inSharedMemory({ ...own, classes: classes.length }) },
    files: [
      ...files.slice(0, 2),
      { file: basename(images), sha256: sha256Hex(read.images) },
      { file: basename(labels), sha256: sha256Hex(read.labels) },
    ],
  };
}

/** The files of MNIST; of other data the sums of their identity, by what they are of. */
function filesOf({ identity }: DataSet): EvaluationFiles['files'] {
  if (isMnist(identity)) return Object.values(MNIST_FILES).map(({ file, sha256 }) => ({ file, sha256 }));
  const parts = ['training images', 'training labels', 'test images', 'test labels', 'names of the classes'];
  return identity.map((sha256, k) => ({ file: parts[k], sha256 }));
}

const costsFile = (classes: number) =>
  Type.Array(Type.Array(Type.Number({ minimum: 0 }), { minItems: classes, maxItems: classes }), {
    minItems: classes,
    maxItems: classes,
    description: '[true class][taken for]',
  });

function readCosts(path: string, classes: readonly string[]): Evaluation['costs'] {
  const schema = costsFile(classes.length);
  const matrix: Costs = readJson(path, schema) satisfies Static<typeof schema>;
  const at = matrix.findIndex((row, t) => row[t] !== 0);
  if (at >= 0) {
    throw new DactylError(
      'E_FORMAT',
      `${path}: expected 0 as the cost of a right answer, received ${matrix[at][at]} for the class ${classes[at]}.`,
    );
  }
  return { matrix, source: { file: basename(path), sha256: hashOf(path) } };
}

function hashOf(path: string): string {
  return sha256Hex(readFile(path));
}
