/** Studies, searches and records as values; `dactyl/node` runs and keeps them. */
export type { Executor, ExecutorOptions } from './study/executor.ts';
export { resolveStudy, Study, StudyFile, studyHash } from './study/configuration.ts';
export { parseStudy } from './study/studyFile.ts';
export { PAPER_RECIPE, Recipe } from './study/recipe.ts';
export { Results } from './study/results.ts';
export type { StudyTrial, TrialResult } from './study/results.ts';
export type { TrialOutcome } from './study/trial.ts';
export type { TrialConfiguration } from './study/trialConfiguration.ts';
export type { DataSource } from './study/trialData.ts';
export { judgePredictions } from './study/judgePredictions.ts';
export type { PredictionJudgement } from './study/judgePredictions.ts';
export { resolveTuning, Tuning, TuningFile, tuningHash } from './study/tuning/configuration.ts';
export { parseTuning } from './study/tuning/tuningFile.ts';
export { bestStudy } from './study/tuning/results.ts';
export type { TuningResults } from './study/tuning/results.ts';
export type { SearchedTrial } from './study/tuning/searchedTrial.ts';
export { privacyRunsOf } from './study/privacyRuns.ts';
export { trainedRows } from './study/trialData.ts';
