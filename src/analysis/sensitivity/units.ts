import type { DenseLayer, Layer } from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
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
 * Shares of flat outputs and number of dead units of every hidden layer, on `images`. What goes into the activation is read from a network that
 * ends there, whose outputs are that layer's, not yet activated.
 */
export function measureUnits(model: Sequential, images: Tensor): UnitsOfLayer[] {
  const hidden = model.layers.filter((layer) => layer.type === 'Dense').slice(0, -1);
  return hidden.map((layer, k) => {
    const { activation, parameter, units } = layer;
    const plateaus = plateausOf(activation, parameter);
    const name = { layer: k + 1, activation, units };
    if (plateaus === null) return { ...name, low: null, high: null, dead: null };
    const z = inputsOfActivation(model, layer, k, images);
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

/** z of the `k`-th dense layer, [n][units]. */
function inputsOfActivation(model: Sequential, layer: DenseLayer, k: number, images: Tensor): Float32Array {
  const cut: Layer[] = [
    ...model.layers.slice(0, model.layers.indexOf(layer)),
    { ...layer, activation: 'softmax', parameter: 0 },
  ];
  const arrays = cut.reduce((sum, one) => sum + (one.type === 'Dense' ? (one.useBias ? 2 : 1) : 0), 0);
  const head = new Sequential(cut);
  try {
    head.setWeights(model.getWeights().slice(0, arrays));
    return head.withRows(images, (rows) => head.network.outputsOf(rows, k));
  } finally {
    head.dispose();
  }
}
