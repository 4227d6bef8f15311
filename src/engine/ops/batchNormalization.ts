import type { Steps } from '../../util/steps.ts';
import { type Context, paddedWidth } from '../context.ts';
import { type ImageKernels, imageKernels } from '../imageModule.ts';
import { denseAddress, type Op, outputsOf, type Place, resizeOutputs, type Step } from '../op.ts';
import { clear, type Parameter } from '../parameter.ts';
import { placesInParts } from '../parts.ts';
import type { BatchInputs } from '../rows.ts';
import {
  type Affine,
  affineParameters,
  channelParameter,
  channelsOf,
  type NormalizationSpec,
} from './channels.ts';

export interface BatchNormalizationSpec extends NormalizationSpec {
  readonly kind: 'batchNormalization';
  /** What moving statistics keep at each step: 0.99 in Keras. */
  readonly momentum: number;
  /** Not trainable: by the moving statistics in training, too, and all of its weights stay. */
  readonly frozen: boolean;
}

export function batchNormalization(
  options: Omit<BatchNormalizationSpec, 'kind'>,
): Step<BatchNormalizationSpec> {
  const spec: BatchNormalizationSpec = { kind: 'batchNormalization', ...options };
  return {
    spec,
    shape: batchNormalizationOutputShape,
    create: (place) => new BatchNormalizationOp(spec, place),
  };
}

/** The input's; throws E_SHAPE where there is no last axis. */
export function batchNormalizationOutputShape(shape: readonly number[]): number[] {
  channelsOf(shape, 'BatchNormalization');
  return [...shape];
}

/** As `placesInParts` has it, a pixel being a place. */
type Take = (at: number, rows: number, stride: number, pixels: number) => void;

/**
 * y = gamma (x − mean) / √(variance + epsilon) + beta, each channel (feature of a flat row) by itself. In training mean and variance are those of the
 * batch (variance with N, not N − 1) and move the statistics: moving = moving · momentum + batch · (1 − momentum); else they are the moving ones.
 * moving_variance starts at 1 in Keras, gamma too; here everything is 0 until it is set.
 */
class BatchNormalizationOp implements Op {
  readonly out;
  /** gamma, beta; none where frozen. */
  readonly parameters: readonly Parameter[];
  /** moving_mean, moving_variance; gamma and beta before them where frozen. */
  readonly statistics: readonly Parameter[];
  readonly readsOutputs = false;
  readonly #context: Context;
  readonly #kernels: ImageKernels;
  readonly #spec: BatchNormalizationSpec;
  readonly #pixels: number;
  readonly #channels: number;
  readonly #affine: Affine;
  readonly #movingMean: Parameter;
  readonly #movingVariance: Parameter;
  /** f32[channels], rounded up, each. */
  readonly #batchMean: number;
  readonly #batchVariance: number;
  readonly #inverse: number;
  readonly #sumD: number;
  readonly #sumProducts: number;
  /** f64[2][channels], rounded up. */
  readonly #sums: number;
  /** Whether the last `forward` went by the batch. */
  #byBatch = false;

