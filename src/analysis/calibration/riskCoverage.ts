import { requireCount } from '../../stats/requirements.ts';
import { requireFields, requireNumber } from '../../util/options.ts';
import { checkTopLabel, type TopLabel } from './predictions.ts';

/** How errors fall when the least sure images are left to a person. */
export interface RiskCoverage {
  /** Area under the risk–coverage curve: the mean risk over all coverages 1/n … n/n. */
  readonly aurc: number;
  /** That of the best order at the same accuracy, in which all errors come last. */
  readonly optimal: number;
  /** E-AURC = aurc − optimal: 0 where every error is less sure than every right answer. */
  readonly excess: number;
  /** Share of errors among the answered at the coverages k / risks.length, k = 1, 2, …. */
  readonly risks: readonly number[];
}

/**
 * Risk at coverage k/n: the share of errors among the k most confident images (Geifman & El-Yaniv 2017; E-AURC: Geifman,
 * Uziel & El-Yaniv 2019, here with the exact optimal area, not its approximation). Among equally confident images it is the expectation
 * over their random order, so that the order of the images does not matter. `points` coverages are kept.
 */
export function riskCoverage(top: TopLabel, points = 200): RiskCoverage {
  requireFields('riskCoverage: top', ['confidence', 'correct'], top);
  requireNumber('riskCoverage: points', points);
  checkTopLabel(top, 'Risk against coverage');
  requireCount(points, 1, 'Risk against coverage, points');
  const { confidence, correct } = top;
  const n = confidence.length;
  const order = Uint32Array.from(confidence.keys()).sort((a, b) => confidence[b] - confidence[a]);
  const errorsAmong = new Float64Array(n + 1);
  for (let start = 0; start < n;) {
    let end = start;
    let errors = 0;
    while (end < n && confidence[order[end]] === confidence[order[start]])
      errors += 1 - correct[order[end++]];
    for (let k = start + 1; k <= end; k++) {
      errorsAmong[k] = errorsAmong[start] + (errors * (k - start)) / (end - start);
    }
    start = end;
  }
  const right = n - Math.round(errorsAmong[n]);
  let area = 0;
  let best = 0;
  for (let k = 1; k <= n; k++) {
    area += errorsAmong[k] / k;
    best += Math.max(0, k - right) / k;
  }
  const risks = Array.from({ length: points }, (_, j) => {
    const k = Math.max(1, Math.round(((j + 1) * n) / points));
    return errorsAmong[k] / k;
  });
  return { aurc: area / n, optimal: best / n, excess: (area - best) / n, risks };
}
