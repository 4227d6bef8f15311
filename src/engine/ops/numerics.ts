/** Raised when the kernels of convolution, depthwise convolution or pooling give other bits; `sumOrder.test.ts` holds them to the order of their sums. */
export const CONVOLUTION_NUMERICS = 1;
