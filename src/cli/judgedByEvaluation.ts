import type { ClaimId } from '../study/claims.ts';
import type { Evaluation } from '../study/evaluation/record.ts';
import { measuresOf } from '../study/evaluation/measures.ts';
import { judgeClaims } from '../study/judge.ts';
import type { Results } from '../study/results.ts';
import { listOf } from '../study/wording.ts';

/** Claims about what an evaluation measures. */
const EVALUATED: readonly ClaimId[] = ['C2', 'C7', 'C8'];
const UNJUDGED = ['not measured', 'not applicable', 'no fair measure'];

/** ' (claim C2 judged by it)': the claims that a study's report judges by what an evaluation measured; nothing where it judges none. */
export function judgedByEvaluation(results: Results, evaluation: Evaluation): string {
  const measures = measuresOf(evaluation);
  if (measures.size === 0) return '';
  const judged = judgeClaims(results, { measures }).filter(
    ({ claim, verdicts }) =>
      EVALUATED.includes(claim.id) && verdicts.some(({ state }) => !UNJUDGED.includes(state)),
  );
  if (judged.length === 0) return '';
  return ` (claim${judged.length === 1 ? '' : 's'} ${listOf(judged.map(({ claim }) => claim.id))} judged by it)`;
}
