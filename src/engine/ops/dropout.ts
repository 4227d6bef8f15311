import { Random } from '../../util/random.ts';
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
import { EIGHT, placesInParts } from '../parts.ts';
import type { BatchInputs } from '../rows.ts';

const LANES = 4;

export interface DropoutSpec extends OpSpec {
  readonly kind: 'dropout';
  readonly rate: number;
}

/** Inverted dropout (`assembly/dropout.ts`). */
export function dropout(spec: Omit<DropoutSpec, 'kind'>): Step<DropoutSpec> {
  const own = { kind: 'dropout', ...spec } as const;
  return { spec: own, shape: (input) => input, create: (place) => new DropoutOp(place, own) };
}

class DropoutOp implements Op {
  readonly out: Outputs;
  readonly parameters = [];
  readonly statistics = [];
  readonly readsOutputs = false;
  readonly #own = { y: 0 };
  readonly #rate: number;
  readonly #context: Context;
  /** Names its random stream. */
  readonly #index: number;
  readonly #state: number;
  /** f32[rows][stride], kept for the way back. */
  #mask = 0;
  #dropped = false;

  constructor({ context, below, index }: Place, { rate }: DropoutSpec) {
    this.#context = context;
    this.out = sharedOutputs(below, this.#own);
    this.#rate = rate;
    this.#index = index;
    this.#state = context.pieces.bytes(4 * 4 * LANES);
  }

  setSeed(seed: number): void {
    const state = this.stream();
    for (let lane = 0; lane < LANES; lane++) {
      const words = new Random(seed, `dropout/${this.#index}/${lane}`).save();
      words.forEach((word, k) => (state[k * LANES + lane] = word));
    }
  }

  stream(): Uint32Array {
    return this.#context.heap.uint32(this.#state, 4 * LANES);
  }

  resize(rows: number): void {
    const { pieces } = this.#context;
    const { stride, width } = this.out;
    this.#mask = pieces.free(this.#mask);
    this.#own.y = pieces.free(this.#own.y);
    this.#mask = pieces.floats(rows * stride, true);
    // What a loss copies to the last op's outputs has no padding with it.
    this.#own.y = pieces.floats(rows * stride, stride === width);
  }

  *forward(x: BatchInputs, count: number, training: boolean): Steps<BatchInputs> {
    this.#dropped = training;
    if (!training) return x;
    const { kernels } = this.#context;
    const { y } = this.out;
    const values = denseAddress(x);
    const threshold = Math.min(Math.round(this.#rate * 0x8000_0000), 0x7fff_ffff);
    yield* this.#inParts(count, (at, rows, stride) => {
      const mask = this.#mask + at;
      kernels.dropoutMask(mask, rows * stride, threshold, 1 / (1 - this.#rate), this.#state);
      kernels.multiply(values + at, mask, y + at, rows * stride, stride);
    });
    return { kind: 'dense', x: y };
  }

  backward(_: BatchInputs, dx: number, count: number): void | Steps<void> {
    if (!this.#dropped) return;
    return this.#inParts(count, (at, rows, stride) => {
      this.#context.kernels.multiply(dx + at, this.#mask + at, dx + at, rows * stride, stride);
    });
  }

  /** `at`: bytes from a batch's first row to what is taken, `rows` of `stride` floats. */
  #inParts(count: number, take: (at: number, rows: number, stride: number) => void): Steps<void> {
    const { stride } = this.out;
    return placesInParts(this.#context, [count, stride, stride / EIGHT, EIGHT], take);
  }
}
