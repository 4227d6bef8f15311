import type { ElementwiseName } from '../activations/activations.ts';
import type { Heap } from '../heap.ts';
import type { ImageKernels } from '../imageModule.ts';
import type { RareKernels } from '../rareModule.ts';
import type { OptimizerName } from '../rules/rules.ts';
import type { Kernels } from '../module.ts';
import {
  type Cut,
  cutEvenly,
  cutInTiles,
  cutRange,
  cutWeights,
  FEWEST_WEIGHTS,
  rangeOf,
  ROW_TILE,
} from './cuts.ts';

type Cutting = 'rows' | 'weights' | 'own';

/** How the outputs of a kernel are divided among threads; never a sum. */
export interface Division {
  /**
   * What is cut. Kernels one after the other that are cut at the same rows of the batch, or at the same places of the weights, need not wait for each other: what a
   * thread reads, it has written itself. `own`: waits before and after.
   */
  readonly of: Cutting | ((args: readonly number[]) => Cutting);
  /** Number of rows of the batch, or of floats. */
  count(args: readonly number[]): number;
  /** Where to cut for so many threads, where `of` does not say; null: not at all. */
  cut?(args: readonly number[], threads: number, heap: Heap): Cut | null;
  /** Makes `args` those of one part. */
  part(args: number[], from: number, to: number, heap: Heap): void;
  /** Arguments with scratch memory, of which each thread needs its own. */
  readonly scratch?: readonly number[];
  /** Where it works on a gathered batch, which each thread gathers for itself: what one core has written costs another more to read than to compute. */
  readonly batch?: BatchArguments;
}

/** Arguments of a kernel on a gathered batch. */
export interface BatchArguments {
  /** Those in the piece that holds the batch. */
  readonly room: readonly number[];
  /** Those that are pieces of their own, and belong to it. */
  readonly pieces?: readonly number[];
  /** The one that is the piece's address, where the kernel gathers the batch. */
  readonly first?: number;
  /** Each thread runs all of it, on its own. */
  readonly each?: boolean;
  /** What is not waited for: kernels of which it reads nothing, and writes nothing that they read. */
  readonly follows?: 'each' | 'weights';
}

/** Products from which on a gradient is worth a wait before and after, however few the weights are. */
const MANY_PRODUCTS = 1 << 20;

/** Bytes from one row of an argument to the next. */
type RowBytes = (args: readonly number[], heap: Heap) => number;

/** An argument with f32[rows][width], the width being argument `width`. */
function floats(width: number): RowBytes {
  return (args) => 4 * args[width];
}

/** Rows of images, as the record of a window's geometry, argument 0, says (`assembly/images/geometry.ts`). */
const INPUT: RowBytes = (args, heap) => 4 * field(heap, args[0], 3);
const OUT_STRIDE = 7;
const OUTPUT: RowBytes = (args, heap) => 4 * field(heap, args[0], OUT_STRIDE);
const OUT_CHANNELS = 6;
const WINDOW_HEIGHT = 8;

function field({ memory }: Heap, record: number, number: number): number {
  return new Uint32Array(memory.buffer, record + 4 * number, 1)[0];
}

/** A kernel whose argument `count` is the number of rows, and whose other ones, as named, begin with the first row; those that are 0 stay. */
function rowsOf(
  count: number,
  moved: Readonly<Record<number, RowBytes>>,
  scratch: readonly number[] = [],
): Division {
  const moves = Object.entries(moved).map(([k, bytes]) => [Number(k), bytes] as const);
  return {
    of: 'rows',
    scratch,
    count: (args) => args[count],
    part(args, from, to, heap) {
      for (const [k, bytes] of moves) if (args[k] !== 0) args[k] += from * bytes(args, heap);
      args[count] = to - from;
    },
  };
}

/** A kernel that goes through the floats of rows one by one; the last argument is the number of floats of a row. */
function elementsOf(count: number, moved: readonly number[]): Division {
  return {
    of: 'rows',
    count: (args) => args[count] / args[count + 1],
    part(args, from, to) {
      const stride = args[count + 1];
      for (const k of moved) args[k] += 4 * from * stride;
      args[count] = (to - from) * stride;
    },
  };
}

