import { paddedRows } from './context.ts';
import type { Targets } from './engine.ts';
import { type LossRule, sumOfLosses, weighRows } from './loss.ts';
import { lossRule } from './losses/losses.ts';
import type { Outputs } from './op.ts';
import type { Pass } from './pass.ts';

/** A network's loss on batches, and the memory that it takes. */
export class BatchLoss {
  rule: LossRule = lossRule({ name: 'categoricalCrossentropy' });
  readonly #pass: Pass;
  #capacity = 0;
  #targets = 0;
  /** f64[rows] */
  #losses = 0;

  constructor(pass: Pass) {
    this.#pass = pass;
  }

  /** Ops up to what the loss reads. */
  get head(): number {
    const { steps } = this.#pass.spec;
    const { activation } = steps[steps.length - 1].spec as { readonly activation?: string };
    return steps.length - Number(this.rule.takes !== undefined && this.rule.takes === activation);
  }

  /**
   * Sum of the rows' losses, added to the one `before`, and number of rows right; y: where lies what the loss reads. The outputs are in the last op's y then, and, where a `scale`
   * is given, the gradient is in the d of what the loss reads.
   */
  measure(
    y: number,
    targets: Targets,
    batch: Uint32Array,
    scale?: number,
    before = 0,
  ): { loss: number; correct: number } {
    const { context, last, stages } = this.#pass;
    const { heap, kernels } = context;
    const count = batch.length;
    this.#resize(count);
    const { d, stride, width } = stages[this.head - 1].op.out;
    const z = last.y;
    if (z !== y) heap.float32(z, count * stride).set(heap.float32(y, count * stride));
    writeTargets(targets, batch, last, heap.float32(this.#targets, count * stride));
    const gradient = scale === undefined ? { d: 0, scale: 1 } : { d, scale };
    const loss = { z, t: this.#targets, count, width, stride, ...gradient, losses: this.#losses };
    this.rule.run(context, loss);
    if (targets.weights)
      weighRows(
        context,
        loss,
        Array.from(batch, (row) => targets.weights![row]),
      );
    return {
      loss: sumOfLosses(context, loss, before),
      correct: kernels.countCorrect(z, this.#targets, count, width, stride),
    };
  }

  #resize(rows: number): void {
    if (rows <= this.#capacity) return;
    const { pieces } = this.#pass.context;
    const capacity = paddedRows(rows);
    this.#capacity = 0;
    this.#targets = pieces.free(this.#targets);
    this.#losses = pieces.free(this.#losses);
    this.#targets = pieces.floats(capacity * this.#pass.last.stride);
    this.#losses = pieces.bytes(8 * capacity);
    this.#capacity = capacity;
  }
}

function writeTargets(
  targets: Targets,
  batch: ArrayLike<number>,
  { width, stride }: Outputs,
  t: Float32Array,
): void {
  if (targets.kind === 'classes') {
    t.fill(0);
    for (let s = 0; s < batch.length; s++) t[s * stride + targets.classes[batch[s]]] = 1;
    return;
  }
  const { values } = targets;
  for (let s = 0; s < batch.length; s++) {
    for (let j = 0; j < width; j++) t[s * stride + j] = values[batch[s] * width + j];
  }
}
