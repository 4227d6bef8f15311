import type { Steps } from '../../util/steps.ts';
import { sizeOf } from '../../util/tensor.ts';
import type { Activation } from '../activations/activation.ts';
import { ACTIVATIONS } from '../activations/activations.ts';
import { type Context, paddedWidth } from '../context.ts';
import { type ImageKernels, imageKernels } from '../imageModule.ts';
import {
  denseAddress,
  type Fusion,
  type Op,
  outputsOf,
  type Place,
  resizeOutputs,
  type Step,
} from '../op.ts';
import { clearGradients, type Parameter } from '../parameter.ts';
import { channelsInParts, imagesInParts, inParts, VALUE } from '../parts.ts';
import type { BatchInputs } from '../rows.ts';
import type { ActivationOp, ActivationSpec } from './activation.ts';
import { conv2dGeometry, type Conv2dSpec } from './conv2d.ts';
import { type Geometry, outputShapeOf, productsOf, type Window, writeGeometry } from './geometry.ts';

/** Of a geometry's record. */
const OUT_CHANNELS = 6;
/** Windows go through the kernels in chunks whose images fill so much of the nearest cache, and of at most so many; results do not depend on it. */
const CHUNK_BYTES = 40_960;
const MOST_CHUNK_WINDOWS = 130;
const WINOGRAD_CHUNK = 25;
/** Winograd's convolution transforms each patch, which pays from so many channels on. */
const LEAST_WINOGRAD_CHANNELS = 16;
/** Widest image, with its padding, that a mask of its pixels has room for, and highest one: all of its masks are written at once. */
const MOST_MASK_PIXELS = 32;
const MOST_MASKS = 1 << 12;

/**
 * The rule by which 2 × 2 max pooling with steps of 2, unpadded, joins the convolution below it, with no activation between them or one that never falls, so that it may as well follow the
 * pooling. Part of CONVOLUTION_NUMERICS, as is `usesWinograd`.
 */
export function poolingFusion(
  { size, strides, padding }: Window,
  below: readonly Step[],
): Fusion | undefined {
  if (padding !== 'valid' || [...size, ...strides].some((extent) => extent !== 2)) return undefined;
  const top = below.at(-1);
  const between = top && commutes(top) ? top : undefined;
  const steps = between ? 2 : 1;
  const convolution = below.at(-steps);
  if (!convolution || !isConvolution(convolution)) return undefined;
  return {
    steps,
    create: (place, [{ parameters }]) => new PooledConv2dOp(convolution.spec, between, place, parameters),
  };
}

function commutes(step: Step): step is Step<ActivationSpec> {
  if (step.spec.kind !== 'activation') return false;
  const { activation, parameter } = step.spec as ActivationSpec;
  const { rises, needsInput }: Activation = ACTIVATIONS[activation];
  return rises && !needsInput && parameter >= 0;
}

function isConvolution(step: Step): step is Step<Conv2dSpec> {
  return step.spec.kind === 'conv2d';
}

/** Windows of 3 × 3 with steps of 1 over a multiple of 4 channels, 16 or more. */
export function usesWinograd({ kernelSize, strides }: Conv2dSpec, channels: number): boolean {
  const fits = kernelSize.every((extent) => extent === 3) && strides.every((step) => step === 1);
  return fits && channels % 4 === 0 && channels >= LEAST_WINOGRAD_CHANNELS;
}