/** A kernel that goes through `count` weights, and what belongs to them, one by one; addresses that are 0 stay. */
function weightsOf(count: number, moved: readonly number[]): Division {
  return {
    of: 'weights',
    count: (args) => args[count],
    part(args, from, to) {
      for (const k of moved) if (args[k] !== 0) args[k] += 4 * from;
      args[count] = to - from;
    },
  };
}

/**
 * A kernel on the blocks of a matrix of weights, with arguments `inputs`, `inputs` + 1 (units), first row and end. Places of the weights are those of rows where the
 * blocks before are whole; in a last, narrow one not all are, and then there is none. `rows`: the argument with the rows that are summed, if any.
 */
function blocksOf(inputs: number, rows?: number): Division {
  const rangeIn = (args: readonly number[]): [from: number, to: number, count: number] => {
    const count = args[inputs] * Math.ceil(args[inputs + 1] / 32);
    return [...rangeOf(args, inputs + 2, count), count];
  };
  const isOwn = (args: readonly number[]): boolean => {
    const [from, to, count] = rangeIn(args);
    if (to - from < count) return true;
    return rows !== undefined && args[rows] * args[inputs] * args[inputs + 1] >= MANY_PRODUCTS;
  };
  const rowOf = (args: readonly number[], place: number): number => {
    const [rows, units] = [args[inputs], args[inputs + 1]];
    const whole = rows * (units - (units % 32));
    return place <= whole ? place / 32 : whole / 32 + (place - whole) / (units % 32);
  };
  const cuts = new Map<string, Cut | null>();
  return {
    of: (args) => (isOwn(args) ? 'own' : 'weights'),
    count: (args) => args[inputs] * args[inputs + 1],
    cut(args, threads) {
      const [from, to, count] = rangeIn(args);
      if (to - from < count) return cutRange(from, to, threads, ROW_TILE);
      const own = isOwn(args);
      const name = `${args[inputs]} ${args[inputs + 1]} ${threads} ${own}`;
      let cut = cuts.get(name);
      if (cut === undefined) {
        const places = (own ? cutInTiles : cutWeights)(args[inputs] * args[inputs + 1], threads);
        const rows = places.map((place) => rowOf(args, place));
        cut = rows.every((row) => row % ROW_TILE === 0) ? rows : null;
        cuts.set(name, cut);
      }
      return cut;
    },
    part(args, from, to) {
      args[inputs + 2] = from;
      args[inputs + 3] = to;
    },
  };
}

/** What a column costs beside one entry of it: Adam's work on its weights, or a store of its gradient. */
const COLUMN_WITH_ADAM = 11;
const COLUMN = 2;

/** Layers of so many units are divided by blocks of 32 units, so that a thread's weights stay in its own caches; narrower ones by rows and columns. */
const WIDE = 64;

/** Columns of a kernel's weights, in blocks. */
const UNIT_TILE = 32;

/** Arguments of the kernel on sorted columns: ends of columns, and those with the first moments, the number of columns, that of units, first column and end, first unit and end. */
const [MOMENTS, COLUMNS, UNITS, FIRST, FIRST_UNIT] = [4, 7, 8, 13, 15];

function unitsOf(args: readonly number[]): [from: number, to: number] {
  return rangeOf(args, FIRST_UNIT, args[UNITS]);
}

function byUnits(args: readonly number[]): boolean {
  const [from, to] = unitsOf(args);
  return to - from >= WIDE;
}

const SORTED_COLUMNS: Division = {
  of: 'own',
  batch: { room: [1], pieces: [0], follows: 'weights' },
  count: (args) => args[COLUMNS],
  cut(args, threads, heap) {
    if (byUnits(args)) return cutRange(...unitsOf(args), threads, UNIT_TILE);
    const [from, to] = rangeOf(args, FIRST, args[COLUMNS]);
    if (to - from < 4 * threads) return null;
    const column = args[MOMENTS] ? COLUMN_WITH_ADAM : COLUMN;
    const ends = new Uint32Array(heap.memory.buffer, args[0], to);
    const before = (columns: number): number => column * columns + (columns > 0 ? ends[columns - 1] : 0);
    const [start, whole] = [before(from), before(to) - before(from)];
    const cut = [from];
    for (let t = 1, i = from; t < threads; t++) {
      // The first column before which a share of the work lies.
      let high = to;
      while (i < high) {
        const middle = (i + high) >> 1;
        if (before(middle + 1) - start < (whole * t) / threads) i = middle + 1;
        else high = middle;
      }
      cut.push(i);
    }
    return [...cut, to];
  },
  part(args, from, to) {
    const at = byUnits(args) ? FIRST_UNIT : FIRST;
    args[at] = from;
    args[at + 1] = to;
  },
};

