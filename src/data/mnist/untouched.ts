import { sizeOf, type Tensor } from '../../util/tensor.ts';
import type { Examples } from '../examples.ts';
import { refuse } from '../readers/refuse.ts';

/** The test images that MNIST's authors drew and never published, restored by QMNIST (Yadav & Bottou 2019): nobody has tuned on them. */
export interface UntouchedDigits extends Examples {
  /** NIST's numbers. */
  readonly writers: Uint16Array;
}

/** So many of QMNIST's test images are MNIST's published ones. */
const PUBLISHED = 10_000;
const COLUMNS = 8;

/**
 * Images and writers from QMNIST's two test files as `readIdx` gives them: bytes [n, 28, 28], and int32 [n, 8], a row an image with class, series, writer
 * and five more numbers. The first 10,000 are left out, for they are MNIST's. Throws E_DATA, naming `files`, for arrays that are not these.
 */
export function untouchedDigits(
  images: Tensor,
  table: Tensor,
  files: readonly [images: string, labels: string],
): UntouchedDigits {
  const [n, ...extents] = images.shape;
  if (!(images.data instanceof Uint8Array) || extents.join() !== '28,28' || n <= PUBLISHED) {
    refuse(files[0], {
      expected: `QMNIST's test images, more than 10,000 of 28 × 28 bytes`,
      received: `an array of the shape [${images.shape.join(', ')}]`,
    });
  }
  if (table.shape.join() !== `${n},${COLUMNS}`) {
    refuse(files[1], {
      expected: `a row of ${COLUMNS} whole numbers for each of ${n} images`,
      received: `an array of the shape [${table.shape.join(', ')}]`,
    });
  }
  const count = n - PUBLISHED;
  const [labels, writers] = [new Uint8Array(count), new Uint16Array(count)];
  for (let i = 0; i < count; i++) {
    const row = (PUBLISHED + i) * COLUMNS;
    const [label, writer] = [table.data[row], table.data[row + 2]];
    if (!(label >= 0 && label <= 9) || !(writer >= 0 && writer <= 65_535)) {
      refuse(files[1], {
        at: `row ${PUBLISHED + i + 1}`,
        expected: 'a class from 0 to 9 and a writer from 0 to 65,535',
        received: `${label} and ${writer}`,
      });
    }
    labels[i] = label;
    writers[i] = writer;
  }
  const size = sizeOf(extents);
  const data = images.data.subarray(PUBLISHED * size, n * size);
  return { images: { data, shape: [count, ...extents] }, labels, classes: 10, writers };
}