  constructor(spec: BatchNormalizationSpec, { context, shape }: Place) {
    this.#context = context;
    this.#kernels = imageKernels(context.heap.memory);
    this.#spec = spec;
    const { pixels, channels } = channelsOf(shape, 'BatchNormalization');
    this.#pixels = pixels;
    this.#channels = channels;
    this.out = outputsOf(shape);
    this.#affine = affineParameters(context, spec, channels);
    this.#movingMean = channelParameter(context, 'moving_mean', channels);
    this.#movingVariance = channelParameter(context, 'moving_variance', channels);
    const { all } = this.#affine;
    const moving = [this.#movingMean, this.#movingVariance];
    this.parameters = spec.frozen ? [] : all;
    this.statistics = spec.frozen ? [...all, ...moving] : moving;
    const count = paddedWidth(channels);
    const { pieces } = context;
    this.#batchMean = pieces.floats(count);
    this.#batchVariance = pieces.floats(count);
    this.#inverse = pieces.floats(count);
    this.#sumD = pieces.floats(count);
    this.#sumProducts = pieces.floats(count);
    this.#sums = pieces.bytes(16 * count);
  }

  resize(rows: number): void {
    resizeOutputs(this.#context, this.out, rows);
  }

  *forward(x: BatchInputs, count: number, training: boolean): Steps<BatchInputs> {
    const kernels = this.#kernels;
    const { momentum, epsilon, frozen } = this.#spec;
    const { y } = this.out;
    const images = denseAddress(x);
    const size = paddedWidth(this.#channels);
    this.#byBatch = training && !frozen;
    if (this.#byBatch) {
      const [mean, variance] = [this.#batchMean, this.#batchVariance];
      yield* this.#moment(images, count, 0, mean);
      yield* this.#moment(images, count, mean, variance);
      yield;
      kernels.moveAverage(this.#movingMean.address, mean, size, momentum, 1 - momentum);
      yield;
      kernels.moveAverage(this.#movingVariance.address, variance, size, momentum, 1 - momentum);
      yield;
    }
    const variance = this.#byBatch ? this.#batchVariance : this.#movingVariance.address;
    kernels.inverseDeviation(variance, this.#inverse, this.#channels, epsilon);
    yield;
    yield* this.#inParts(count, (at, rows, stride, pixels) => {
      kernels.batchForward(
        images + at,
        y + at,
        rows,
        stride,
        pixels,
        this.#channels,
        this.#mean,
        this.#inverse,
        this.#affine.gamma?.address ?? 0,
        this.#affine.beta?.address ?? 0,
      );
    });
    return { kind: 'dense', x: y };
  }

  *backward(x: BatchInputs, dx: number, count: number): Steps<void> {
    const { d } = this.out;
    const images = denseAddress(x);
    if (this.#byBatch) yield* this.#sumUp(x, count, this.#sumD, this.#sumProducts);
    yield* this.#inParts(count, (at, rows, stride, pixels) => {
      this.#kernels.batchBackward(
        images + at,
        d + at,
        dx + at,
        rows,
        stride,
        pixels,
        this.#channels,
        this.#mean,
        this.#inverse,
        this.#affine.gamma?.address ?? 0,
        this.#byBatch ? this.#sumD : 0,
        this.#sumProducts,
        count * this.#pixels,
      );
    });
  }

  gradients(x: BatchInputs, count: number): void | Steps<void> {
    if (this.parameters.length === 0) return;
    const { beta, gamma } = this.#affine;
    return this.#sumUp(x, count, beta?.gradient() ?? this.#sumD, gamma?.gradient() ?? this.#sumProducts);
  }

  get #mean(): number {
    return this.#byBatch ? this.#batchMean : this.#movingMean.address;
  }

  /** Of the batch, to `to`: the mean, or the variance about a `mean` that is not 0. */
  *#moment(images: number, count: number, mean: number, to: number): Steps<void> {
    yield* this.#add(count, (at, rows, stride, pixels) => {
      this.#kernels.batchSums(images + at, rows, stride, pixels, this.#channels, this.#sums, mean);
    });
    yield;
    this.#round(0, to, 1 / (count * this.#pixels));
  }

  *#sumUp(x: BatchInputs, count: number, sumD: number, sumProducts: number): Steps<void> {
    const { d } = this.out;
    const images = denseAddress(x);
    yield* this.#add(count, (at, rows, stride, pixels) => {
      this.#kernels.batchGradient(
        images + at,
        d + at,
        rows,
        stride,
        pixels,
        this.#channels,
        this.#mean,
        this.#inverse,
        this.#sums,
      );
    });
    yield;
    this.#round(0, sumD, 1);
    yield;
    this.#round(1, sumProducts, 1);
    yield;
  }

  /** Sums of all rows, from zero on. */
  *#add(count: number, take: Take): Steps<void> {
    yield* clear(this.#context, this.#sums, 4 * paddedWidth(this.#channels));
    yield* this.#inParts(count, take);
  }

  /** Sums of which there are two a channel, as float32. */
  #round(which: number, to: number, factor: number): void {
    const size = paddedWidth(this.#channels);
    this.#kernels.roundSums(this.#sums + 8 * which * size, to, size, factor);
  }

  #inParts(count: number, take: Take): Steps<void> {
    return placesInParts(this.#context, [count, this.out.stride, this.#pixels, this.#channels], take);
  }
}