/** A kernel that is cut along something of its own, evenly, in multiples of `tile`; arguments `first` and `first` + 1 say where a part begins and ends. */
function rangesOf(
  extent: (args: readonly number[], heap: Heap) => number,
  first: number,
  tile = 1,
  scratch: readonly number[] = [],
): Division {
  return {
    of: 'own',
    scratch,
    count: () => 1,
    cut(args, threads, heap) {
      return cutRange(...rangeOf(args, first, extent(args, heap)), threads, tile);
    },
    part(args, from, to) {
      args[first] = from;
      args[first + 1] = to;
    },
  };
}

/** A kernel on a list of windows (`assembly/images/pooled/windows.ts`): argument 7, their number the one after it; in fives, Winograd's tile. */
function windowsOf(scratch: readonly number[]): Division {
  return {
    of: 'own',
    scratch,
    count: (args) => args[8],
    cut: (args, threads) => cutRange(0, args[8], threads, 5),
    part(args, from, to) {
      args[7] += 8 * from;
      args[8] = to - from;
    },
  };
}

/** Where threads have not gathered the batch for themselves, by a helper, while the caller is at other weights. */
function sorting(room: readonly number[], pieces: readonly number[]): Division {
  return {
    of: 'weights',
    batch: { room, pieces, each: true },
    count: (args) => args[3],
    cut: ({ 3: width }, threads) => cutEvenly(0, threads).map((_, t) => (t <= 1 ? 0 : width)),
    part: () => undefined,
  };
}

const ACTIVATION = elementsOf(2, [0, 1]);
const DERIVATIVE = elementsOf(3, [0, 1, 2]);
const SLOPED = elementsOf(3, [1, 2]);
const SLOPED_DERIVATIVE = elementsOf(4, [1, 2, 3]);

/** Named one by one: with the table of activations this file, which is loaded when threads start, would draw them into other bundles. */
const ACTIVATIONS = {
  relu: ACTIVATION,
  reluBackward: DERIVATIVE,
  selu: ACTIVATION,
  seluBackward: DERIVATIVE,
  gelu: ACTIVATION,
  geluBackward: DERIVATIVE,
  silu: ACTIVATION,
  siluBackward: DERIVATIVE,
  softplus: ACTIVATION,
  softplusBackward: DERIVATIVE,
  softsign: ACTIVATION,
  softsignBackward: DERIVATIVE,
  sigmoid: ACTIVATION,
  sigmoidBackward: DERIVATIVE,
  tanh: ACTIVATION,
  tanhBackward: DERIVATIVE,
  leakyRelu: SLOPED,
  leakyReluBackward: SLOPED_DERIVATIVE,
  elu: SLOPED,
  eluBackward: SLOPED_DERIVATIVE,
} satisfies Record<ElementwiseName | `${ElementwiseName}Backward`, Division>;

const LOSS = rowsOf(4, { 0: floats(6), 1: floats(6), 2: floats(6), 3: floats(6), 8: () => 8 });

/** Kernels that are divided; the others run on the calling thread alone, as do those whose work is too small. */
export const DIVISIONS: Readonly<
  Partial<Record<keyof Kernels | keyof ImageKernels | keyof RareKernels | `${OptimizerName}All`, Division>>
