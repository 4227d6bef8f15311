import type { PartName, PartResult } from '../../analysis/evaluation/parts.ts';
import { type Evaluation, resultsOfPart } from '../../study/evaluation/record.ts';
import { adversarialReport } from './adversarial/report.ts';
import { calibrationReport } from './calibration/report.ts';
import { learntBy } from './drawings/learnt.ts';
import { drawingsReport } from './drawings/report.ts';
import { equityReport } from './equity/report.ts';
import { explanationsReport } from './explanations/report.ts';
import { labelErrorsReport } from './labelErrors/report.ts';
import type { PartReport } from './part.ts';
import { augmentationPoint } from './points/augmentation.ts';
import { dataTypesPoint } from './points/dataTypes.ts';
import { mitigationPoint } from './points/mitigation.ts';
import { overfittingPoint } from './points/overfitting.ts';
import { privacyPoint } from './points/privacy.ts';
import { societyPoint } from './points/society.ts';
import { supervisionPoint } from './points/supervision.ts';
import { tuningPoint } from './points/tuning.ts';
import { robustnessReport } from './robustness/report.ts';
import { sensitivityReport } from './sensitivity/report.ts';
import { wordsOfEvaluation } from './evaluationWords.ts';
import { untouchedReport } from './untouched/report.ts';

/** What a part's results, one or one for each arm, look like; a part without pages of its own is left out. */
const REPORTS: {
  readonly [N in PartName]?: (results: readonly PartResult<N>[], evaluation: Evaluation) => PartReport;
} = {
  robustness: ([result]) => robustnessReport(result),
  adversarial: ([result]) => adversarialReport(result),
  sensitivity: ([result]) => sensitivityReport(result),
  labelErrors: ([result]) => labelErrorsReport(result),
  equity: ([result]) => equityReport(result),
  drawings: ([result], { arms }) => drawingsReport({ ...result, learnt: learntBy(arms) }),
  untouched: ([result]) => untouchedReport(result),
  explanations: explanationsReport,
  calibration: ([result]) => calibrationReport(result),
  mitigation: ([result]) => mitigationPoint(result),
};

/** The points that have no part of their own. */
const OWN_POINTS = [
  tuningPoint,
  overfittingPoint,
  privacyPoint,
  augmentationPoint,
  supervisionPoint,
  dataTypesPoint,
  societyPoint,
];

/** Everything the pages are made of, parts first. */
export function reportsOf(evaluation: Evaluation): PartReport[] {
  const parts = (Object.keys(REPORTS) as PartName[]).flatMap((name) => reportOf(name, evaluation) ?? []);
  return [...parts, ...OWN_POINTS.map((point) => point(evaluation))];
}

function reportOf<N extends PartName>(name: N, evaluation: Evaluation): PartReport | undefined {
  const results = resultsOfPart(evaluation, name).map((result) => ({
    ...result,
    ...wordsOfEvaluation(evaluation),
  }));
  return results.length === 0 ? undefined : REPORTS[name]?.(results, evaluation);
}
