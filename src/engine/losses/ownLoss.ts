import { DactylError } from '../../util/errors.ts';
import { requireNumber } from '../../util/options.ts';
import type { LossFunction, LossRule } from '../loss.ts';

/**
 * Costs a call and three copies a row, where the engine's own losses take a few nanoseconds. What it computes is its own business: the same
 * bits everywhere need it to keep to + − × ÷ and Math.sqrt. E_ARGUMENT where it returns no number, E_NUMERIC where a derivative is none.
 */
export function ownLoss(loss: LossFunction): LossRule {
  const name = loss.name || 'loss';
  return {
    name,
    given: loss,
    passes: 0,
    run({ heap }, { z, t, d, count, width, stride, scale, losses }) {
      const [target, output, gradient] = [0, 0, 0].map(() => new Float32Array(width));
      for (let s = 0; s < count; s++) {
        const row = 4 * stride * s;
        target.set(heap.float32(t + row, width));
        output.set(heap.float32(z + row, width));
        const value: unknown = loss(target, output, gradient.fill(0));
        requireNumber(`${name} of a row`, value);
        heap.float64(losses, count)[s] = value as number;
        if (!d) continue;
        const own = heap.float32(d + row, stride).fill(0);
        for (let j = 0; j < width; j++) own[j] = gradient[j] * scale;
        if (gradient.every(Number.isFinite)) continue;
        const bad = gradient.findIndex((x) => !Number.isFinite(x));
        throw new DactylError(
          'E_NUMERIC',
          `${name} of a row: expected finite derivatives in gradient; received ${gradient[bad]} for output ${bad}.`,
        );
      }
    },
  };
}
