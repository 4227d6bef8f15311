import type { Activation } from '../activations/activation.ts';
import { ACTIVATIONS, type ActivationName, isParametric } from '../activations/activations.ts';
import type { Steps } from '../../util/steps.ts';
import type { Context } from '../context.ts';
import type { KernelTable } from '../linking.ts';
import {
  denseAddress,
  type Op,
  type OpSpec,
  type Outputs,
  type Place,
  sharedOutputs,
  type Step,
} from '../op.ts';
import { rowsInParts } from '../parts.ts';
import type { BatchInputs } from '../rows.ts';

export interface ActivationSpec extends OpSpec {
  readonly kind: 'activation';
  readonly activation: Exclude<ActivationName, 'linear'>;
  /** 0 where the activation has none. */
  readonly parameter: number;
}

/** y = f(x), element by element (`assembly/activations/`); softmax over the last axis. Linear is no step at all. */
export function activation(spec: Omit<ActivationSpec, 'kind'>): Step<ActivationSpec> {
  const own = { kind: 'activation', ...spec } as const;
  return { spec: own, shape: (input) => input, create: (place) => new ActivationOp(place, own) };
}

/** In place, unless the derivative is written with the input or what is below has to stay. */
export class ActivationOp implements Op {
  readonly out: Outputs;
  readonly parameters = [];
  readonly statistics = [];
  readonly readsOutputs = true;
  readonly #context: Context;
  readonly #spec: ActivationSpec;
  /** A place of its own for y. */
  readonly #own: { y: number } | undefined;
  readonly #clears: boolean;
  /** f32[16], see `rowsInParts`. */
  readonly #state: number;

  constructor({ context, below, mayOverwrite }: Place, spec: ActivationSpec) {
    const { needsInput, zeroAtZero }: Activation = ACTIVATIONS[spec.activation];
    this.#context = context;
    this.#spec = spec;
    this.#own = needsInput || !mayOverwrite ? { y: 0 } : undefined;
    this.out = sharedOutputs(below, this.#own);
    this.#state = context.pieces.floats(16);
    this.#clears = !zeroAtZero && below.width !== below.stride;
  }

  resize(rows: number): void {
    if (!this.#own) return;
    const { pieces } = this.#context;
    this.#own.y = pieces.free(this.#own.y);
    this.#own.y = pieces.floats(rows * this.out.stride, true);
  }

  *forward(x: BatchInputs, count: number): Steps<BatchInputs> {
    const { y } = this.out;
    yield* this.#inParts(count, '', [denseAddress(x), y]);
    if (this.#clears) this.#clearPadding(count);
    return { kind: 'dense', x: y };
  }

  backward(x: BatchInputs, dx: number, count: number): Steps<void> {
    return this.#inParts(count, 'Backward', [denseAddress(x), this.out.y, dx]);
  }

  /** A kernel on rows at the addresses. */
  #inParts(count: number, which: '' | 'Backward', addresses: readonly number[]): Steps<void> {
    const { activation, parameter } = this.#spec;
    const { shape, stride } = this.out;
    const kernels = this.#context.kernels as unknown as KernelTable;
    const first = isParametric(activation) ? [parameter] : [];
    const passes = activation === 'softmax' ? 3 : 1;
    return rowsInParts(this.#context, [count, stride], [passes, this.#state], (at, rows, floats, _, part) => {
      const places = addresses.map((address) => address + at);
      kernels[activation + which](...first, ...places, rows * floats, floats, shape.at(-1)!, ...part);
    });
  }

  #clearPadding(rows: number): void {
    const { width, stride } = this.out;
    const y = this.#context.heap.float32(this.out.y, rows * stride);
    for (let s = 0; s < rows; s++) y.fill(0, s * stride + width, (s + 1) * stride);
  }
}
