/// <reference lib="esnext.disposable" preserve="true" />
/** Dactyl as a library. */
export { Dense, Dropout, Flatten, Input, Rescaling } from './nn/layers.ts';
export type { ActivationOption, DenseOptions, Layer, Regularizer } from './nn/layers.ts';
export { Sequential } from './nn/sequential.ts';
export type { CompileOptions } from './nn/sequential.ts';
export type { Compiled, Evaluation, Model } from './nn/model.ts';
export type { FitOptions } from './nn/fit.ts';
export type { Callback } from './nn/callbacks.ts';
export { History } from './nn/history.ts';
export type { EpochLogs } from './nn/history.ts';
export { Adam, SGD } from './nn/optimizers.ts';
export { toCategorical } from './nn/losses.ts';
export { decodeModel, encodeModel } from './nn/saved.ts';
export { createWasmEngine } from './engine/wasm.ts';
export type { ActivationName } from './engine/activations.ts';
export type { InitializerName } from './nn/initializers.ts';
export type { Engine } from './engine/engine.ts';

export { loadMnist } from './store/mnist.ts';
export type { LoadMnistOptions } from './store/mnist.ts';
export { loadModel, saveModel } from './store/models.ts';
export type { Mnist } from './datasets/mnist.ts';
export type { Dataset } from './datasets/dataset.ts';
export { readIdx, readIdxImages, readIdxLabels } from './datasets/idx.ts';

export { confusionMatrix } from './analysis/confusion.ts';
export { mean, standardDeviation } from './stats/describe.ts';
export { studentInterval } from './stats/student.ts';

export { Results } from './study/results.ts';
export { DactylError, ERROR_CODES } from './util/errors.ts';
export type { ErrorCode } from './util/errors.ts';
export type { Tensor } from './util/tensor.ts';
