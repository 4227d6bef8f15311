import type { Steps } from '../../util/steps.ts';
import type { Context } from '../context.ts';
import { type ImageKernels, imageKernels } from '../imageModule.ts';
import { denseAddress, type Op, outputsOf, type Place, resizeOutputs, type Step } from '../op.ts';
import { clearGradients, type Parameter } from '../parameter.ts';
import { placesInParts } from '../parts.ts';
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
    yield* this.#inParts(count, (at, moments, ...of) => {
      this.#kernels.layerForward(
        images + at,
        y + at,
        ...of,
        this.#channels,
        this.#affine.gamma?.address ?? 0,
        this.#affine.beta?.address ?? 0,
        this.#epsilon,
        moments,
      );
    });
    return { kind: 'dense', x: y };
  }

  backward(x: BatchInputs, dx: number, count: number): Steps<void> {
    const { d } = this.out;
    const images = denseAddress(x);
    const gamma = this.#affine.gamma?.address ?? 0;
    return this.#inParts(count, (at, moments, ...of) => {
      this.#kernels.layerBackward(images + at, d + at, dx + at, ...of, this.#channels, gamma, moments);
    });
  }

  *gradients(x: BatchInputs, count: number): Steps<void> {
    if (this.parameters.length === 0) return;
    const { d } = this.out;
    const images = denseAddress(x);
    yield* clearGradients(this.#context, this.parameters);
    yield* this.#inParts(count, (at, moments, ...of) => {
      this.#kernels.layerGradient(
        images + at,
        d + at,
        ...of,
        this.#channels,
        moments,
        this.#affine.beta?.gradient() ?? this.#nowhere,
        this.#affine.gamma?.gradient() ?? this.#nowhere,
      );
    });
  }

  /** `at`: bytes from a batch's first row to the pixels that are taken; `moments`: theirs. */
  #inParts(
    count: number,
    take: (at: number, moments: number, rows: number, stride: number, pixels: number) => void,
  ): Steps<void> {
    const of = [count, this.out.stride, this.#pixels, this.#channels] as const;
    return placesInParts(this.#context, of, (at, rows, stride, pixels, pixel) => {
      take(at, this.#moments + 8 * pixel, rows, stride, pixels);
    });
  }
}
