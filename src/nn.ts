/** `dactyl/nn`: networks, their layers and training, the arrays that go in and out. Runs in Node and in a page. */
import './engine/texts.ts';

export {
  Activation,
  AveragePooling2D,
  BatchNormalization,
  Conv2D,
  DepthwiseConv2D,
  GlobalAveragePooling2D,
  LayerNormalization,
  MaxPooling2D,
  Dense,
  Dropout,
  Flatten,
  Input,
  layersFrom,
  RandomDistortion,
  Rescaling,
  Reshape,
} from './nn/layers.ts';
export type {
  ActivationOption,
  BatchNormalizationOptions,
  Conv2DOptions,
  DenseOptions,
  DepthwiseConv2DOptions,
  LayerNormalizationOptions,
  PoolingOptions,
  Layer,
  LayerOptions,
  Regularizer,
} from './nn/layers.ts';
export { layerOutputs } from './nn/layerOutputs.ts';
export { Sequential } from './nn/sequential.ts';
export type { CompileOptions } from './nn/sequential.ts';
export type { Compiled, Evaluation, Model } from './nn/model.ts';
export type { FitOptions } from './nn/fit.ts';
export type { BatchFitOptions, EpochBatches } from './nn/fitBatches.ts';
export type { Batches, LabelledBatch } from './nn/batches.ts';
export type { EvaluateOptions } from './nn/sequential.ts';
export type { ClassWeights } from './nn/classWeights.ts';
export type { SampleWeights } from './nn/weights.ts';
export type { Loss } from './nn/losses.ts';
export type { LossFunction } from './engine/loss.ts';
export type { PrivacyOptions } from './nn/privacy.ts';
export type { Callback, TrainingPast } from './nn/callbacks.ts';
export { ReduceLROnPlateau } from './nn/callbacks/reduceLROnPlateau.ts';
export type { ReduceLROnPlateauOptions } from './nn/callbacks/reduceLROnPlateau.ts';
export { Accuracy } from './nn/metrics/accuracy.ts';
export { AUC } from './nn/metrics/auc.ts';
export type { AverageOptions } from './nn/metrics/averaged.ts';
export { BalancedAccuracy } from './nn/metrics/balancedAccuracy.ts';
export { F1Score } from './nn/metrics/f1Score.ts';
export { MeanAbsoluteError } from './nn/metrics/meanAbsoluteError.ts';
export { MeanSquaredError } from './nn/metrics/meanSquaredError.ts';
export type { Metric, MetricBatch, MetricSetting, MetricSpec, MetricState } from './nn/metrics/metric.ts';
export type { MetricName, MetricOption } from './nn/metrics/metrics.ts';
export type { MetricFunction } from './nn/metrics/ownMetric.ts';
export { Precision } from './nn/metrics/precision.ts';
export { Recall } from './nn/metrics/recall.ts';
export { RootMeanSquaredError } from './nn/metrics/rootMeanSquaredError.ts';
export { TopKAccuracy } from './nn/metrics/topKAccuracy.ts';
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
export { cosineDecay } from './nn/schedules/cosine.ts';
export type { CosineOptions } from './nn/schedules/cosine.ts';
export { exponentialDecay } from './nn/schedules/exponential.ts';
export type { ExponentialOptions } from './nn/schedules/exponential.ts';
export type { ScheduleOption, ScheduleSpec } from './nn/schedules/family.ts';
export { linearDecay } from './nn/schedules/linear.ts';
export type { LinearOptions } from './nn/schedules/linear.ts';
export { piecewise } from './nn/schedules/piecewise.ts';
export type { PiecewiseOptions } from './nn/schedules/piecewise.ts';
export type { ScheduleFunction, ScheduleMoment, Span } from './nn/schedules/schedule.ts';
export { stepDecay } from './nn/schedules/step.ts';
export type { StepOptions } from './nn/schedules/step.ts';
export type { Distortion } from './images/distortion.ts';
export * from './nn/optimizers.ts';
export type { DistillationOptions } from './nn/distillation.ts';
export { toCategorical } from './nn/losses.ts';
export type { Labels } from './nn/losses.ts';
export { decodeModel, encodeModel } from './nn/saved.ts';
export { decodeFitState, encodeFitState } from './nn/fitState.ts';
export type { FitState } from './nn/fitState.ts';
export { createWasmEngine } from './engine/wasm.ts';
export type { ActivationFunctions } from './engine/ops/ownActivation.ts';
export type { ActivationName } from './engine/activations/activations.ts';
export type { InitializerName } from './nn/initializers/initializers.ts';
export type { Engine, OptimizerSpec } from './engine/engine.ts';
export type { Mnist } from './data/mnist/mnist.ts';
export type { DataFacts, DataSet, DataSheet, Strata } from './data/dataSet.ts';
export { dataSet } from './data/makeDataSet.ts';
export type { DataSetParts } from './data/makeDataSet.ts';
export type { Dataset, Examples } from './data/examples.ts';
export { bytesFile } from './data/readers/dataFile.ts';
export type { DataFile } from './data/readers/dataFile.ts';
export { readDataSet } from './data/readers/readDataSet.ts';
export type { ReadOptions } from './data/readers/readOptions.ts';
export { readIdx, readIdxImages, readIdxLabels } from './data/readers/idx.ts';

export { DactylError, ERROR_CODES } from './util/errors.ts';
export type { ErrorCode } from './util/errors.ts';
export { Random } from './util/random.ts';
export type { Tensor } from './util/tensor.ts';
