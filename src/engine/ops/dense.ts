import { atOnce, type Steps } from '../../util/steps.ts';
import { sizeOf } from '../../util/tensor.ts';
import { blockedIndex, type Context, paddedRows, paddedWidth } from '../context.ts';
import {
  type Op,
  type OpSpec,
  outputsOf,
  type Outputs,
  type Place,
  resizeOutputs,
  type Step,
} from '../op.ts';
import type { Optimizer } from '../optimizer.ts';
import { Parameter } from '../parameter.ts';
import { each, EIGHT, imagesInParts, inParts, NONE, VALUE } from '../parts.ts';
import type { BatchInputs, SparseBatch } from '../rows.ts';

export interface DenseSpec extends OpSpec {
  readonly kind: 'dense';
  readonly units: number;
  readonly useBias: boolean;
  /** Penalties on the kernel: l1 Σ|w| + l2 Σw². */
  readonly l1: number;
  readonly l2: number;
}

/** y = x kernel + bias, kernel [inputs][units] (`assembly/dense.ts`). */
export function dense(spec: Omit<DenseSpec, 'kind'>): Step<DenseSpec> {
  const own = { kind: 'dense', ...spec } as const;
  return {
    spec: own,
    shape: () => [own.units],
    create: (place) => new DenseOp(place, own),
    multiplyAdds: (input) => sizeOf(input) * own.units,
    separateRows: true,
  };
}

/** Strides are padded widths. */
class DenseOp implements Op {
  readonly out: Outputs & { y: number; d: number };
  readonly parameters: readonly Parameter[];
  readonly statistics = [];
  readonly readsOutputs = false;
  readonly readsSparse = true;
  readonly outer;
  readonly #context: Context;
  readonly #kernel: Parameter;
  readonly #bias: Parameter;
  readonly #useBias: boolean;
  readonly #inputs: number;
  /** The transposed kernel, for the gradient of the inputs; 0 for the lowest layer, but while it is lent. */
  #transposed: number;
  /** Lowest layer: the columns of its kernel that Adam has to visit, see `sparseGradient`. */
  readonly #live: number;

