import type { Steps } from '../../util/steps.ts';
import type { Context } from '../context.ts';
import { type ImageKernels, imageKernels } from '../imageModule.ts';
import { denseAddress, type Op, outputsOf, type Place, resizeOutputs, type Step } from '../op.ts';
import { clearGradients, type Parameter } from '../parameter.ts';
import { each, placesInParts, rowsInParts, VALUE } from '../parts.ts';
import type { BatchInputs } from '../rows.ts';
import { type Affine, affineParameters, channelsOf, type NormalizationSpec } from './channels.ts';

export interface LayerNormalizationSpec extends NormalizationSpec {
  readonly kind: 'layerNormalization';
  /** How many of the last axes are normalized together; 1 where it is absent. */
  readonly axes?: number;
}

export function layerNormalization(
  options: Omit<LayerNormalizationSpec, 'kind'>,
): Step<LayerNormalizationSpec> {
  const spec: LayerNormalizationSpec = { kind: 'layerNormalization', ...options };
  return {
    spec,
    shape: (input) => layerNormalizationOutputShape(input, spec.axes),
    create: (place) => new LayerNormalizationOp(spec, place),
  };
}

/** The input's; throws E_SHAPE where there is no last axis. */
export function layerNormalizationOutputShape(shape: readonly number[], axes = 1): number[] {
  channelsOf(shape, 'LayerNormalization', axes);
  return [...shape];
}

/**
 * y = gamma (x − mean) / √(variance + epsilon) + beta over the last axis: a flat row, or the channels of each pixel, by itself. Several of the last axes are one
 * run of floats, which the kernels see as the channels of fewer pixels. gamma starts at 1 in Keras; here everything is 0 until it is set.
 */
class LayerNormalizationOp implements Op {
  readonly out;
  /** gamma, beta. */
  readonly parameters: readonly Parameter[];
  readonly statistics = [];
  readonly readsOutputs = false;
  readonly #context: Context;
  readonly #kernels: ImageKernels;
  readonly #epsilon: number;
  readonly #pixels: number;
  readonly #channels: number;
  readonly #affine: Affine;
  /** Where the gradient of a parameter goes that does not exist. */
  readonly #nowhere: number;
  /** f32[16], see `rowsInParts`. */
  readonly #state: number;
  /** f32[rows][pixels][2]: mean and inverse deviation. */
  #moments = 0;

  constructor(spec: LayerNormalizationSpec, { context, shape }: Place) {
    const { axes = 1, epsilon, center, scale } = spec;
    this.#context = context;
    this.#kernels = imageKernels(context.heap.memory);
    this.#epsilon = epsilon;
    const { pixels, channels } = channelsOf(shape, 'LayerNormalization', axes);
    this.#pixels = pixels;
    this.#channels = channels;
    this.out = outputsOf(shape);
    this.#affine = affineParameters(context, spec, channels, shape.slice(-axes));
    this.parameters = this.#affine.all;
    this.#nowhere = center && scale ? 0 : context.pieces.floats(channels + 8);
    this.#state = context.pieces.floats(16);
  }

  resize(rows: number): void {
    const { pieces } = this.#context;
    this.#moments = pieces.free(this.#moments);
    this.#moments = pieces.floats(2 * rows * this.#pixels, true);
    resizeOutputs(this.#context, this.out, rows);
  }

  *forward(x: BatchInputs, count: number): Steps<BatchInputs> {
    const { y } = this.out;
    const images = denseAddress(x);
    yield* this.#inParts(count, 3, (at, channel, [moments, ...of], part) => {
      this.#kernels.layerForward(
        images + at,
        y + at,
        ...of,
        addressOf(this.#affine.gamma, channel),
        addressOf(this.#affine.beta, channel),
        this.#epsilon,
        moments,
        this.#channels,
        ...part,
      );
    });
    return { kind: 'dense', x: y };
  }

  backward(x: BatchInputs, dx: number, count: number): Steps<void> {
    const { d } = this.out;
    const images = denseAddress(x);
    return this.#inParts(count, 2, (at, channel, [moments, ...of], part) => {
      const gamma = addressOf(this.#affine.gamma, channel);
      this.#kernels.layerBackward(
        images + at,
        d + at,
        dx + at,
        ...of,
        gamma,
        moments,
        this.#channels,
        ...part,
      );
    });
  }

  *gradients(x: BatchInputs, count: number): Steps<void> {
    if (this.parameters.length === 0) return;
    const { d } = this.out;
    const images = denseAddress(x);
    yield* clearGradients(this.#context, this.parameters);
    const [beta, gamma] = [this.#affine.beta, this.#affine.gamma].map(
      (parameter) => parameter?.gradient() ?? this.#nowhere,
    );
    yield* this.#inParts(count, 1, (at, channel, [moments, ...of]) => {
      const sums = [moments, beta + 4 * channel, gamma + 4 * channel] as const;
      this.#kernels.layerGradient(images + at, d + at, ...of, ...sums);
    });
  }

  /** Some rows, some pixels of one, or, in so many passes, some channels of a pixel. */
  #inParts(count: number, passes: number, take: Take): Steps<void> {
    const { stride } = this.out;
    const [context, pixels, channels] = [this.#context, this.#pixels, this.#channels];
    if (VALUE * channels <= context.heap.mostProducts()) {
      return placesInParts(context, [count, stride, pixels, channels], (at, rows, floats, some, pixel) => {
        take(at, 0, [this.#moments + 8 * pixel, rows, floats, some, channels], []);
      });
    }
    return each(count, (s) =>
      rowsInParts(context, [pixels, channels], [passes, this.#state], (at, some, floats, pixel, part) => {
        // What a part may be can be more by now than above: then these are whole pixels.
        const [state = 0, first = 0, pass = 0] = part;
        const moments = this.#moments + 8 * (s * pixels + pixel);
        take(4 * s * stride + at, first, [moments, some, floats, 1, floats], [state, pass]);
      }),
    );
  }
}

/** `at`: bytes from a batch's first row to what is taken; `of`: the moments, rows, stride, pixels and channels of the part. */
type Take = (
  at: number,
  channel: number,
  of: readonly [moments: number, rows: number, stride: number, pixels: number, channels: number],
  part: readonly [] | readonly [state: number, pass: number],
) => void;

function addressOf(parameter: Parameter | undefined, channel: number): number {
  return parameter ? parameter.address + 4 * channel : 0;
}
