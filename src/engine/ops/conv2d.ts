import type { Steps } from '../../util/steps.ts';
import { type Context, paddedWidth } from '../context.ts';
import { type ImageKernels, imageKernels } from '../imageModule.ts';
import { denseAddress, type Op, outputsOf, type Place, resizeOutputs, type Step } from '../op.ts';
import { clear, clearGradients, type Parameter } from '../parameter.ts';
import { channelsInParts, each, imagesInParts, inParts, VALUE } from '../parts.ts';
import type { BatchInputs } from '../rows.ts';
import { convolutionParameters, type ConvolutionSpec } from './convolution.ts';
import { type Geometry, geometryOf, outputShapeOf, productsOf, writeGeometry } from './geometry.ts';

/** The kernels' tile. */
const PIXELS = 4;

export interface Conv2dSpec extends ConvolutionSpec {
  readonly kind: 'conv2d';
  readonly filters: number;
}

export function conv2d(options: Omit<Conv2dSpec, 'kind'>): Step<Conv2dSpec> {
  const spec: Conv2dSpec = { kind: 'conv2d', ...options };
  return {
    spec,
    shape: (input) => conv2dOutputShape(spec, input),
    create: (place) => new Conv2dOp(spec, place),
    multiplyAdds: (input) => productsOf(conv2dGeometry(spec, input)) * input[2],
  };
}

/** Throws E_SHAPE where the input does not fit. */
export function conv2dOutputShape(
  spec: Omit<Conv2dSpec, 'kind'>,
  shape: readonly number[],
  layer = 'Conv2D',
): number[] {
  return outputShapeOf(conv2dGeometry(spec, shape, layer));
}

/** Throws E_SHAPE where the input does not fit. */
export function conv2dGeometry(
  { filters, kernelSize, strides, padding }: Omit<Conv2dSpec, 'kind'>,
  shape: readonly number[],
  layer = 'Conv2D',
): Geometry {
  return geometryOf(shape, { size: kernelSize, strides, padding }, () => filters, layer, 'kernelSize');
}

/** y = bias + the kernel slid over each image; kernel [height, width, channels, filters] as Keras has it. Sums: `assembly/images/conv2d.ts`. */
class Conv2dOp implements Op {
  readonly out;
  readonly parameters: readonly Parameter[];
  readonly statistics = [];
  readonly readsOutputs = false;
  readonly #context: Context;
  readonly #kernels: ImageKernels;
  readonly #geometry: Geometry;
  /** For one image, reading and writing its values included. */
  readonly #products: number;
  readonly #record: number;
  readonly #kernel: Parameter;
  readonly #bias: Parameter | undefined;
  /** An image with its padding, and its floats; 0 where there is none. */
  #padded = 0;
  readonly #paddedFloats: number;
  /** Of the values of a patch and of pixels, taken when they are first needed, as the gradients' room is. */
  #tables = 0;
  #gradientTables = 0;
  #spread = 0;
  #paddedGradient = 0;
  #transposed = 0;
  #transposedVersion = -1;

  constructor(spec: Conv2dSpec, { context, shape }: Place) {
    this.#context = context;
    this.#kernels = imageKernels(context.heap.memory);
    const geometry = conv2dGeometry(spec, shape);
    this.#geometry = geometry;
    // Channels of outputs are taken in eights.
    const eights = paddedWidth(geometry.outChannels) / geometry.outChannels;
    this.#products =
      eights * productsOf(geometry) * geometry.channels + VALUE * (geometry.stride + geometry.outStride);
    this.#record = writeGeometry(context, geometry);
    this.out = outputsOf(outputShapeOf(geometry));
    const { height, width, channels, paddedHeight, paddedWidth: wide } = geometry;
    const isPadded = paddedHeight > height || wide > width;
    this.#paddedFloats = isPadded ? paddedHeight * wide * channels : 0;
    const { filters, kernelSize } = spec;
    const taps = kernelSize[0] * kernelSize[1] * channels;
    const packing = {
      shape: [...kernelSize, channels, filters],
      count: taps * paddedWidth(filters),
      place: (index: number) => {
        const filter = index % filters;
        return ((filter >> 3) * taps + (index - filter) / filters) * 8 + (filter & 7);
      },
    };
    const { kernel, bias, all } = convolutionParameters(context, spec, packing, filters);
    this.#kernel = kernel;
    this.#bias = bias;
    this.parameters = all;
  }

