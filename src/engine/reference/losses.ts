import type { LossOptions, LossRule } from '../loss.ts';
import type { LossName } from '../losses/losses.ts';

/** The loss of one row and its gradient with respect to z, plainly and in float64. */
type ReferenceLoss = (
  z: Float64Array,
  t: Float64Array,
  options: LossOptions,
) => { readonly loss: number; readonly gradient: Float64Array };

/** Every loss in float64, by its name. */
const REFERENCE_LOSSES: Readonly<Record<LossName, ReferenceLoss>> = {
  categoricalCrossentropy(z, t) {
    const largest = z.reduce((a, b) => Math.max(a, b));
    const sum = z.reduce((total, x) => total + Math.exp(x - largest), 0);
    const mass = t.reduce((a, b) => a + b);
    return {
      loss: t.reduce((total, target, j) => total + target * (Math.log(sum) + largest - z[j]), 0),
      gradient: z.map((x, j) => (mass * Math.exp(x - largest)) / sum - t[j]),
    };
  },
  sparseCategoricalCrossentropy: (...row) => REFERENCE_LOSSES.categoricalCrossentropy(...row),
  binaryCrossentropy: (z, t) => ({
    loss:
      z.reduce((sum, x, j) => sum + Math.max(x, 0) - x * t[j] + Math.log1p(Math.exp(-Math.abs(x))), 0) /
      z.length,
    gradient: z.map((x, j) => (1 / (1 + Math.exp(-x)) - t[j]) / z.length),
  }),
  meanSquaredError: (y, t) => ({
    loss: y.reduce((sum, x, j) => sum + (x - t[j]) * (x - t[j]), 0) / y.length,
    gradient: y.map((x, j) => (2 * (x - t[j])) / y.length),
  }),
  meanAbsoluteError: (y, t) => ({
    loss: y.reduce((sum, x, j) => sum + Math.abs(x - t[j]), 0) / y.length,
    gradient: y.map((x, j) => Math.sign(x - t[j]) / y.length),
  }),
  huber(y, t, { delta }) {
    const loss = (e: number): number => (e <= delta ? (e * e) / 2 : delta * e - (delta * delta) / 2);
    return {
      loss: y.reduce((sum, x, j) => sum + loss(Math.abs(x - t[j])), 0) / y.length,
      gradient: y.map((x, j) => Math.max(-delta, Math.min(delta, x - t[j])) / y.length),
    };
  },
};

/** The same of any loss; one's own is asked as it is. */
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
