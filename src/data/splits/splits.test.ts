import { expect, test } from 'vitest';
import { loadMnist } from '../../store/mnist.ts';
import { sha256 } from '../../store/sha256.ts';
import { stratifiedFolds } from './folds.ts';
import { classHoldout } from './holdout.ts';

/** Of the row numbers as uint32, the lower bytes first. */
const hashOf = (rows: Uint32Array): string =>
  sha256(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));

test('MNIST’s hold-out and folds are what they were before data sets of any size: every key stands for the same images', () => {
  const { train, strata } = loadMnist();
  expect(hashOf(classHoldout(train.labels, 7, strata!.train).holdout)).toBe(
    'eab7943fd26a87e737a5557b008d06e1b7db31af8989b5cccd72a0bb8c243395',
  );
  expect(stratifiedFolds(train.labels, 5, 3, strata!.train).map(hashOf)).toEqual([
    '99f7d88ae9d8826ffa9575bd84ce800da5747aa5e59b0eae9956248d8ec13fda',
    'ab536c880ae5c9b68720551cfab4b575d1d37a34de86ab8780e69c8d10a40519',
    '2409639c662d4ee116dbbc03cec30f3d9b3a01d613d1aa8aa1d5d838c953ccbd',
    '2bda5295dbbf36831656c7177e6de593f00cdf00d9768ba2f4c0400ec77d3c4c',
    '1cf945f02c2eff3374a46ae032588e2783c73ee048fa775912779e193ebb30d9',
  ]);
});
