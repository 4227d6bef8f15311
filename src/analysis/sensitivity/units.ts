import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { plateausOf } from './plateaus.ts';

/** How the units of one hidden layer work on a set of images; see `plateausOf` for what is flat. */
export interface UnitsOfLayer {
  /** Of the hidden layers, from 1. */
  readonly layer: number;
  readonly activation: string;
  readonly units: number;
  /** Shares of all outputs, units × images, on the lower and on the upper flat end; null where the activation has no slope of its own. */
  readonly low: number | null;
  readonly high: number | null;
  /** Units on the same flat end for every image: they tell no image from another, and no gradient passes. For ReLU, zero on all images. */
  readonly dead: number | null;
}

/**
 * Shares of flat outputs and number of dead units of every hidden layer, on `images`. What goes into the activation is what the step
 * before it gives.
 */
export function measureUnits(model: Sequential, images: Tensor): UnitsOfLayer[] {
  const hidden = model.layers.flatMap((layer, k) =>
    layer.type === 'Dense' ? [{ layer, steps: model.plannedLayers[k].steps }] : [],
  );
  return hidden.slice(0, -1).map(({ layer, steps }, k) => {
    const { activation, parameter, units } = layer;
    const plateaus = plateausOf(activation, parameter);
    const name = { layer: k + 1, activation, units };
    if (plateaus === null) return { ...name, low: null, high: null, dead: null };
    const z = model.withRows(images, (rows) => model.network.outputsOf(rows, steps - 1));
    const low = new Uint32Array(units);
    const high = new Uint32Array(units);
    const n = z.length / units;
    for (let i = 0; i < z.length; i++) {
      if (z[i] <= plateaus.below) low[i % units]++;
      else if (z[i] >= plateaus.above) high[i % units]++;
    }
    const share = (counts: Uint32Array) => counts.reduce((sum, count) => sum + count, 0) / z.length;
    const dead = low.filter((count, unit) => count === n || high[unit] === n).length;
    return { ...name, low: share(low), high: share(high), dead };
  });
}
