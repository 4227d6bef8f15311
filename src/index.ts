/// <reference lib="esnext.disposable" preserve="true" />
/** Dactyl as a library. */
export { Dense, Dropout, Flatten, Input, Rescaling } from './nn/layers.ts';
export type { ActivationOption, DenseOptions, Layer, Regularizer } from './nn/layers.ts';
export { Sequential } from './nn/sequential.ts';
export type { CompileOptions } from './nn/sequential.ts';
export type { Compiled, Evaluation, Model } from './nn/model.ts';
export type { FitOptions } from './nn/fit.ts';
export type { PrivacyOptions } from './nn/privacy.ts';
export type { Callback } from './nn/callbacks.ts';
export { History } from './nn/history.ts';
export type { EpochLogs } from './nn/history.ts';
export type { EarlyStoppingOptions } from './nn/earlyStopping.ts';
export { SCHEDULES } from './nn/schedules.ts';
export type { Schedule, ScheduleName } from './nn/schedules.ts';
export type { Distortion } from './images/distortion.ts';
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
export type { EvaluationData, Subject, SubjectName, Work } from './analysis/subject.ts';
export { measureAnswers } from './analysis/evaluation/answers.ts';
export type { Answers, SubjectAnswers } from './analysis/evaluation/answers.ts';
export { expectedCost } from './analysis/evaluation/costs.ts';
export type { Costs, ExpectedCost } from './analysis/evaluation/costs.ts';
export { brierScore } from './analysis/calibration/brier.ts';
export { logLoss } from './analysis/calibration/logLoss.ts';
export { softmax, topLabel } from './analysis/calibration/predictions.ts';
export type { Predictions, TopLabel } from './analysis/calibration/predictions.ts';
export { equalMassDiagram, reliabilityDiagram } from './analysis/calibration/reliability.ts';
export type { ReliabilityBin } from './analysis/calibration/reliability.ts';
export {
  chanceCalibrationError,
  debiasedSquaredError,
  expectedCalibrationError,
} from './analysis/calibration/calibrationError.ts';
export { fitTemperature } from './analysis/calibration/temperature.ts';
export { riskCoverage } from './analysis/calibration/riskCoverage.ts';
export type { RiskCoverage } from './analysis/calibration/riskCoverage.ts';
export { riskThreshold } from './analysis/calibration/abstention.ts';
export type { RiskThreshold } from './analysis/calibration/abstention.ts';
export { lacScores } from './analysis/calibration/conformal/lac.ts';
export { apsScores } from './analysis/calibration/conformal/aps.ts';
export { rapsScores, tuneRaps } from './analysis/calibration/conformal/raps.ts';
export { mondrianQuantiles } from './analysis/calibration/conformal/mondrian.ts';
export { conformalQuantile, countSets } from './analysis/calibration/conformal/sets.ts';
export { measureCalibration } from './analysis/calibration/measure.ts';
export type { Calibration, CalibrationImages, CalibrationOptions } from './analysis/calibration/measure.ts';
export { confidentLearning } from './analysis/labelErrors/confidentLearning.ts';
export { labelScores, rankByScore } from './analysis/labelErrors/ranking.ts';
export { measureLabelErrors } from './analysis/labelErrors/measure.ts';
export type { LabelErrorOptions, LabelErrors } from './analysis/labelErrors/measure.ts';

export { adversarialMeasures } from './analysis/adversarial/measures.ts';
export type { AdversarialMeasures } from './analysis/adversarial/measures.ts';
export { measureAdversarial } from './analysis/adversarial/measure.ts';
export type { Adversarial, AdversarialOptions } from './analysis/adversarial/measure.ts';
export { sensitivityMeasures } from './analysis/sensitivity/measures.ts';
export type { SensitivityMeasures } from './analysis/sensitivity/measures.ts';
export { measureSensitivity } from './analysis/sensitivity/measure.ts';
export type { Sensitivity, SensitivityOptions } from './analysis/sensitivity/measure.ts';

