/** `dactyl/nn`: networks, their layers and training, the arrays that go in and out. Runs in Node and in a page. */
export { Dense, Dropout, Flatten, Input, Rescaling } from './nn/layers.ts';
export type { ActivationOption, DenseOptions, Layer, Regularizer } from './nn/layers.ts';
export { Sequential } from './nn/sequential.ts';
export type { CompileOptions } from './nn/sequential.ts';
export type { Compiled, Evaluation, Model } from './nn/model.ts';
export type { FitOptions } from './nn/fit.ts';
export type { PrivacyOptions } from './nn/privacy.ts';
export type { Callback, TrainingPast } from './nn/callbacks.ts';
export { ReduceLROnPlateau } from './nn/callbacks/reduceLROnPlateau.ts';
export type { ReduceLROnPlateauOptions } from './nn/callbacks/reduceLROnPlateau.ts';
export { classificationReport } from './nn/metrics/classificationReport.ts';
export type {
  ClassificationReport,
  ClassificationReportOptions,
  ReportScores,
} from './nn/metrics/classificationReport.ts';
export { History } from './nn/history.ts';
export type { EpochLogs } from './nn/history.ts';
export type { EarlyStoppingOptions } from './nn/earlyStopping.ts';
export { SCHEDULES } from './nn/schedules.ts';
export type { Schedule, ScheduleName } from './nn/schedules.ts';
export type { Distortion } from './images/distortion.ts';
export { Adagrad, Adam, AdamW, Lion, RMSprop, SGD } from './nn/optimizers.ts';
export type { DistillationOptions } from './nn/distillation.ts';
export { toCategorical } from './nn/losses.ts';
export type { Labels } from './nn/losses.ts';
export { decodeModel, encodeModel } from './nn/saved.ts';
export { decodeFitState, encodeFitState } from './nn/fitState.ts';
export type { FitState } from './nn/fitState.ts';
export { createWasmEngine } from './engine/wasm.ts';
export type { ActivationName } from './engine/activations.ts';
export type { InitializerName } from './nn/initializers.ts';
export type { Engine, OptimizerSpec } from './engine/engine.ts';
export type { Mnist } from './datasets/mnist.ts';
export type { Dataset } from './datasets/dataset.ts';
export { readIdx, readIdxImages, readIdxLabels } from './datasets/idx.ts';

export { DactylError, ERROR_CODES } from './util/errors.ts';
export type { ErrorCode } from './util/errors.ts';
export { Random } from './util/random.ts';
export type { Tensor } from './util/tensor.ts';
