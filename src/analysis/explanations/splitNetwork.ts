/// <reference lib="esnext.disposable" preserve="true" />
import { gradientsOfInputs } from '../../engine/inputGradients.ts';
import { Dense, Input, type Layer } from '../../nn/layers.ts';
import { activationOption } from '../../nn/layers/activations.ts';
import { layersFrom } from '../../nn/layers/table.ts';
import { plannedSteps } from '../../nn/plannedSteps.ts';
import { Sequential } from '../../nn/sequential.ts';
import { sizeOf, type Tensor } from '../../util/tensor.ts';
import { seedOf, type Target } from './target.ts';

/**
 * A network cut behind the sums z = x W + b of its first dense layer. Both sides of the cut are cheap for methods that need many
 * gradients: z is linear in the image, so that it follows any straight line between images without a product with W; and gradients with
 * respect to z of all points can be added up before the one product with Wᵀ that leads back to the pixels. Where another layer than a dense one computes
 * first, the cut lies at what that layer reads: z are the rescaled pixels, and every point costs the whole network.
 * Dispose of it when done; it copies the weights.
 */
export class SplitNetwork {
  /** Pixels of an image, values at the cut, outputs of the last layer. */
  readonly pixels: number;
  readonly units: number;
  readonly outputs: number;
  /** What a pixel value v means to the first layer: v × scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** The first dense layer alone, and its way back; null where the cut lies at the pixels. */
  readonly #dense: { readonly before: Sequential; readonly back: Sequential } | null;
  readonly #after: Sequential;

  constructor(model: Sequential) {
    const layers = forAnswers(model.layers);
    const weights = model.getWeights();
    this.pixels = sizeOf(model.inputShape);
    this.outputs = model.outputs;
    const { scale, offset } = rescalingOf(layers);
    this.scale = scale;
    this.offset = offset;
    if (plannedSteps(layers)[0].type !== 'Dense') {
      this.units = this.pixels;
      this.#dense = null;
      this.#after = new Sequential(layers.filter(({ type }) => type !== 'Rescaling'));
      this.#after.setWeights(weights);
      return;
    }
    const place = layers.findIndex(({ type }) => type === 'Dense');
    const first = layers[place] as Extract<Layer, { type: 'Dense' }>;
    const kernel = weights[0];
    const own = first.useBias ? 2 : 1;
    this.units = first.units;

    const plain = { kernelInitializer: 'zeros', useBias: first.useBias };
    const before = new Sequential([...layers.slice(0, place), Dense(this.units, plain)]);
    before.setWeights(weights.slice(0, own));

    const rest = layers.slice(place + 1);
    this.#after = new Sequential([
      Input([this.units]),
      Dense(this.units, {
        activation: activationOption(first),
        useBias: false,
        kernelInitializer: 'zeros',
      }),
      ...rest,
    ]);
    this.#after.setWeights([identity(this.units), ...weights.slice(own)]);

    const back = new Sequential([
      Input([this.units]),
      Dense(this.pixels, { kernelInitializer: 'zeros', useBias: false }),
    ]);
    back.setWeights([transposed(kernel)]);
    this.#dense = { before, back };
  }

  /** z of each image, [n][units]. */
  sums(images: Tensor): Float32Array {
    if (this.#dense === null)
      return Float32Array.from(images.data, (value) => value * this.scale + this.offset);
    const { before } = this.#dense;
    return before.withRows(images, (rows) => before.network.outputsOf(rows, 1));
  }

  /** Logits [n][outputs] of sums [n][units]. */
  logits(sums: Float32Array): Float32Array {
    const { network } = this.#after;
    const rows = network.createRows({ data: sums, shape: [sums.length / this.units, this.units] });
    try {
      return network.logitsOf(rows);
    } finally {
      rows.dispose();
    }
  }

  /** Gradients of the target with respect to sums [n × repeat][units]; `repeat` rows belong to each image of the target. */
  gradients(sums: Float32Array, target: Target, repeat = 1): Float32Array {
    const { network } = this.#after;
    const rows = network.createRows({ data: sums, shape: [sums.length / this.units, this.units] });
    try {
      return gradientsOfInputs(network, rows, seedOf(target, repeat));
    } finally {
      rows.dispose();
    }
  }

  /** Gradients with respect to sums [n][units] as gradients with respect to the pixels, [n][pixels]: d Wᵀ. */
  toPixels(d: Float32Array): Float32Array {
    if (this.#dense === null) return d;
    const { network } = this.#dense.back;
    const rows = network.createRows({ data: d, shape: [d.length / this.units, this.units] });
    try {
      return network.outputsOf(rows, 1);
    } finally {
      rows.dispose();
    }
  }

  dispose(): void {
    this.#after.dispose();
    this.#dense?.before.dispose();
    this.#dense?.back.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Without the layers that act in training only; names, which may not fit a part of a network, are left out. */
export function forAnswers(layers: readonly Layer[]): Layer[] {
  const kept = layers.filter(({ type }) => type !== 'Dropout' && type !== 'RandomDistortion');
  return layersFrom(kept.map(({ name: _, ...data }) => data));
}

/** All rescalings before the first dense layer as one: v × scale + offset. */
export function rescalingOf(layers: readonly Layer[]): { scale: number; offset: number } {
  let scale = 1;
  let offset = 0;
  for (const layer of layers) {
    if (layer.type !== 'Rescaling') continue;
    scale *= layer.scale;
    offset = offset * layer.scale + layer.offset;
  }
  return { scale, offset };
}

function identity(size: number): Tensor<Float32Array> {
  const data = new Float32Array(size * size);
  for (let i = 0; i < size; i++) data[i * size + i] = 1;
  return { data, shape: [size, size] };
}

function transposed({ data, shape: [rows, columns] }: Tensor<Float32Array>): Tensor<Float32Array> {
  const turned = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) turned[c * rows + r] = data[r * columns + c];
  }
  return { data: turned, shape: [columns, rows] };
}