  constructor({ context, below: { width: inputs }, lowest }: Place, { units, useBias, l1, l2 }: DenseSpec) {
    this.#context = context;
    this.#inputs = paddedWidth(inputs);
    this.#useBias = useBias;
    this.outer = { inputs: this.#inputs, bias: useBias };
    this.out = outputsOf([units]);
    const { stride } = this.out;
    const { pieces } = context;
    this.#kernel = new Parameter(context, {
      name: 'kernel',
      shape: [inputs, units],
      count: this.#inputs * stride,
      place: (index) => blockedIndex(this.#inputs, stride, Math.floor(index / units), index % units),
      // Of a row's columns so many stand in one block of 32.
      run: Math.min(32, units & -units),
      l1,
      l2,
      changed: () => this.#transpose(),
    });
    this.#bias = new Parameter(context, { name: 'bias', shape: [units], count: stride });
    this.parameters = useBias ? [this.#kernel, this.#bias] : [this.#kernel];
    this.#transposed = lowest ? 0 : pieces.floats(this.#kernel.count);
    this.#live = lowest ? pieces.bytes(this.#inputs) : 0;
  }

  resize(rows: number): void {
    resizeOutputs(this.#context, this.out, rows);
  }

  *forward(x: BatchInputs, count: number): Steps<BatchInputs> {
    const [kernel, bias] = [this.#kernel.address, this.#bias.address];
    const { y, stride } = this.out;
    const inputs = this.#inputs;
    const { kernels } = this.#context;
    if (x.kind === 'dense') yield* this.#product(x.x, kernel, bias, y, count, inputs, stride);
    else {
      const { rowEnds, entries } = x.batch;
      yield* this.#inBlocks(stride, inputs * stride, (unit, end) =>
        inParts(this.#context, [count, inputs * (end - unit), 1], (from, to) => {
          kernels.sparseForward(to, rowEnds, entries, kernel, bias, y, inputs, stride, from, unit, end);
        }),
      );
    }
    return { kind: 'dense', x: y };
  }

  /** dx = d kernelᵀ. */
  backward(_: BatchInputs, dx: number, count: number): Steps<void> {
    const { d, stride } = this.out;
    return this.#product(d, this.#transposed, 0, dx, count, stride, this.#inputs);
  }

  *gradients(x: BatchInputs, count: number): Steps<void> {
    const { d, stride } = this.out;
    const g = this.#kernel.gradient();
    const inputs = this.#inputs;
    const { kernels } = this.#context;
    if (x.kind === 'dense') {
      const places = inputs * Math.ceil(stride / 32);
      yield* inChunks(count, (s, rows) =>
        // Counted twice: its columns are far apart.
        inParts(this.#context, [places, 32 * (2 * rows + VALUE / 4), 4], (...part) => {
          kernels.denseGradient(
            x.x + 4 * s * inputs,
            d + 4 * s * stride,
            g,
            rows,
            inputs,
            stride,
            ...part,
            s,
          );
        }),
      );
    } else {
      yield* this.#sparseGradient(x.batch, count, [g, 0, 0, 0], [0, 0, 0, 0]);
    }
    yield* this.#biasGradient(count);
    if (this.#live) this.#context.heap.bytes(this.#live, this.#inputs).fill(1);
  }

  *fused(x: BatchInputs, count: number, optimizer: Optimizer): Steps<boolean> {
    const { spec } = optimizer;
    if (x.kind !== 'sparse' || spec.name !== 'adam' || this.#kernel.penalised || !this.#live) return false;
    const { beta1, beta2 } = spec;
    const { alpha, epsilon } = optimizer;
    const { first, second } = optimizer.slots(this.#kernel);
    const weights = [this.#kernel.address, first, second, this.#live] as const;
    // First what threads need not wait for.
    yield* this.#biasGradient(count);
    if (this.#useBias) yield* optimizer.update(this.#bias);
    yield* this.#sparseGradient(x.batch, count, weights, [beta1, beta2, alpha, epsilon]);
    return true;
  }

  lendInputGradient(on: boolean): void {
    if (!this.#live) return;
    const { pieces } = this.#context;
    pieces.free(this.#transposed);
    this.#transposed = on ? pieces.floats(this.#kernel.count) : 0;
    atOnce(this.#transpose());
  }

  /** Which columns Adam may skip is found out again: none, or all that stay zero. */
  optimizerChanged(fresh: boolean): void {
    if (this.#live) this.#context.heap.bytes(this.#live, this.#inputs).fill(Number(!fresh));
  }

  /** y = x w + b for rows of the batch. */
  #product(
    x: number,
    w: number,
    b: number,
    y: number,
    count: number,
    inputs: number,
    units: number,
  ): Steps<void> {
    const tiles = paddedRows(count) / 4;
    const take = (column: number, columns: number): Steps<void> =>
      imagesInParts(
        this.#context,
        [tiles, 4 * inputs * columns],
        [inputs, EIGHT],
        (tile, count, ...range) => {
          const [xs, ys] = [x + 16 * tile * inputs, y + 16 * tile * units + 4 * column];
          const [ws, bs] = [w + 4 * column * inputs, b && b + 4 * column];
          this.#context.kernels.denseForward(xs, ws, bs, ys, 4 * count, inputs, columns, units, ...range);
        },
      );
    return this.#inBlocks(units, 4 * inputs * units, (column, end) => take(column, end - column));
  }

  /** Where what cannot be parted otherwise comes to too many products, the units are taken in blocks of 32, as the weights lie: a processor can keep those. */
  #inBlocks(units: number, products: number, take: (from: number, to: number) => Steps<void>): Steps<void> {
    if (products <= this.#context.heap.mostProducts()) return take(0, units);
    return each(Math.ceil(units / 32), (block) => {
      this.#context.heap.settle();
      return take(32 * block, Math.min(32 * block + 32, units));
    });
  }

  /** To the place of a gradient, or into Adam on the kernel. */
  *#sparseGradient(
    batch: SparseBatch,
    count: number,
    weights: readonly [w: number, first: number, second: number, live: number],
    adam: readonly [beta1: number, beta2: number, alpha: number, epsilon: number],
  ): Steps<void> {
    const { d, stride } = this.out;
    const inputs = this.#inputs;
    const { columnEnds, sorted } = batch;
    yield* batch.sort(count, 4 * stride);
    // Counted twice: what a column's entries point to is far apart. Its weights are read and written, too.
    const products = 2 * count + VALUE;
    yield* this.#inBlocks(stride, Math.max(count * inputs, products) * stride, (unit, end) =>
      inParts(this.#context, [inputs, products * (end - unit), 1], (...columns) => {
        this.#context.kernels.sparseGradient(
          columnEnds,
          sorted,
          d,
          ...weights,
          inputs,
          stride,
          ...adam,
          ...columns,
          unit,
          end,
        );
      }),
    );
  }

  *#biasGradient(count: number): Steps<void> {
    if (!this.#useBias) return;
    const { d, stride } = this.out;
    const g = this.#bias.gradient();
    yield* inChunks(count, (s, rows) =>
      // Counted twice: a column's values are far apart.
      inParts(this.#context, [stride, 64 * rows, 8], (from, to) => {
        const first = d + 4 * (s * stride + from);
        this.#context.kernels.biasGradient(first, g + 4 * from, rows, stride, to - from, s);
      }),
    );
  }

  #transpose(): Steps<void> {
    if (!this.#transposed) return NONE;
    const { stride } = this.out;
    const rows = this.#inputs * Math.ceil(stride / 32);
    return inParts(this.#context, [rows, 32 * VALUE, 4], (...part) => {
      this.#context.kernels.transpose(this.#kernel.address, this.#transposed, this.#inputs, stride, ...part);
    });
  }
}

/** Rows that a sum over them takes at a time: of more, even the fewest sums come to too many products. */
const MOST_ROWS = 1 << 15;

function inChunks(count: number, take: (first: number, rows: number) => Steps<void>): Steps<void> {
  if (count <= MOST_ROWS) return take(0, count);
  return each(Math.ceil(count / MOST_ROWS), (k) =>
    take(k * MOST_ROWS, Math.min(count - k * MOST_ROWS, MOST_ROWS)),
  );
}
