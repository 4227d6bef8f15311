import type { EvaluatedArm } from '../../../study/evaluation/record.ts';
import { learnsDrawings } from '../../../study/extraData.ts';

/** Names of the arms whose recipe adds the drawings to the training images. */
export function learntBy(arms: readonly Pick<EvaluatedArm, 'name' | 'recipe'>[]): string[] {
  return arms.flatMap(({ name, recipe }) => (learnsDrawings(recipe) ? [name] : []));
}
