import type { Activation } from '../activations/activation.ts';
import { ACTIVATIONS, type ActivationName, isParametric } from '../activations/activations.ts';
import type { Context } from '../context.ts';
import type { Kernels } from '../module.ts';
import {
  denseAddress,
  type Op,
  type OpSpec,
  type Outputs,
  type Place,
  sharedOutputs,
  type Step,
} from '../op.ts';
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
  /** A place of its own for y. */
  readonly #own: { y: number } | undefined;
  readonly #curve: Curve;
  readonly #clears: boolean;

  constructor({ context, below, mayOverwrite }: Place, spec: ActivationSpec) {
    const { needsInput, zeroAtZero }: Activation = ACTIVATIONS[spec.activation];
    this.#context = context;
    this.#own = needsInput || !mayOverwrite ? { y: 0 } : undefined;
    this.out = sharedOutputs(below, this.#own);
    this.#curve = curveOf(spec, context.kernels, below);
    this.#clears = !zeroAtZero && below.width !== below.stride;
  }

  resize(rows: number): void {
    if (!this.#own) return;
    const { pieces } = this.#context;
    this.#own.y = pieces.free(this.#own.y);
    this.#own.y = pieces.floats(rows * this.out.stride);
  }

  forward(x: BatchInputs, count: number): BatchInputs {
    const { y } = this.out;
    this.#curve.forward(denseAddress(x), y, count);
    if (this.#clears) this.#clearPadding(count);
    return { kind: 'dense', x: y };
  }

  backward(x: BatchInputs, dx: number, count: number): void {
    this.#curve.backward(denseAddress(x), this.out.y, dx, count);
  }

  #clearPadding(rows: number): void {
    const { width, stride } = this.out;
    const y = this.#context.heap.float32(this.out.y, rows * stride);
    for (let s = 0; s < rows; s++) y.fill(0, s * stride + width, (s + 1) * stride);
  }
}

/** An activation's two kernels. */
interface Curve {
  forward(z: number, y: number, rows: number): void;
  backward(z: number, y: number, d: number, rows: number): void;
}

function curveOf(
  { activation, parameter }: ActivationSpec,
  kernels: Kernels,
  { shape, stride }: Outputs,
): Curve {
  if (activation === 'softmax') {
    const units = shape[shape.length - 1];
    return {
      forward: (z, y, rows) => {
        kernels.softmax(z, y, rows, units, stride);
      },
      backward: (_, y, d, rows) => {
        kernels.softmaxBackward(y, d, rows, stride);
      },
    };
  }
  if (isParametric(activation)) {
    return {
      forward: (z, y, rows) => {
        kernels[activation](parameter, z, y, rows * stride, stride);
      },
      backward: (z, y, d, rows) => {
        kernels[`${activation}Backward`](parameter, z, y, d, rows * stride, stride);
      },
    };
  }
  const backward = `${activation}Backward` as const;
  return {
    forward: (z, y, rows) => {
      kernels[activation](z, y, rows * stride, stride);
    },
    backward: (z, y, d, rows) => {
      kernels[backward](z, y, d, rows * stride, stride);
    },
  };
}
