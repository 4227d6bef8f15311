export { averagePoolingBackward, averagePoolingForward } from "./averagePooling2d";
export { batchBackward, batchForward, batchGradient, batchMoments, inverseDeviation, moveAverage } from "./batchNormalization";
export { conv2dForward, conv2dGradient, conv2dInputGradient, conv2dTranspose } from "./conv2d";
export { depthwiseForward, depthwiseGradient, depthwiseInputGradient } from "./depthwiseConv2d";
export { layerBackward, layerForward, layerGradient } from "./layerNormalization";
export { maxPoolingBackward, maxPoolingForward } from "./maxPooling2d";