export { measureRobustness } from './analysis/robustness/measureRobustness.ts';
export type { RobustnessOptions } from './analysis/robustness/measureRobustness.ts';
export { robustnessMeasures } from './analysis/robustness/measures.ts';
export type { RobustnessMeasures } from './analysis/robustness/measures.ts';
export type { Robustness } from './analysis/robustness/result.ts';
export { CORRUPTIONS, SWEEPS } from './images/corruptions/all.ts';
export { corruptImages } from './images/corruptions/corruptImages.ts';
export type { Corruption } from './images/corruptions/corruption.ts';

export { measureEquity } from './analysis/equity/measure.ts';
export type { ArmEquity, Equity, EquityOptions } from './analysis/equity/measure.ts';
export { mitigationOf } from './analysis/equity/mitigation.ts';
export type { RecipeEffect } from './analysis/equity/mitigation.ts';
export { strokeMeasures } from './analysis/equity/strokeMeasures.ts';
export type { StrokeMeasures } from './analysis/equity/strokeMeasures.ts';

export { baselineImages, BASELINES, meanImage } from './analysis/explanations/baselines.ts';
export type { BaselineName } from './analysis/explanations/baselines.ts';
export { counterfactuals } from './analysis/explanations/counterfactual.ts';
export type { Counterfactual } from './analysis/explanations/counterfactual.ts';
export { faithfulness } from './analysis/explanations/faithfulness.ts';
export type { FaithfulnessCurves } from './analysis/explanations/faithfulness.ts';
export { gradient, gradientTimesInput } from './analysis/explanations/gradient.ts';
export { hiddenUnits } from './analysis/explanations/hiddenUnits.ts';
export type { HiddenLayerUnits, HiddenUnit } from './analysis/explanations/hiddenUnits.ts';
export { integratedGradients } from './analysis/explanations/integratedGradients.ts';
export type {
  IntegratedGradients,
  IntegratedGradientsOptions,
} from './analysis/explanations/integratedGradients.ts';
export { measureExplanations } from './analysis/explanations/measure.ts';
export type { ExplanationOptions, Explanations } from './analysis/explanations/measure.ts';
export { nearestTraining } from './analysis/explanations/neighbours.ts';
export type { Neighbours } from './analysis/explanations/neighbours.ts';
export { occlusion } from './analysis/explanations/occlusion.ts';
export type { OcclusionOptions } from './analysis/explanations/occlusion.ts';
export { layerwiseRelevance } from './analysis/explanations/relevance.ts';
export type { RelevanceOptions } from './analysis/explanations/relevance.ts';
export { smoothGrad } from './analysis/explanations/smoothGrad.ts';
export type { SmoothGradOptions } from './analysis/explanations/smoothGrad.ts';
export type { Target } from './analysis/explanations/target.ts';

export { runStudy } from './queue/runStudy.ts';
export type { RunStudyOptions, StudyEvent } from './queue/runStudy.ts';
export { createLocalExecutor } from './queue/local.ts';
export type { Checkpoints } from './store/checkpoints.ts';
export type { Executor, ExecutorOptions } from './study/executor.ts';
export { resolveStudy, Study, StudyFile, studyHash } from './study/configuration.ts';
export { parseStudy } from './study/studyFile.ts';
export { PAPER_RECIPE, Recipe } from './study/recipe.ts';
export { Results } from './study/results.ts';
export type { StudyTrial, TrialResult } from './study/results.ts';
export type { TrialOutcome } from './study/trial.ts';
export type { TrialConfiguration } from './study/trialConfiguration.ts';
export type { DataSource } from './study/trialData.ts';

export { parsePredictions } from './analysis/predictionTable.ts';
export type { PredictionTable } from './analysis/predictionTable.ts';
export { alignPredictions } from './analysis/alignPredictions.ts';
export { judgePredictions } from './study/judgePredictions.ts';
export type { PredictionJudgement } from './study/judgePredictions.ts';