/** Convolution, activation and max pooling in one: their tensors of full size never exist (`assembly/images/pooled/`). */
class PooledConv2dOp implements Op {
  readonly out;
  readonly parameters = [];
  readonly statistics = [];
  readonly readsOutputs: boolean;
  readonly #context: Context;
  readonly #kernels: ImageKernels;
  readonly #kernel: Parameter;
  readonly #bias: Parameter | undefined;
  /** After the pooling, in place; a ReLU's forward pass is the kernels' `floor`. */
  readonly #activation: ActivationOp | undefined;
  readonly #floor: number;
  /** Of the convolution, and of both together on padded images (`assembly/images/pooled/windows.ts`). */
  readonly #convolution: number;
  /** Floats of an image without padding. */
  readonly #below: number;
  /** For an image, at one place of each window: of the four, one has a gradient. */
  readonly #products: number;
  readonly #geometry: Geometry;
  readonly #record: number;
  /** The same for some of the outputs. */
  readonly #slice: number;
  readonly #isPadded: boolean;
  readonly #chunk: number;
  readonly #taps: number;
  readonly #places: number;
  readonly #masks: number;
  /** u32[2]: where the next window of a list goes, and the next of those alike. */
  readonly #next: number;
  readonly #winograd: { readonly u: number; readonly v: number; readonly m: number } | undefined;
  /** Of the kernel as u and as t. */
  #transformedVersion = -1;
  #transposedVersion = -1;
  /** f32[rows][stride] */
  #padded = 0;
  /** u8[rows][stride of the outputs]: which place won. */
  #winners = 0;
  /** Windows of the last batch that are computed, and the places of those that are alike, of which the first is. */
  #list = 0;
  #alike = 0;
  #windows = 0;
  /** Rows whose windows are all in the list; where some are left out it is made anew for each batch. */
  #listed = 0;
  /** Where the images of the last batch lie, padded. */
  #images = 0;
  /** Whether d has gone back through the activation. */
  #activationIsDone = false;
  /** Room for the gradients' work, taken when it is first needed. */
  #forKernel: { readonly entries: number; readonly sums: number } | undefined;
  #forInputs:
    | { readonly t: number; readonly image: number; readonly entries: number; readonly segments: number }
    | undefined;

