import type { ElementwiseName, ParametricName } from './activations/activations.ts';
import { KERNELS } from './kernels.ts';
import { linkKernels } from './linking.ts';

type Address = number;

/** What a kernel is told of part of a row: f32[16] at `state` goes on from part to part, of which this begins with value `first` of the row; nothing of whole rows. */
export type PartOfRow = readonly [state: number, first: number, pass: number] | readonly [];

/** The exports of `assembly/`; each is documented there. */
export interface Kernels extends ActivationKernels {
  adamAll(
    w: Address,
    m: Address,
    v: Address,
    g: Address,
    count: number,
    beta1: number,
    beta2: number,
    alpha: number,
    epsilon: number,
  ): void;
  flush(p: Address, count: number, threshold: number): void;
  binaryCrossEntropy(
    z: Address,
    t: Address,
    y: Address,
    d: Address,
    rows: number,
    units: number,
    stride: number,
    scale: number,
    losses: Address,
    ...part: PartOfRow
  ): void;
  errors(
    y: Address,
    t: Address,
    d: Address,
    rows: number,
    stride: number,
    delta: number,
    scale: number,
    share: number,
    losses: Address,
    ...part: PartOfRow
  ): void;
  clamp(g: Address, count: number, limit: number): void;
  multiplyBy(g: Address, count: number, factor: number): void;
  sumOfSquares(g: Address, count: number, sums: Address): void;
  biasGradient(d: Address, g: Address, rows: number, units: number, columns: number, more: number): void;
  denseForward(
    x: Address,
    w: Address,
    b: Address,
    y: Address,
    rows: number,
    inputs: number,
    units: number,
    stride: number,
    first?: number,
    end?: number,
  ): void;
  denseGradient(
    x: Address,
    d: Address,
    g: Address,
    rows: number,
    inputs: number,
    units: number,
    first: number,
    end: number,
    more: number,
  ): void;
  transpose(w: Address, t: Address, inputs: number, units: number, first?: number, end?: number): void;
  dropoutMask(mask: Address, count: number, threshold: number, keep: number, state: Address): void;
  multiply(x: Address, mask: Address, y: Address, count: number, stride?: number): void;
  penalty(w: Address, count: number, sums: Address): void;
  penaltyGradient(w: Address, g: Address, count: number, l1: number, l2: number): void;
  scaleRows(d: Address, rows: number, stride: number, factors: Address): void;
  sgdAll(
    w: Address,
    v: Address,
    g: Address,
    count: number,
    learningRate: number,
    momentum: number,
    nesterov: number,
  ): void;
  softmaxCrossEntropy(
    z: Address,
    t: Address,
    p: Address,
    d: Address,
    rows: number,
    units: number,
    stride: number,
    scale: number,
    losses: Address,
    ...part: PartOfRow
  ): void;
  sparseForward(
    rows: number,
    rowEnds: Address,
    entries: Address,
    w: Address,
    b: Address,
    y: Address,
    inputs: number,
    units: number,
    first?: number,
    from?: number,
    to?: number,
  ): void;
  sparseGradient(
    columnEnds: Address,
    sorted: Address,
    d: Address,
    w: Address,
    m: Address,
    v: Address,
    live: Address,
    inputs: number,
    units: number,
    beta1: number,
    beta2: number,
    alpha: number,
    epsilon: number,
    first?: number,
    end?: number,
    from?: number,
    to?: number,
  ): void;
  compress: Compress;
  compressFloats: Compress;
  countNonZero: CountNonZero;
  countNonZeroFloats: CountNonZero;
  gatherRows(
    batch: Address,
    rows: number,
    starts: Address,
    columns: Address,
    values: Address,
    table: Address,
    rowEnds: Address,
    entries: Address,
    first: number,
  ): void;
  countColumns(
    rows: number,
    rowEnds: Address,
    entries: Address,
    width: number,
    columnEnds: Address,
    first: number,
  ): void;
  sortColumns(
    rows: number,
    rowEnds: Address,
    entries: Address,
    width: number,
    rowBytes: number,
    columnEnds: Address,
    sorted: Address,
    first: number,
  ): void;
  softmax(z: Address, y: Address, count: number, stride: number, units: number, ...part: PartOfRow): void;
  softmaxBackward(
    z: Address,
    y: Address,
    d: Address,
    count: number,
    stride: number,
    units: number,
    ...part: PartOfRow
  ): void;
}

/** Two of each activation; those with a parameter take it first. */
type ActivationKernels = {
  [N in ElementwiseName]: N extends ParametricName
    ? (parameter: number, ...rest: Parameters<Forward>) => void
    : Forward;
} & {
  [N in ElementwiseName as `${N}Backward`]: N extends ParametricName
    ? (parameter: number, ...rest: Parameters<Backward>) => void
    : Backward;
};

/** `stride`: floats of a row, by which threads divide `count`; the kernels do not read it. */
type Forward = (z: Address, y: Address, count: number, stride?: number) => void;
type Backward = (z: Address, y: Address, d: Address, count: number, stride?: number) => void;
type Compress = (
  pixels: Address,
  rows: number,
  width: number,
  columns: Address,
  values: Address,
  first: number,
) => void;
type CountNonZero = (pixels: Address, rows: number, width: number, counts: Address) => void;

/** The kernels that every network may need, working on `memory`. */
export function instantiateKernels(
  memory: WebAssembly.Memory,
  observe?: (kernels: Kernels) => Kernels,
): Kernels {
  return linkKernels(memory, KERNELS, observe);
}