  resize(rows: number): void {
    resizeOutputs(this.#context, this.out, rows);
  }

  *forward(x: BatchInputs, count: number): Steps<BatchInputs> {
    const { y } = this.out;
    const bias = this.#bias?.address ?? 0;
    const { stride, outStride, windowHeight, windowWidth, channels, outHeight, outWidth, outChannels } =
      this.#geometry;
    this.#tables ||= this.#context.pieces.bytes(
      4 * (windowHeight * windowWidth * channels + 2 * outHeight * outWidth),
      true,
    );
    const images = denseAddress(x);
    this.#padded ||= yield* this.#zeros(this.#paddedFloats);
    yield* this.#inParts(count, outHeight * outWidth, outChannels, (from, rows, ...part) => {
      this.#kernels.conv2dForward(
        ...[this.#record, images + 4 * from * stride, this.#kernel.address, bias],
        ...[y + 4 * from * outStride, rows, this.#padded, this.#tables, ...part],
      );
    });
    return { kind: 'dense', x: y };
  }

  *backward(_x: BatchInputs, dx: number, count: number): Steps<void> {
    const { pieces } = this.#context;
    const { stride, outStride, windowHeight, windowWidth, channels, outChannels, height, width } =
      this.#geometry;
    const weights = windowHeight * windowWidth * outChannels;
    this.#paddedGradient ||= yield* this.#zeros(paddedGradientSize(this.#geometry));
    this.#transposed ||= pieces.floats(weights * paddedWidth(channels));
    this.#gradientTables ||= pieces.bytes(4 * (weights + 2 * height * width), true);
    if (this.#transposedVersion !== this.#kernel.version) {
      yield* inParts(this.#context, [channels, VALUE * weights, 8], (...part) => {
        this.#kernels.conv2dTranspose(this.#record, this.#kernel.address, this.#transposed, ...part);
      });
      this.#transposedVersion = this.#kernel.version;
    }
    const { d } = this.out;
    const { stepY, stepX } = this.#geometry;
    const places = Math.ceil(height / stepY) * Math.ceil(width / stepX);
    yield* this.#inParts(count, places, channels, (from, rows, ...part) => {
      this.#kernels.conv2dInputGradient(
        ...[this.#record, d + 4 * from * outStride, this.#transposed, dx + 4 * from * stride, rows],
        ...[this.#paddedGradient, this.#gradientTables, ...part],
      );
    });
  }

  /** Images, or some of their `places`, of some of the channels that are summed for them. */
  #inParts(
    count: number,
    places: number,
    channels: number,
    take: (image: number, images: number, low: number, high: number, first?: number, until?: number) => void,
  ): Steps<void> {
    const products = this.#products / channels;
    return channelsInParts(this.#context, [channels, (PIXELS * products) / places], (low, high) =>
      imagesInParts(
        this.#context,
        [count, products * (high - low)],
        [places, PIXELS],
        (image, images, ...pixels) => {
          take(image, images, low, high, ...pixels);
        },
      ),
    );
  }

  /** Room of so many floats, zero; 0 where it is none. */
  *#zeros(count: number): Steps<number> {
    if (count === 0) return 0;
    const room = this.#context.pieces.floats(count, true);
    yield* clear(this.#context, room, count);
    return room;
  }

  *gradients(x: BatchInputs, count: number): Steps<void> {
    const { outHeight, outWidth, outChannels, stride, outStride, windowHeight } = this.#geometry;
    if (outChannels % 8 !== 0) {
      this.#spread ||= yield* this.#zeros(outHeight * outWidth * paddedWidth(outChannels));
    }
    const images = denseAddress(x);
    const { d } = this.out;
    yield* clearGradients(this.#context, this.parameters);
    const take = (from: number, rows: number, ...ranges: (number | undefined)[]): void => {
      this.#kernels.conv2dGradient(
        this.#record,
        images + 4 * from * stride,
        d + 4 * from * outStride,
        this.#kernel.gradient(),
        this.#bias?.gradient() ?? 0,
        rows,
        this.#padded,
        this.#spread,
        ...(ranges as number[]),
      );
    };
    const lines = windowHeight * Math.ceil(outChannels / 8);
    const ofLine = this.#products / lines;
    if (ofLine <= this.#context.heap.mostProducts()) {
      yield* imagesInParts(this.#context, [count, this.#products], [lines, 1], take);
      return;
    }
    const places = outHeight === 1 ? outWidth : outHeight;
    yield* each(count * lines, (k) => {
      const line = k % lines;
      return inParts(this.#context, [places, ofLine / places, 1], (...part) => {
        take((k - line) / lines, 1, line, line + 1, ...part);
      });
    });
  }
}

/** Floats of d with all the outputs around it that some pixel's sum would reach for. */
function paddedGradientSize(geometry: Geometry): number {
  const { height, width, outHeight, outWidth, outChannels, windowHeight, windowWidth } = geometry;
  const { stepY, stepX, top, left } = geometry;
  const rows =
    Math.floor((windowHeight - 1) / stepY) + Math.max(outHeight, Math.floor((top + height - 1) / stepY) + 1);
  const columns =
    Math.floor((windowWidth - 1) / stepX) + Math.max(outWidth, Math.floor((left + width - 1) / stepX) + 1);
  return rows * columns * outChannels;
}
