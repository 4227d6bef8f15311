/**
 * Raised when the kernels of convolution, depthwise convolution or pooling give other bits; `sumOrder.test.ts` and `pooledConv2d.test.ts` hold them to the order of their sums.
 * 2: convolution and max pooling as one.
 */
export const CONVOLUTION_NUMERICS = 2;

/** The ops with these kernels: what is trained with one of them carries the number in its key. */
export const CONVOLUTION_KINDS: readonly string[] = [
  'conv2d',
  'depthwiseConv2d',
  'maxPooling2d',
  'averagePooling2d',
  'globalAveragePooling2d',
];
