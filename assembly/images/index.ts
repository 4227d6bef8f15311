export { averagePoolingBackward, averagePoolingForward } from "./averagePooling2d";
export { conv2dForward, conv2dGradient, conv2dInputGradient, conv2dTranspose } from "./conv2d";
export { depthwiseForward, depthwiseGradient, depthwiseInputGradient } from "./depthwiseConv2d";
export { maxPoolingBackward, maxPoolingForward } from "./maxPooling2d";
