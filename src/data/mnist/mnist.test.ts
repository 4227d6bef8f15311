import { expect, test } from 'vitest';
import { mnistFromFiles, verifyChecksum } from './mnist.ts';
import { MNIST_FILES } from './mnistFiles.ts';

test('a file that is absent is named', () => {
  expect(() => mnistFromFiles({})).toThrow(/MNIST: expected the file train-images-idx3-ubyte, received none/);
});

test('the size is held to before the content: expected and received are named', () => {
  const { testLabels } = MNIST_FILES;
  expect(() => verifyChecksum(new Uint8Array(5), testLabels)).toThrow(
    /^t10k-labels-idx1-ubyte: expected 10008 bytes, received 5\. .*reinstalling/,
  );
  expect(() => verifyChecksum(new Uint8Array(10_008), testLabels)).toThrow(
    new RegExp(`^t10k-labels-idx1-ubyte: expected SHA-256 ${testLabels.sha256}, received [0-9a-f]{64}\\.`),
  );
  expect(() => verifyChecksum(new Uint8Array(0), testLabels)).toThrow(
    expect.objectContaining({ code: 'E_CHECKSUM' }),
  );
});