export { runTuning } from './queue/tune.ts';
export type { RunTuningOptions, TuningEvent } from './queue/tune.ts';
export { resolveTuning, Tuning, TuningFile, tuningHash } from './study/tuning/configuration.ts';
export { parseTuning } from './study/tuning/tuningFile.ts';
export { bestStudy } from './study/tuning/results.ts';
export type { TuningResults } from './study/tuning/results.ts';
export type { SearchedTrial } from './study/tuning/searchedTrial.ts';
export { parameterImportance } from './analysis/importance/parameterImportance.ts';
export type { Importance } from './analysis/importance/parameterImportance.ts';

export { privacySpent } from './analysis/privacy/accountant.ts';
export type { Conversion, PrivacySpent, PrivateTraining } from './analysis/privacy/accountant.ts';
export { measurePrivacy } from './analysis/privacy/lossThreshold.ts';
export type { ArmAudit, AuditOptions, PrivacyAudit, RunAudit } from './analysis/privacy/lossThreshold.ts';
export { measureMembership, membershipTrial } from './analysis/privacy/membership.ts';
export type { ArmMembership, Membership, MembershipTrial } from './analysis/privacy/membership.ts';
export { priceOfPrivacy } from './analysis/privacy/price.ts';
export type { PriceOfPrivacy, PricePoint, PrivacyRun } from './analysis/privacy/price.ts';
export { privacyRunsOf } from './study/privacyRuns.ts';
export { trainedRows } from './study/trialData.ts';

export { mean, standardDeviation, quantile } from './stats/describe.ts';
export { pairedDifferences } from './stats/differences.ts';
export { studentCdf, studentInterval, studentQuantile } from './stats/student.ts';
export type { StudentInterval } from './stats/student.ts';
export { bootstrap } from './stats/bca.ts';
export type { BootstrapInterval, BootstrapOptions } from './stats/bca.ts';
export { crossedBootstrap } from './stats/crossedBootstrap.ts';
export type { CrossedBootstrap, CrossedBootstrapOptions } from './stats/crossedBootstrap.ts';
export { pairedPermutation } from './stats/permutation.ts';
export type { PermutationOptions, PermutationTest } from './stats/permutation.ts';
export { twoSamplePermutation } from './stats/twoSamplePermutation.ts';
export { pairedT } from './stats/pairedT.ts';
export { welch } from './stats/welch.ts';
export type { Alternative, TTest, TTestOptions } from './stats/tTest.ts';
export { nadeauBengio } from './stats/nadeauBengio.ts';
export { alpaydinF, dietterichT } from './stats/fiveByTwo.ts';
export type { FiveByTwo, FTest } from './stats/fiveByTwo.ts';
export { wilcoxon } from './stats/wilcoxon.ts';
export type { Wilcoxon } from './stats/wilcoxon.ts';
export { mcnemar, pairedAnswers } from './stats/mcnemar.ts';
export type { McNemar, PairedAnswers } from './stats/mcnemar.ts';
export { clopperPearson } from './stats/binomial.ts';
export { wilson } from './stats/wilson.ts';
export { pairedSuperiority, superiority } from './stats/superiority.ts';
export type { Superiority } from './stats/superiority.ts';
export { effectSize } from './stats/effectSize.ts';
export type { EffectSize } from './stats/effectSize.ts';
export { tost } from './stats/equivalence.ts';
export type { Equivalence } from './stats/equivalence.ts';
export { placeAgainstRope } from './stats/rope.ts';
export type { RopeVerdict } from './stats/rope.ts';
export { holm } from './stats/holm.ts';
export { seedsForEquivalence, seedsForSuperiority, tostPower, tTestPower } from './stats/power.ts';
export type { PowerOptions, SeedsOptions } from './stats/power.ts';
export { anytimeHalfWidth, anytimeInterval, firstDecision } from './stats/sequential.ts';
export type { AnytimeInterval, SequentialDecision, SequentialOptions } from './stats/sequential.ts';

export { DactylError, ERROR_CODES } from './util/errors.ts';
export type { ErrorCode } from './util/errors.ts';
export { Random } from './util/random.ts';
export type { Tensor } from './util/tensor.ts';
