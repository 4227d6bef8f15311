import { type Evaluation, resultsOfPart } from '../../../study/evaluation/record.ts';
import type { PartReport } from '../part.ts';
import { privacyReport } from '../privacy/report.ts';

/** E5: the audit of these networks, and what studies of their own say of membership and of the price of privacy. */
export function privacyPoint(evaluation: Evaluation): PartReport {
  const [audit] = resultsOfPart(evaluation, 'privacy');
  const [membership] = resultsOfPart(evaluation, 'membership');
  const price = evaluation.evidence.price?.curve;
  return privacyReport({
    ...(audit && { audit }),
    ...(membership && { membership }),
    ...(price && { price }),
  });
}
