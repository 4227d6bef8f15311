import { IMAGE_KERNELS_BASE64 } from './imageKernels.ts';

type Address = number;

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
  ): void;
  conv2dTranspose(geometry: Address, w: Address, t: Address): void;
  conv2dInputGradient(
    geometry: Address,
    d: Address,
    t: Address,
    dx: Address,
    rows: number,
    padded: Address,
  ): void;
  depthwiseForward: ImageKernels['conv2dForward'];
  depthwiseGradient: ImageKernels['conv2dGradient'];
  depthwiseInputGradient(
    geometry: Address,
    d: Address,
    w: Address,
    dx: Address,
    rows: number,
    spread: Address,
    sums: Address,
  ): void;
  maxPoolingForward(geometry: Address, x: Address, y: Address, winners: Address, rows: number): void;
  maxPoolingBackward(geometry: Address, d: Address, winners: Address, dx: Address, rows: number): void;
  averagePoolingForward(geometry: Address, x: Address, y: Address, rows: number): void;
  averagePoolingBackward(geometry: Address, d: Address, dx: Address, rows: number): void;
}

let compiled: WebAssembly.Module | undefined;
const instances = new WeakMap<WebAssembly.Memory, ImageKernels>();

/** The kernels for images, working on `memory`: one instance for each memory. */
export function imageKernels(memory: WebAssembly.Memory): ImageKernels {
  const known = instances.get(memory);
  if (known) return known;
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(IMAGE_KERNELS_BASE64), (c) => c.charCodeAt(0)));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  const kernels = instance.exports as unknown as ImageKernels;
  instances.set(memory, kernels);
  return kernels;
}
