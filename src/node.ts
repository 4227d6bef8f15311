/** `dactyl/node`: files, and studies and searches in worker threads. */
export { loadDataset } from './store/loadDataset.ts';
export type { DataOrigin, LoadDatasetOptions } from './store/loadDataset.ts';
export { loadPicture } from './store/loadPicture.ts';
export { loadMnist } from './store/mnist.ts';
export type { LoadMnistOptions } from './store/mnist.ts';
export { loadModel, saveModel } from './store/models.ts';
export { shippedReader } from './store/reader.ts';
export { CSVLogger } from './store/callbacks/csvLogger.ts';
export type { CSVLoggerOptions } from './store/callbacks/csvLogger.ts';
export { ModelCheckpoint } from './store/callbacks/modelCheckpoint.ts';
export type { ModelCheckpointOptions } from './store/callbacks/modelCheckpoint.ts';
export { TensorBoard } from './store/callbacks/tensorBoard.ts';
export type { TensorBoardOptions } from './store/callbacks/tensorBoard.ts';
export { runStudy } from './queue/runStudy.ts';
export type { RunStudyOptions, StudyEvent } from './queue/runStudy.ts';
export { createLocalExecutor } from './queue/local.ts';
export type { Checkpoints } from './store/checkpoints.ts';
export { runTuning } from './queue/tune.ts';
export type { RunTuningOptions, TuningEvent } from './queue/tune.ts';
export * from './study.ts';

export { DactylError, ERROR_CODES } from './util/errors.ts';
export type { ErrorCode } from './util/errors.ts';
