import { gradientsOfInputs } from '../../engine/inputGradients.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { type AttackLoss, largest, lossDirection, strongestOther } from './losses.ts';

/** Bytes 0 … 255 of a pixel for which an attack counts from 0 to 1. */
export const LEVELS = 255;

/** What a network says to images. */
export interface Answers {
  /** The class with the largest logit. */
  readonly predicted: Uint8Array;
  /** Logit of the true class less the largest other one: negative where the answer is wrong. */
  readonly margins: Float64Array;
}

/** A network as an attack sees it: images as floats 0 … 255, [n][pixels], any fraction of a grey level allowed. */
export class Target {
  readonly model: Sequential;
  readonly pixels: number;
  /** d (what the first layer reads) / d (pixel, counted from 0 to 1). */
  readonly #slope: number;

  constructor(model: Sequential) {
    this.model = model;
    this.pixels = model.inputShape.reduce((product, extent) => product * extent, 1);
    this.#slope = model.layers.reduce(
      (slope, layer) => (layer.type === 'Rescaling' ? slope * layer.scale : slope),
      LEVELS,
    );
  }

  /**
   * Answers to the images, and for each image the gradient of Σⱼ wⱼ zⱼ with respect to its pixels counted from 0 to 1, where `weigh` chooses
   * w from the logits z.
   */
  gradients(
    images: Float32Array,
    labels: ArrayLike<number>,
    weigh: (row: number, logits: Float32Array, weights: Float32Array) => void,
  ): Answers & { readonly gradient: Float32Array } {
    const answers = emptyAnswers(labels.length);
    const gradient = this.#withRows(images, labels.length, (network, rows) =>
      gradientsOfInputs(network, rows, (row, logits, weights) => {
        answer(answers, row, logits, labels[row]);
        weigh(row, logits, weights);
      }),
    );
    if (this.#slope !== 1) for (let i = 0; i < gradient.length; i++) gradient[i] *= this.#slope;
    return { ...answers, gradient };
  }

  /** The direction in which the loss rises, per image up to a positive factor; see `AttackLoss`. */
  ascent(
    images: Float32Array,
    labels: ArrayLike<number>,
    loss: AttackLoss,
  ): Answers & { readonly gradient: Float32Array } {
    return this.gradients(images, labels, (row, logits, weights) => {
      lossDirection(loss, logits, labels[row], weights);
    });
  }

  /** Shows `see` the logits of each image, too. */
  answers(
    images: Float32Array,
    labels: ArrayLike<number>,
    see?: (row: number, logits: Float32Array) => void,
  ): Answers {
    const answers = emptyAnswers(labels.length);
    const logits = this.logits(images, labels.length);
    const { outputs } = this.model;
    for (let row = 0; row < labels.length; row++) {
      const own = logits.subarray(row * outputs, (row + 1) * outputs);
      answer(answers, row, own, labels[row]);
      see?.(row, own);
    }
    return answers;
  }

  /** [count][classes]. */
  logits(images: Float32Array, count: number): Float32Array {
    return this.#withRows(images, count, (network, rows) => network.logitsOf(rows));
  }

  /** Past the model's checks of every pixel: these floats are made here. */
  #withRows<T>(
    images: Float32Array,
    count: number,
    use: (network: Sequential['network'], rows: ReturnType<Sequential['createRows']>) => T,
  ): T {
    const { network } = this.model;
    const rows = network.createRows({
      data: images.subarray(0, count * this.pixels),
      shape: [count, this.pixels],
    });
    try {
      return use(network, rows);
    } finally {
      rows.dispose();
    }
  }
}

function emptyAnswers(count: number): Answers {
  return { predicted: new Uint8Array(count), margins: new Float64Array(count) };
}

function answer({ predicted, margins }: Answers, row: number, logits: Float32Array, label: number): void {
  predicted[row] = largest(logits);
  margins[row] = logits[label] - logits[strongestOther(logits, label)];
}