  constructor(
    spec: Conv2dSpec,
    activation: Step<ActivationSpec> | undefined,
    { context, shape }: Place,
    [kernel, bias]: readonly Parameter[],
  ) {
    const { pieces, heap } = context;
    this.#context = context;
    this.#kernels = imageKernels(heap.memory);
    this.#kernel = kernel;
    this.#bias = bias;
    const convolution = conv2dGeometry(spec, shape);
    const geometry = pooledGeometry(convolution);
    this.#convolution = writeGeometry(context, convolution);
    this.#below = convolution.stride;
    this.#products = productsOf(geometry) * geometry.channels;
    this.#geometry = geometry;
    this.#record = writeGeometry(context, geometry);
    this.#slice = writeGeometry(context, geometry);
    const { height, width, channels } = geometry;
    this.#isPadded = height > convolution.height || width > convolution.width;
    this.out = outputsOf(outputShapeOf(geometry));
    this.readsOutputs = activation !== undefined;
    this.#floor = activation?.spec.activation === 'relu' ? 0 : -Infinity;
    this.#activation = activation?.create({
      context,
      below: this.out,
      shape: this.out.shape,
      mayOverwrite: true,
      lowest: false,
      index: 0,
    }) as ActivationOp | undefined;
    this.#chunk = chunkOf(geometry);
    const taps = tapsOf(geometry);
    this.#taps = pieces.bytes(4 * taps.length);
    heap.uint32(this.#taps, taps.length).set(taps);
    this.#places = pieces.bytes(16);
    this.#next = pieces.bytes(8);
    const [right, under] = [4 * channels * geometry.stepX, 4 * channels * width * geometry.stepY];
    heap.uint32(this.#places, 4).set([0, right, under, right + under]);
    const mayMask =
      width <= MOST_MASK_PIXELS && height <= MOST_MASKS && (channels === 1 || channels % 4 === 0);
    this.#masks = mayMask ? pieces.bytes(4 * height) : 0;
    if (usesWinograd(spec, channels)) {
      this.#winograd = {
        u: pieces.floats(16 * channels * paddedWidth(spec.filters)),
        v: pieces.floats(16 * WINOGRAD_CHUNK * channels),
        m: pieces.floats(16 * WINOGRAD_CHUNK * 8),
      };
    }
  }

  resize(rows: number): void {
    const { pieces } = this.#context;
    const { stride, outHeight, outWidth } = this.#geometry;
    this.#padded = pieces.free(this.#padded);
    this.#winners = pieces.free(this.#winners);
    this.#list = pieces.free(this.#list);
    this.#alike = pieces.free(this.#alike);
    if (this.#isPadded) this.#padded = pieces.floats(rows * stride);
    this.#winners = pieces.bytes(rows * this.out.stride, true);
    const windows = rows * outHeight * outWidth;
    this.#list = pieces.bytes(8 * windows, true);
    this.#alike = pieces.bytes(4 * windows, true);
    resizeOutputs(this.#context, this.out, rows);
    this.#listed = 0;
  }

  *forward(x: BatchInputs, count: number): Steps<BatchInputs> {
    const [kernels, floor] = [this.#kernels, this.#floor];
    const { heap } = this.#context;
    const { outHeight, outWidth, channels, outChannels, stride } = this.#geometry;
    const { y } = this.out;
    this.#activationIsDone = false;
    this.#images = denseAddress(x);
    if (this.#isPadded) {
      const below = this.#images;
      this.#images = this.#padded;
      yield* this.#inParts(count, stride, (from, to) => {
        const [x, y] = [below + 4 * from * this.#below, this.#padded + 4 * from * stride];
        kernels.padImages(this.#convolution, x, y, stride, to - from);
      });
    }
    const images = this.#images;
    const places = outHeight * outWidth;
    const all = count * places;
    this.#windows = all;
    if (this.#masks || this.#listed < count) yield* this.#listWindows(images, count, this.#masks);
    const [list, windows] = [this.#list, this.#windows];
    const [bias, winners] = [this.#bias?.address ?? 0, this.#winners];
    const winograd = this.#winograd;
    if (winograd && this.#transformedVersion !== this.#kernel.version) {
      const taps = 8 * channels;
      yield* inParts(this.#context, [Math.ceil(outChannels / 8), 16 * VALUE * taps, 1], (from, to) => {
        const [w, u] = [this.#kernel.address + 36 * taps * from, winograd.u + 64 * taps * from];
        kernels.winogradKernel(w, u, channels, to - from);
      });
      this.#transformedVersion = this.#kernel.version;
    }
    const chunk = winograd ? WINOGRAD_CHUNK : this.#chunk;
    const products = (4 * this.#products) / places / outChannels;
    yield* channelsInParts(this.#context, [outChannels, chunk * products], (o, high) => {
      heap.uint32(this.#slice, 7)[OUT_CHANNELS] = high - o;
      const rest = [bias && bias + 4 * o, y + 4 * o, winners + o, floor] as const;
      return inParts(this.#context, [windows, products * (high - o), chunk], (from, end) => {
        const part = [...rest, list + 8 * from, end - from, chunk] as const;
        if (winograd) {
          const { u, v, m } = winograd;
          kernels.winogradForward(this.#slice, images, u + 64 * o * channels, ...part, v, m);
        } else {
          const kernel = this.#kernel.address + o * products;
          kernels.pooledForward(this.#slice, images, kernel, ...part, this.#taps);
        }
      });
    });
    yield* this.#inParts(all - windows, outChannels, (from, to) => {
      kernels.copyWindows(this.#record, y, winners, this.#alike + 4 * from, to - from + 1);
    });
    const out = { kind: 'dense', x: y } as const;
    return this.#activation && this.#floor !== 0 ? yield* this.#activation.forward(out, count) : out;
  }

  *backward(_x: BatchInputs, dx: number, count: number): Steps<void> {
    const { pieces } = this.#context;
    const { height, width, channels, outChannels, outStride, windowHeight, windowWidth } = this.#geometry;
    const run = 4 * Math.ceil((windowWidth * channels) / 4);
    this.#forInputs ??= {
      t: pieces.floats(windowHeight * run * outChannels),
      image: pieces.floats(height * width * channels + 4),
      entries: pieces.bytes(32 * 4 * 8 * (outChannels + 1)),
      segments: pieces.bytes(129 * 12 + 4),
    };
    const { t, image, entries, segments } = this.#forInputs;
    if (this.#transposedVersion !== this.#kernel.version) {
      yield* inParts(this.#context, [outChannels, VALUE * windowHeight * run, 1], (...part) => {
        this.#kernels.pooledTranspose(this.#record, this.#kernel.address, t, ...part);
      });
      this.#transposedVersion = this.#kernel.version;
    }
    yield* this.#throughActivation(count);
    const { outHeight, outWidth } = this.#geometry;
    const places = outHeight * outWidth;
    yield* imagesInParts(this.#context, [count, this.#products], [places, 1], (from, rows, ...windows) => {
      const out = from * outStride;
      this.#kernels.pooledInputGradient(
        ...[this.#record, this.#convolution, this.out.d + 4 * out, this.#winners + out, t],
        ...[dx + 4 * from * this.#below, rows, this.#places, image, entries, segments, ...windows],
      );
    });
  }

  *gradients(_x: BatchInputs, count: number): Steps<void> {
    const { heap, pieces } = this.#context;
    const { channels, outChannels, outStride, windowHeight, windowWidth } = this.#geometry;
    const run = 4 * Math.ceil((windowWidth * channels) / 4);
    this.#forKernel ??= {
      entries: pieces.bytes(8 * (this.#chunk + 1)),
      sums: pieces.floats(outChannels * windowHeight * run),
    };
    const { entries, sums } = this.#forKernel;
    const { d } = this.out;
    yield* this.#throughActivation(count);
    // What has only zeros before it adds nothing.
    const mayPass = heap.uint32(this.#images, channels).every((bits) => bits === 0);
    if (!mayPass && this.#listed < count) yield* this.#listWindows(0, count, 0);
    const [list, windows] = [this.#list, this.#windows];
    const products = (count * this.#products) / windows / outChannels;
    // Each call has its outputs' sums to clear and to write.
    const cost = this.#chunk * products + VALUE * windowHeight * run;
    yield* channelsInParts(this.#context, [outChannels, cost], (o, end) =>
      inParts(this.#context, [windows, products * (end - o), this.#chunk], (from, to) => {
        this.#kernels.pooledKernelGradient(
          ...[this.#record, this.#images, d, this.#winners, list + 8 * from, to - from, this.#chunk],
          ...[this.#places, entries, sums, this.#kernel.gradient(), o, end, Number(from > 0)],
        );
      }),
    );
    const bias = this.#bias;
    if (!bias) return;
    yield* clearGradients(this.#context, [bias]);
    yield* this.#inParts(count, outStride, (from, to) => {
      this.#kernels.pooledBiasGradient(this.#record, d + 4 * from * outStride, to - from, bias.gradient());
    });
  }

  /** So many things of so many values each. */
  #inParts(count: number, values: number, take: (from: number, to: number) => void): Steps<void> {
    return inParts(this.#context, [count, VALUE * values, 1], take);
  }

  *#listWindows(images: number, rows: number, masks: number): Steps<void> {
    const { heap } = this.#context;
    const { outHeight, outWidth } = this.#geometry;
    const [list, next, alike] = [this.#list, this.#next, this.#alike];
    heap.uint32(next, 2).set([list, alike]);
    // Counted twice: each is looked at in the image, too.
    yield* this.#inParts(rows * outHeight, 2 * outWidth, (first, end) => {
      this.#kernels.pooledWindows(this.#record, images, next, alike, masks, first, end);
    });
    this.#windows = (heap.uint32(next, 1)[0] - list) / 8;
    this.#listed = masks ? 0 : rows;
  }

  /** In place, once after each forward pass: what comes first of the two gradients does it. */
  *#throughActivation(count: number): Steps<void> {
    if (this.#activationIsDone || !this.#activation) return;
    this.#activationIsDone = true;
    yield* this.#activation.backward({ kind: 'dense', x: this.out.y }, this.out.d, count);
  }
}

/** From padded images to what the pooling leaves. */
function pooledGeometry(convolution: Geometry): Geometry {
  const { paddedHeight: height, paddedWidth: width, channels, outChannels } = convolution;
  const [outHeight, outWidth] = [convolution.outHeight >> 1, convolution.outWidth >> 1];
  const isPadded = height > convolution.height || width > convolution.width;
  return {
    ...convolution,
    height,
    width,
    stride: isPadded ? paddedWidth(height * width * channels) : convolution.stride,
    outHeight,
    outWidth,
    outStride: paddedWidth(sizeOf([outHeight, outWidth, outChannels])),
  };
}

/** A multiple of 5. */
function chunkOf({ height, width, channels, outHeight, outWidth }: Geometry): number {
  const images = CHUNK_BYTES / (4 * height * width * channels);
  const windows = Math.min(images * outHeight * outWidth, MOST_CHUNK_WINDOWS);
  return 5 * Math.max(1, Math.round(windows / 5));
}

/** Where each value of a patch stands, in bytes. */
function tapsOf({ width, channels, windowHeight, windowWidth }: Geometry): number[] {
  const run = windowWidth * channels;
  return Array.from(
    { length: windowHeight * run },
    (_, t) => 4 * (Math.floor(t / run) * width * channels + (t % run)),
  );
}
