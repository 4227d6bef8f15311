/** Raised when the kernels of convolution, depthwise convolution or pooling give other bits. */
export const CONVOLUTION_NUMERICS = 1;
