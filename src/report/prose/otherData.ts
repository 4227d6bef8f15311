import type { Judgement } from '../../study/judge.ts';
import type { Results } from '../../study/results.ts';
import { countOf, listOf } from '../../study/wording.ts';

/** On other images than MNIST's: which questions of the paper do not apply, and why. */
export function otherDataText(judgements: readonly Judgement[], { data }: Pick<Results, 'data'>): string {
  const ids = judgements.map(({ claim }) => claim.id);
  const named = ids.length > 3 ? `${ids[0]} to ${ids[ids.length - 1]}` : listOf(ids);
  return `The paper's ${countOf(ids.length, 'claim')} (${named}) are about the handwritten digits of MNIST and these runs are of ${data.name}, so none of them is judged here, and no number of the paper is shown.`;
}
