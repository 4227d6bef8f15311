import type { LossRule } from '../loss.ts';
import { binaryCrossentropyReference } from '../losses/binaryCrossentropy.ts';
import { categoricalCrossentropyReference } from '../losses/categoricalCrossentropy.ts';
import type { ReferenceLoss } from '../losses/family.ts';
import { huberReference } from '../losses/huber.ts';
import type { LossName } from '../losses/losses.ts';
import { meanAbsoluteErrorReference } from '../losses/meanAbsoluteError.ts';
import { meanSquaredErrorReference } from '../losses/meanSquaredError.ts';

/** Every loss in float64, by its name. */
const REFERENCE_LOSSES: Readonly<Record<LossName, ReferenceLoss>> = {
  categoricalCrossentropy: categoricalCrossentropyReference,
  sparseCategoricalCrossentropy: categoricalCrossentropyReference,
  binaryCrossentropy: binaryCrossentropyReference,
  meanSquaredError: meanSquaredErrorReference,
  meanAbsoluteError: meanAbsoluteErrorReference,
  huber: huberReference,
};

/** Loss and gradient of one row of any loss; one's own is asked as it is. */
export function referenceLoss(
  { given }: LossRule,
  z: Float64Array,
  t: Float64Array,
): ReturnType<ReferenceLoss> {
  if (typeof given === 'object') return REFERENCE_LOSSES[given.name as LossName](z, t, given);
  const gradient = new Float32Array(z.length);
  const loss = given(Float32Array.from(t), Float32Array.from(z), gradient);
  return { loss, gradient: Float64Array.from(gradient) };
}
