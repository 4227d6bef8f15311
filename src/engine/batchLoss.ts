import type { Steps } from '../util/steps.ts';
import { paddedRows } from './context.ts';
import type { Targets } from './engine.ts';
import { type LossRule, sumOfLosses, weighRows } from './loss.ts';
import { lossRule } from './losses/losses.ts';
import type { Outputs } from './op.ts';
import { inParts, VALUE } from './parts.ts';
import type { Pass } from './pass.ts';

/** What a value counts among products: target, output and gradient, functions of it, and a comparison. */
const LOSS_OF_VALUE = 4 * VALUE;

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
   * is given, the gradient is in the d of what the loss reads. In parts of some rows.
   */
  *measure(
    y: number,
    targets: Targets,
    batch: Uint32Array,
    scale?: number,
    before = 0,
  ): Steps<{ loss: number; correct: number }> {
    const { context, last, stages } = this.#pass;
    const { heap, kernels } = context;
    const t = this.#room(batch.length);
    const { d, stride, width } = stages[this.head - 1].op.out;
    let correct = 0;
    yield* inParts(context, [batch.length, LOSS_OF_VALUE * stride, 4], (from, to) => {
      const own = batch.subarray(from, to);
      const count = own.length;
      const at = 4 * from * stride;
      const z = last.y + at;
      if (last.y !== y) heap.float32(z, count * stride).set(heap.float32(y + at, count * stride));
      writeTargets(targets, own, last, heap.float32(t, count * stride));
      const gradient = scale === undefined ? { d: 0, scale: 1 } : { d: d + at, scale };
      const loss = { z, t, count, width, stride, ...gradient, losses: this.#losses + 8 * from };
      this.rule.run(context, loss);
      const { weights } = targets;
      if (weights)
        weighRows(
          context,
          loss,
          Array.from(own, (row) => weights[row]),
        );
      correct += kernels.countCorrect(z, t, count, width, stride);
    });
    return { loss: sumOfLosses(context, this.#losses, batch.length, before), correct };
  }

  /** For the targets, and for the losses beside them. */
  #room(rows: number): number {
    if (rows <= this.#capacity) return this.#targets;
    const { pieces } = this.#pass.context;
    const capacity = paddedRows(rows);
    this.#capacity = 0;
    this.#targets = pieces.free(this.#targets);
    this.#losses = pieces.free(this.#losses);
    const { width, stride } = this.#pass.last;
    this.#targets = pieces.floats(capacity * stride, width === stride);
    this.#losses = pieces.bytes(8 * capacity, true);
    this.#capacity = capacity;
    return this.#targets;
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
