import { Random } from '../util/random.ts';
import { type Context, paddedWidth } from './context.ts';

const LANES = 4;

/** Inverted dropout between two layers: the values' mask is kept for the way back. */
export class DropoutOp {
  readonly stride: number;
  readonly rate: number;
  readonly #context: Context;
  readonly #index: number;
  readonly #state: number;
  /** f32[rows][stride] */
  #mask = 0;
  y = 0;

  /** `index`: its place among the network's dropout layers, which names its random stream. */
  constructor(context: Context, width: number, rate: number, index: number) {
    this.#context = context;
    this.stride = paddedWidth(width);
    this.rate = rate;
    this.#index = index;
    this.#state = context.pieces.bytes(4 * 4 * LANES);
  }

  setSeed(seed: number): void {
    const state = this.#context.heap.uint32(this.#state, 4 * LANES);
    for (let lane = 0; lane < LANES; lane++) {
      const words = new Random(seed, `dropout/${this.#index}/${lane}`).save();
      words.forEach((word, k) => (state[k * LANES + lane] = word));
    }
  }

  get state(): Uint32Array {
    return this.#context.heap.uint32(this.#state, 4 * LANES);
  }

  resize(rows: number): void {
    const { pieces } = this.#context;
    pieces.free(this.#mask);
    pieces.free(this.y);
    this.#mask = pieces.floats(rows * this.stride);
    this.y = pieces.floats(rows * this.stride);
  }

  forward(x: number, rows: number): void {
    const { kernels } = this.#context;
    const threshold = Math.min(Math.round(this.rate * 0x8000_0000), 0x7fff_ffff);
    kernels.dropoutMask(this.#mask, rows * this.stride, threshold, 1 / (1 - this.rate), this.#state);
    kernels.multiply(x, this.#mask, this.y, rows * this.stride);
  }

  /** d, the gradient with respect to the outputs, becomes in place that with respect to the inputs. */
  backward(d: number, rows: number): void {
    this.#context.kernels.multiply(d, this.#mask, d, rows * this.stride);
  }
}
