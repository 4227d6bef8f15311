import { IMAGE_KERNELS } from './imageKernels.ts';
import { linkKernels } from './linking.ts';

type Address = number;

/** Places of an image from `first` to before `until`, and of what is within them from `from` to before `to`; all where they are absent or the end is 0. */
type Ranges = [first?: number, until?: number, from?: number, to?: number];

/** The exports of `assembly/images/`; each is documented there. `geometry` is the address of a record (`ops/geometry.ts`). */
export interface ImageKernels {
  conv2dForward(
    geometry: Address,
    x: Address,
    w: Address,
    b: Address,
    y: Address,
    rows: number,
    padded: Address,
    tables: Address,
    channel: number,
    channels: number,
    first?: number,
    until?: number,
  ): void;
  conv2dGradient(
    geometry: Address,
    x: Address,
    d: Address,
    gw: Address,
    gb: Address,
    rows: number,
    padded: Address,
    spread: Address,
    ...ranges: Ranges
  ): void;
  conv2dTranspose(geometry: Address, w: Address, t: Address, first: number, end: number): void;
  conv2dInputGradient(
    geometry: Address,
    d: Address,
    t: Address,
    dx: Address,
    rows: number,
    padded: Address,
    tables: Address,
    channel: number,
    channels: number,
    first?: number,
    until?: number,
  ): void;
  padImages(geometry: Address, x: Address, padded: Address, stride: number, rows: number): void;
  pooledWindows(
    geometry: Address,
    x: Address,
    places: Address,
    alike: Address,
    masks: Address,
    first: number,
    end: number,
  ): void;
  copyWindows(geometry: Address, y: Address, z: Address, alike: Address, count: number): void;
  pooledForward(
    geometry: Address,
    x: Address,
    w: Address,
    b: Address,
    y: Address,
    z: Address,
    floor: number,
    list: Address,
    count: number,
    chunk: number,
    taps: Address,
  ): void;
  pooledKernelGradient(
    geometry: Address,
    x: Address,
    d: Address,
    z: Address,
    list: Address,
    count: number,
    chunk: number,
    places: Address,
    entries: Address,
    sums: Address,
    gw: Address,
    first: number,
    last: number,
    goesOn: number,
  ): void;
  pooledBiasGradient(geometry: Address, d: Address, rows: number, gb: Address): void;
  pooledTranspose(geometry: Address, w: Address, t: Address, first: number, end: number): void;
  pooledInputGradient(
    geometry: Address,
    convolution: Address,
    d: Address,
    z: Address,
    t: Address,
    dx: Address,
    rows: number,
    places: Address,
    image: Address,
    entries: Address,
    segments: Address,
    first?: number,
    until?: number,
  ): void;
  winogradKernel(w: Address, u: Address, channels: number, blocks: number): void;
  winogradForward(
    geometry: Address,
    x: Address,
    u: Address,
    b: Address,
    y: Address,
    z: Address,
    floor: number,
    list: Address,
    count: number,
    chunk: number,
    v: Address,
    m: Address,
  ): void;
  depthwiseForward(
    geometry: Address,
    x: Address,
    w: Address,
    b: Address,
    y: Address,
    rows: number,
    padded: Address,
    ...ranges: Ranges
  ): void;
  depthwiseGradient: ImageKernels['conv2dGradient'];
  depthwiseInputGradient(
    geometry: Address,
    d: Address,
    w: Address,
    dx: Address,
    rows: number,
    spread: Address,
    sums: Address,
    ...ranges: Ranges
  ): void;
  maxPoolingForward(
    geometry: Address,
    x: Address,
    y: Address,
    winners: Address,
    rows: number,
    ...ranges: Ranges
  ): void;
  maxPoolingBackward(
    geometry: Address,
    d: Address,
    winners: Address,
    dx: Address,
    rows: number,
    ...ranges: Ranges
  ): void;
  averagePoolingForward(geometry: Address, x: Address, y: Address, rows: number, ...ranges: Ranges): void;
  averagePoolingBackward(geometry: Address, d: Address, dx: Address, rows: number, ...ranges: Ranges): void;
  roundSums(sums: Address, p: Address, channels: number, factor: number): void;
  batchSums(
    x: Address,
    rows: number,
    stride: number,
    pixels: number,
    channels: number,
    sums: Address,
    mean: Address,
    first?: number,
    until?: number,
  ): void;
  moveAverage(moving: Address, batch: Address, count: number, momentum: number, rest: number): void;
  inverseDeviation(variance: Address, inverse: Address, channels: number, epsilon: number): void;
  batchForward(
    x: Address,
    y: Address,
    rows: number,
    stride: number,
    pixels: number,
    channels: number,
    mean: Address,
    inverse: Address,
    gamma: Address,
    beta: Address,
  ): void;
  batchGradient(
    x: Address,
    d: Address,
    rows: number,
    stride: number,
    pixels: number,
    channels: number,
    mean: Address,
    inverse: Address,
    sums: Address,
    first?: number,
    until?: number,
  ): void;
  batchBackward(
    x: Address,
    d: Address,
    dx: Address,
    rows: number,
    stride: number,
    pixels: number,
    channels: number,
    mean: Address,
    inverse: Address,
    gamma: Address,
    gb: Address,
    gg: Address,
    all: number,
  ): void;
  layerForward(
    x: Address,
    y: Address,
    rows: number,
    stride: number,
    pixels: number,
    channels: number,
    gamma: Address,
    beta: Address,
    epsilon: number,
    moments: Address,
    size: number,
    state?: Address,
    pass?: number,
  ): void;
  layerBackward(
    x: Address,
    d: Address,
    dx: Address,
    rows: number,
    stride: number,
    pixels: number,
    channels: number,
    gamma: Address,
    moments: Address,
    size: number,
    state?: Address,
    pass?: number,
  ): void;
  layerGradient(
    x: Address,
    d: Address,
    rows: number,
    stride: number,
    pixels: number,
    channels: number,
    moments: Address,
    gb: Address,
    gg: Address,
  ): void;
}

/** The kernels for images, working on `memory`: one instance for each memory. */
export function imageKernels(memory: WebAssembly.Memory): ImageKernels {
  return linkKernels(memory, IMAGE_KERNELS);
}
