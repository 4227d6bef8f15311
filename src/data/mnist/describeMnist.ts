import { formatShape } from '../../util/tensor.ts';
import { classCounts } from '../examples.ts';
import type { DataSet } from '../dataSet.ts';
import { MNIST_FILES, type MnistFile } from './mnistFiles.ts';

export interface MnistDescription {
  /** `Training data shape: (60000, 28, 28)` and `Test data shape: (10000, 28, 28)`. */
  readonly shapes: readonly [train: string, test: string];
  /** Images per class, 0 to 9. */
  readonly classCounts: { readonly train: readonly number[]; readonly test: readonly number[] };
  /** The files that the data come from, with the sizes and checksums they were held to. */
  readonly files: readonly MnistFile[];
}

/** What `dactyl data` says about MNIST. */
export function describeMnist(mnist: DataSet): MnistDescription {
  return {
    shapes: [
      `Training data shape: ${formatShape(mnist.train.images.shape)}`,
      `Test data shape: ${formatShape(mnist.test.images.shape)}`,
    ],
    classCounts: { train: classCounts(mnist.train), test: classCounts(mnist.test) },
    files: Object.values(MNIST_FILES),
  };
}
