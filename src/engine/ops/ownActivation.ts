import { DactylError } from '../../util/errors.ts';
import type { Steps } from '../../util/steps.ts';
import type { Context } from '../context.ts';
import {
  denseAddress,
  type Op,
  type OpSpec,
  type Outputs,
  type Place,
  sharedOutputs,
  type Step,
} from '../op.ts';
import { imagesInParts } from '../parts.ts';
import type { BatchInputs } from '../rows.ts';

/** What a call of one's own function counts among products. */
const PRODUCTS = 256;

/** An activation of one's own, of one value: y = forward(x), and its derivative dy/dx. */
export interface ActivationFunctions {
  /** For summaries and messages. */
  readonly name: string;
  readonly forward: (x: number) => number;
  readonly derivative: (x: number, y: number) => number;
}

export interface OwnActivationSpec extends OpSpec {
  readonly kind: 'ownActivation';
  readonly functions: ActivationFunctions;
}

/**
 * Costs a call a value each way, where the engine's own activations take a nanosecond. Results are rounded to float32. The same bits everywhere need
 * functions that keep to + − × ÷ and Math.sqrt. E_NUMERIC where one gives no finite number for a finite one.
 */
export function ownActivation(functions: ActivationFunctions): Step<OwnActivationSpec> {
  const spec = { kind: 'ownActivation', functions } as const;
  return { spec, shape: (input) => input, create: (place) => new OwnActivationOp(place, functions) };
}

class OwnActivationOp implements Op {
  readonly out: Outputs;
  readonly parameters = [];
  readonly statistics = [];
  readonly readsOutputs = true;
  readonly #own = { y: 0 };
  readonly #context: Context;
  readonly #functions: ActivationFunctions;

  constructor({ context, below }: Place, functions: ActivationFunctions) {
    this.#context = context;
    this.out = sharedOutputs(below, this.#own);
    this.#functions = functions;
  }

  resize(rows: number): void {
    const { pieces } = this.#context;
    this.#own.y = pieces.free(this.#own.y);
    this.#own.y = pieces.floats(rows * this.out.stride);
  }

  *forward(x: BatchInputs, count: number): Steps<BatchInputs> {
    const { name, forward } = this.#functions;
    const { y } = this.out;
    yield* this.#forEach(count, [denseAddress(x), y], ([inputs, y]) => (i) => {
      y[i] = this.#finite(`${name}: forward`, forward(inputs[i]), inputs[i]);
    });
    return { kind: 'dense', x: y };
  }

  backward(x: BatchInputs, dx: number, count: number): Steps<void> {
    const { name, derivative } = this.#functions;
    return this.#forEach(count, [denseAddress(x), this.out.y, dx], ([inputs, y, d]) => (i) => {
      d[i] *= this.#finite(`${name}: derivative`, derivative(inputs[i], y[i]), inputs[i]);
    });
  }

  /** What `visit` does with the rows at the addresses, value by value; padding stays zero. */
  #forEach(
    count: number,
    addresses: readonly number[],
    visit: (rows: Float32Array[]) => (i: number) => void,
  ): Steps<void> {
    const { width, stride } = this.out;
    return imagesInParts(
      this.#context,
      [count, PRODUCTS * width],
      [width, 1],
      (row, rows, first = 0, until = width) => {
        const each = visit(addresses.map((address) => this.#context.heap.float32(address, count * stride)));
        for (let s = row; s < row + rows; s++) for (let j = first; j < until; j++) each(s * stride + j);
      },
    );
  }

  #finite(what: string, value: unknown, x: number): number {
    if ((typeof value === 'number' && Number.isFinite(value)) || !Number.isFinite(x)) return value as number;
    throw new DactylError(
      'E_NUMERIC',
      `${what}: expected a finite number for ${x}; received ${String(value)}.`,
    );
  }
}
