import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { forEachOutputs, hiddenLayers } from '../hiddenLayers.ts';
import { plateausOf } from '../../engine/activations/curves.ts';

/** How the units of one hidden layer work on a set of images; see `plateausOf` for what is flat. */
export interface UnitsOfLayer {
  /** Of the hidden layers, from 1. */
  readonly layer: number;
  readonly activation: string;
  /** Channels, where the outputs are images. */
  readonly units: number;
  /** Shares of all outputs, units × images, on the lower and on the upper flat end; null where the activation has no slope of its own. */
  readonly low: number | null;
  readonly high: number | null;
  /** Units (channels of images) on the same flat end for every image, everywhere: they tell no image from another, and no gradient passes. For ReLU, zero on all images. */
  readonly dead: number | null;
}

/**
 * Shares of flat outputs and number of dead units of every hidden layer, on `images`; units × images × places of a map. What goes into the activation is
 * what the step before it gives.
 */
export function measureUnits(model: Sequential, images: Tensor): UnitsOfLayer[] {
  return hiddenLayers(model).map(({ activation, parameter, before, units, places }, k) => {
    const plateaus = plateausOf(activation, parameter);
    const name = { layer: k + 1, activation, units };
    if (plateaus === null) return { ...name, low: null, high: null, dead: null };
    const low = new Float64Array(units);
    const high = new Float64Array(units);
    forEachOutputs(model, images, before, (z) => {
      for (let i = 0; i < z.length; i++) {
        if (z[i] <= plateaus.below) low[i % units]++;
        else if (z[i] >= plateaus.above) high[i % units]++;
      }
    });
    const n = images.shape[0] * places;
    const share = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0) / (n * units);
    const dead = low.filter((count, unit) => count === n || high[unit] === n).length;
    return { ...name, low: share(low), high: share(high), dead };
  });
}