> = {
  denseForward: rowsOf(4, { 0: floats(5), 3: floats(7) }),
  gatherRows: {
    of: 'own',
    batch: { room: [6, 7], first: 0, each: true },
    count: () => 0,
    part: () => undefined,
  },
  sparseForward: {
    of: 'own',
    batch: { room: [1, 2], follows: 'each' },
    count: (args) => args[0],
    cut(args, threads) {
      const [from, to] = rangeOf(args, 9, args[7]);
      return to - from >= WIDE
        ? cutRange(from, to, threads, UNIT_TILE)
        : cutRange(args[8] || 0, args[0], threads, ROW_TILE);
    },
    part(args, from, to) {
      const [start, end] = rangeOf(args, 9, args[7]);
      if (end - start >= WIDE) [args[9], args[10]] = [from, to];
      else [args[8], args[0]] = [from, to];
    },
  },
  countColumns: sorting([1, 2], [4]),
  sortColumns: sorting([1, 2, 6], [5]),
  softmaxCrossEntropy: LOSS,
  binaryCrossEntropy: LOSS,
  errors: rowsOf(3, { 0: floats(4), 1: floats(4), 2: floats(4), 8: () => 8 }),
  softmax: ACTIVATION,
  softmaxBackward: DERIVATIVE,
  rowSquares: rowsOf(1, { 0: floats(2), 3: () => 8 }),
  scaleRows: rowsOf(1, { 0: floats(2), 3: () => 4 }),
  multiply: elementsOf(3, [0, 1, 2]),
  ...ACTIVATIONS,

  denseGradient: blocksOf(4, 3),
  // Few enough to be one thread's business, as what is done with them afterwards; else it waits.
  biasGradient: {
    of: 'weights',
    count: (args) => args[3],
    cut: (args, threads) => (args[3] < FEWEST_WEIGHTS ? cutWeights(args[3], threads) : null),
    part: () => undefined,
  },
  transpose: blocksOf(2),
  adagradAll: weightsOf(3, [0, 1, 2]),
  adamAll: weightsOf(4, [0, 1, 2, 3]),
  lionAll: weightsOf(3, [0, 1, 2]),
  rmspropAll: weightsOf(5, [0, 1, 2, 3, 4]),
  sgdAll: weightsOf(3, [0, 1, 2]),
  average: weightsOf(2, [0, 1]),
  flush: weightsOf(1, [0]),
  clamp: weightsOf(1, [0]),
  multiplyBy: weightsOf(1, [0]),
  penaltyGradient: weightsOf(2, [0, 1]),
  sparseGradient: SORTED_COLUMNS,

  conv2dForward: rowsOf(5, { 1: INPUT, 4: OUTPUT }, [6, 7]),
  conv2dGradient: rangesOf(
    ([g], heap) => field(heap, g, WINDOW_HEIGHT) * Math.ceil(field(heap, g, OUT_CHANNELS) / 8),
    8,
    1,
    [6, 7],
  ),
  conv2dInputGradient: rowsOf(4, { 1: OUTPUT, 3: INPUT }, [5, 6]),
  padImages: rowsOf(4, { 1: INPUT, 2: floats(3) }),
  pooledForward: windowsOf([]),
  winogradForward: windowsOf([10, 11]),
  pooledInputGradient: rowsOf(
    6,
    { 2: OUTPUT, 3: ([g], heap) => field(heap, g, OUT_STRIDE), 5: ([, g], heap) => 4 * field(heap, g, 3) },
    [8, 9, 10],
  ),
  pooledKernelGradient: {
    of: 'own',
    scratch: [8, 9],
    count: (args) => args[12] - args[11],
    cut: (args, threads) => cutRange(args[11], args[12], threads, 1),
    part(args, from, to) {
      args[11] = from;
      args[12] = to;
    },
  },
  depthwiseForward: rowsOf(5, { 1: INPUT, 4: OUTPUT }, [6]),
  depthwiseInputGradient: rowsOf(4, { 1: OUTPUT, 3: INPUT }, [5, 6]),
  maxPoolingForward: rowsOf(4, { 1: INPUT, 2: OUTPUT, 3: OUTPUT }),
  maxPoolingBackward: rowsOf(4, { 1: OUTPUT, 2: OUTPUT, 3: INPUT }),
  averagePoolingForward: rowsOf(3, { 1: INPUT, 2: OUTPUT }),
  averagePoolingBackward: rowsOf(3, { 1: OUTPUT, 2: INPUT }),
  batchSums: rangesOf((args) => args[4], 7, 4),
  batchGradient: rangesOf((args) => args[5], 9, 4),
  batchBackward: rowsOf(3, { 0: floats(4), 1: floats(4), 2: floats(4) }),
  batchForward: rowsOf(2, { 0: floats(3), 1: floats(3) }),
  layerForward: rowsOf(2, { 0: floats(3), 1: floats(3), 9: (args) => 8 * args[4] }),
  layerBackward: rowsOf(3, { 0: floats(4), 1: floats(4), 2: floats(4), 8: (args) => 8 * args[5] }),
};
