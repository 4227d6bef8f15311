import { basename } from 'node:path';
import { type Static, Type } from 'typebox';
import { type Costs, UNIT_COSTS } from '../analysis/evaluation/costs.ts';
import type { Dataset } from '../data/examples.ts';
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
  readonly own: { readonly test: Dataset } | null;
  readonly files: Evaluation['data']['files'];
  readonly writers: { readonly of: Uint16Array; readonly sha256: string } | null;
  readonly costs: Evaluation['costs'];
}

const SIDE = 28;

/** Fewer images than this make no accuracy worth an interval. */
const FEWEST = 100;

/**
 * The files that the user gives to an evaluation. Throws E_ARGUMENT for images without labels or the other way round, or writers beside
 * images of one's own, E_SHAPE for images that are not 28 × 28 or fewer than 100, E_FILE, E_IDX and E_FORMAT.
 */
export function readEvaluationFiles(
  { images, labels, writers, costs }: OwnFiles,
  test: Dataset,
): EvaluationFiles {
  if ((images === undefined) !== (labels === undefined)) {
    throw new DactylError(
      'E_ARGUMENT',
      `Test images of your own need labels, for without the true digits nothing can be measured: expected --images and --labels together, received only ${images === undefined ? '--labels' : '--images'}.`,
    );
  }
  if (images !== undefined && writers !== undefined) {
    throw new DactylError(
      'E_ARGUMENT',
      '--writers names the writers of MNIST’s test images; received it together with --images. Leave one of the two out.',
    );
  }
  const mnist = Object.values(MNIST_FILES).map(({ file, sha256 }) => ({ file, sha256 }));
  const base = {
    writers:
      writers === undefined ? null : { of: loadWriters(writers, test.labels), sha256: hashOf(writers) },
    costs: costs === undefined ? { matrix: UNIT_COSTS, source: null } : readCosts(costs),
  };
  if (images === undefined || labels === undefined) return { ...base, own: null, files: mnist };
  const read = { images: readFile(images), labels: readFile(labels) };
  const own = examplesFromIdx(read.images, basename(images), read.labels, basename(labels), 10);
  const [n, rows, columns] = own.images.shape;
  if (rows !== SIDE || columns !== SIDE || n < FEWEST) {
    throw new DactylError(
      'E_SHAPE',
      `${images}: expected at least ${FEWEST} images of ${SIDE} × ${SIDE} pixels, received ${formatShape(own.images.shape)}. Bring them to that size, white digits on black, before.`,
    );
  }
  return {
    ...base,
    own: { test: inSharedMemory(own) },
    files: [
      ...mnist.slice(0, 2),
      { file: basename(images), sha256: sha256Hex(read.images) },
      { file: basename(labels), sha256: sha256Hex(read.labels) },
    ],
  };
}

const CostsFile = Type.Array(Type.Array(Type.Number({ minimum: 0 }), { minItems: 10, maxItems: 10 }), {
  minItems: 10,
  maxItems: 10,
  description: '[true digit][taken for]',
});

function readCosts(path: string): Evaluation['costs'] {
  const matrix: Costs = readJson(path, CostsFile) satisfies Static<typeof CostsFile>;
  const digit = matrix.findIndex((row, t) => row[t] !== 0);
  if (digit >= 0) {
    throw new DactylError(
      'E_FORMAT',
      `${path}: expected 0 as the cost of a right answer, received ${matrix[digit][digit]} for the digit ${digit}.`,
    );
  }
  return { matrix, source: { file: basename(path), sha256: hashOf(path) } };
}

function hashOf(path: string): string {
  return sha256Hex(readFile(path));
}
