import type { Context } from '../context.ts';
import { type ImageKernels, imageKernels } from '../imageModule.ts';
import {
  denseAddress,
  type Op,
  type OpSpec,
  outputsOf,
  type Place,
  resizeOutputs,
  type Step,
} from '../op.ts';
import type { Parameter } from '../parameter.ts';
import type { BatchInputs } from '../rows.ts';
import { channelParameter, channelsOf } from './channels.ts';

export interface LayerNormalizationSpec extends OpSpec {
  readonly kind: 'layerNormalization';
  /** How many of the last axes are normalized together; 1 where it is absent. */
  readonly axes?: number;
  /** Added to the variance: 0.001 in Keras. */
  readonly epsilon: number;
  /** Whether it adds beta. */
  readonly center: boolean;
  /** Whether it multiplies by gamma. */
  readonly scale: boolean;
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
  readonly #gamma: Parameter | undefined;
  readonly #beta: Parameter | undefined;
  /** Where the gradient of a parameter goes that does not exist. */
  readonly #nowhere: number;
  /** f32[rows][pixels][2]: mean and inverse deviation. */
  #moments = 0;

  constructor({ axes = 1, epsilon, center, scale }: LayerNormalizationSpec, { context, shape }: Place) {
    this.#context = context;
    this.#kernels = imageKernels(context.heap.memory);
    this.#epsilon = epsilon;
    const { pixels, channels } = channelsOf(shape, 'LayerNormalization', axes);
    const over = shape.slice(-axes);
    this.#pixels = pixels;
    this.#channels = channels;
    this.out = outputsOf(shape);
    this.#gamma = scale ? channelParameter(context, 'gamma', channels, over) : undefined;
    this.#beta = center ? channelParameter(context, 'beta', channels, over) : undefined;
    this.parameters = [this.#gamma, this.#beta].filter((parameter) => parameter !== undefined);
    this.#nowhere = center && scale ? 0 : context.pieces.floats(channels + 8);
  }

  resize(rows: number): void {
    const { pieces } = this.#context;
    this.#moments = pieces.free(this.#moments);
    this.#moments = pieces.floats(2 * rows * this.#pixels);
    resizeOutputs(this.#context, this.out, rows);
  }

  forward(x: BatchInputs, count: number): BatchInputs {
    const { y, stride } = this.out;
    this.#kernels.layerForward(
      denseAddress(x),
      y,
      count,
      stride,
      this.#pixels,
      this.#channels,
      this.#gamma?.address ?? 0,
      this.#beta?.address ?? 0,
      this.#epsilon,
      this.#moments,
    );
    return { kind: 'dense', x: y };
  }

  backward(x: BatchInputs, dx: number, count: number): void {
    const { d, stride } = this.out;
    const gamma = this.#gamma?.address ?? 0;
    this.#kernels.layerBackward(
      denseAddress(x),
      d,
      dx,
      count,
      stride,
      this.#pixels,
      this.#channels,
      gamma,
      this.#moments,
    );
  }

  gradients(x: BatchInputs, count: number): void {
    if (this.parameters.length === 0) return;
    const { d, stride } = this.out;
    this.#kernels.layerGradient(
      denseAddress(x),
      d,
      count,
      stride,
      this.#pixels,
      this.#channels,
      this.#moments,
      this.#beta?.gradient() ?? this.#nowhere,
      this.#gamma?.gradient() ?? this.#nowhere,
    );
  }
}
