/** `dactyl/analysis`: what the critical evaluation measures, networks and images to plain data. Runs in Node and in a page. */
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
export { estimatedAccuracy, estimateError } from './analysis/drift/estimatedAccuracy.ts';
export type { EstimateError } from './analysis/drift/estimatedAccuracy.ts';
export { measureDrift } from './analysis/drift/measureDrift.ts';
export { driftObservations } from './analysis/drift/observations.ts';
export type { CalibratedAnswers, DriftObservations } from './analysis/drift/observations.ts';
export { driftProfile } from './analysis/drift/profile.ts';
export type { DriftProfile } from './analysis/drift/profile.ts';
export { DRIFT_RULE } from './analysis/drift/rule.ts';
export type { DriftKind, DriftMeasure } from './analysis/drift/rule.ts';
export { measureUntouched } from './analysis/untouched/measure.ts';
export type {
  ArmsUntouched,
  ArmUntouched,
  CrossedMean,
  Untouched,
  UntouchedOptions,
} from './analysis/untouched/measure.ts';
export type { UntouchedDigits } from './data/mnist/untouched.ts';
export { measureDrawings } from './analysis/drawings/measure.ts';
export type { ArmDrawings, Drawings, DrawingsOptions } from './analysis/drawings/measure.ts';
export type { DrawnDigits } from './data/unipen/drawnDigits.ts';
export { measureEquity } from './analysis/equity/measure.ts';
export type { ArmEquity, Equity, EquityOptions } from './analysis/equity/measure.ts';
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
export { parsePredictions } from './analysis/predictionTable.ts';
export type { PredictionTable } from './analysis/predictionTable.ts';
export { alignPredictions } from './analysis/alignPredictions.ts';
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

export { DactylError, ERROR_CODES } from './util/errors.ts';
export type { ErrorCode } from './util/errors.ts';
export { Random } from './util/random.ts';
export type { Tensor } from './util/tensor.ts';
