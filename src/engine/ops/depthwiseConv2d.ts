import type { Steps } from '../../util/steps.ts';
import { type Context, paddedWidth } from '../context.ts';
import { type ImageKernels, imageKernels } from '../imageModule.ts';
import { denseAddress, type Op, outputsOf, type Place, resizeOutputs, type Step } from '../op.ts';
import { clearGradients, type Parameter } from '../parameter.ts';
import { VALUE } from '../parts.ts';
import type { BatchInputs } from '../rows.ts';
import { convolutionParameters, type ConvolutionSpec } from './convolution.ts';
import {
  type Geometry,
  geometryOf,
  type Pair,
  outputShapeOf,
  productsOf,
  rangesInParts,
  writeGeometry,
} from './geometry.ts';

export interface DepthwiseConv2dSpec extends ConvolutionSpec {
  readonly kind: 'depthwiseConv2d';
  /** Outputs of each channel; output channel c · depthMultiplier + m. */
  readonly depthMultiplier: number;
}

export function depthwiseConv2d(options: Omit<DepthwiseConv2dSpec, 'kind'>): Step<DepthwiseConv2dSpec> {
  const spec: DepthwiseConv2dSpec = { kind: 'depthwiseConv2d', ...options };
  return {
    spec,
    shape: (input) => depthwiseConv2dOutputShape(spec, input),
    create: (place) => new DepthwiseConv2dOp(spec, place),
    multiplyAdds: (input) => productsOf(depthwiseGeometry(spec, input)),
  };
}

/** Throws E_SHAPE where the input does not fit. */
export function depthwiseConv2dOutputShape(
  spec: Omit<DepthwiseConv2dSpec, 'kind'>,
  shape: readonly number[],
  layer = 'DepthwiseConv2D',
): number[] {
  return outputShapeOf(depthwiseGeometry(spec, shape, layer));
}

function depthwiseGeometry(
  { kernelSize, strides, padding, depthMultiplier }: Omit<DepthwiseConv2dSpec, 'kind'>,
  shape: readonly number[],
  layer = 'DepthwiseConv2D',
): Geometry {
  const outChannels = (channels: number): number => channels * depthMultiplier;
  return geometryOf(shape, { size: kernelSize, strides, padding }, outChannels, layer, 'kernelSize');
}

/** Each channel convolved by itself; kernel [height, width, channels, depthMultiplier] as Keras has it. Sums: `assembly/images/depthwiseConv2d.ts`. */
class DepthwiseConv2dOp implements Op {
  readonly out;
  readonly parameters: readonly Parameter[];
  readonly statistics = [];
  readonly readsOutputs = false;
  readonly #context: Context;
  readonly #kernels: ImageKernels;
  readonly #geometry: Geometry;
  /** For one image, each counted four times: it meets a value of its own. And reading and writing its values. */
  readonly #products: number;
  readonly #record: number;
  readonly #kernel: Parameter;
  readonly #bias: Parameter | undefined;
  readonly #padded: number;
  /** 0 where the output channels are a multiple of 8. */
  readonly #spread: number;
  readonly #sums: number;

  constructor(spec: DepthwiseConv2dSpec, { context, shape }: Place) {
    this.#context = context;
    this.#kernels = imageKernels(context.heap.memory);
    const geometry = depthwiseGeometry(spec, shape);
    this.#geometry = geometry;
    this.#products = 4 * productsOf(geometry) + VALUE * (geometry.stride + geometry.outStride);
    this.#record = writeGeometry(context, geometry);
    this.out = outputsOf(outputShapeOf(geometry));
    const { channels, outHeight, outWidth, outChannels, paddedHeight, paddedWidth: wide } = geometry;
    const pixel = paddedWidth(outChannels);
    const { pieces } = context;
    this.#padded = pieces.floats(paddedHeight * wide * pixel);
    this.#spread = pixel === outChannels ? 0 : pieces.floats(outHeight * outWidth * pixel);
    this.#sums = pieces.floats(pixel);
    const { kernelSize, depthMultiplier } = spec;
    const packing = {
      shape: [...kernelSize, channels, depthMultiplier],
      count: kernelSize[0] * kernelSize[1] * pixel,
      place: (index: number) => {
        const channel = index % outChannels;
        return ((index - channel) / outChannels) * pixel + channel;
      },
    };
    const { kernel, bias, all } = convolutionParameters(context, spec, packing, outChannels);
    this.#kernel = kernel;
    this.#bias = bias;
    this.parameters = all;
  }

  resize(rows: number): void {
    resizeOutputs(this.#context, this.out, rows);
  }

  *forward(x: BatchInputs, count: number): Steps<BatchInputs> {
    const { y } = this.out;
    const { stride, outStride, outHeight, outWidth } = this.#geometry;
    const images = denseAddress(x);
    const bias = this.#bias?.address ?? 0;
    yield* this.#inParts(count, [outHeight, outWidth], (from, rows, ...ranges) => {
      this.#kernels.depthwiseForward(
        this.#record,
        images + 4 * from * stride,
        this.#kernel.address,
        bias,
        y + 4 * from * outStride,
        rows,
        this.#padded,
        ...ranges,
      );
    });
    return { kind: 'dense', x: y };
  }

  backward(_x: BatchInputs, dx: number, count: number): Steps<void> {
    const { d } = this.out;
    const { stride, outStride, height, width } = this.#geometry;
    return this.#inParts(count, [height, width], (from, rows, ...ranges) => {
      this.#kernels.depthwiseInputGradient(
        this.#record,
        d + 4 * from * outStride,
        this.#kernel.address,
        dx + 4 * from * stride,
        rows,
        this.#spread,
        this.#sums,
        ...ranges,
      );
    });
  }

  *gradients(x: BatchInputs, count: number): Steps<void> {
    const { d } = this.out;
    const { stride, outStride, outHeight, outWidth } = this.#geometry;
    const images = denseAddress(x);
    yield* clearGradients(this.#context, this.parameters);
    yield* this.#inParts(count, [outHeight, outWidth], (from, rows, ...ranges) => {
      this.#kernels.depthwiseGradient(
        this.#record,
        images + 4 * from * stride,
        d + 4 * from * outStride,
        this.#kernel.gradient(),
        this.#bias?.gradient() ?? 0,
        rows,
        this.#padded,
        this.#spread,
        ...ranges,
      );
    });
  }

  /** Some images at a time, or rows of one, or of one that has but one row its pixels. */
  #inParts(
    count: number,
    [height, width]: Pair,
    take: (from: number, rows: number, ...ranges: number[]) => void,
  ): Steps<void> {
    return rangesInParts(this.#context, [count, this.#products], height, width, take);
  }
}
