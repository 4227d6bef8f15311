import type { Steps } from '../util/steps.ts';
import { paddedRows } from './context.ts';
import type { Targets } from './engine.ts';
import { type LossRule, weighRows } from './loss.ts';
import { lossRule } from './losses/losses.ts';
import { imagesInParts, rowsInParts, VALUE } from './parts.ts';
import type { Pass } from './pass.ts';

/** A network's loss on batches, and the memory that it takes. */
export class BatchLoss {
  rule: LossRule = lossRule({ name: 'categoricalCrossentropy' });
  readonly #pass: Pass;
  #capacity = 0;
  #targets = 0;
  /** f64[rows] */
  #losses = 0;
  /** f32[16], see `rowsInParts`. */
  #state = 0;

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
   * Sum of the rows' losses, added to the one `before`, and number of rows right; y: where lies what the loss reads. The outputs are in the last op's y then, and, unless `scale`
   * is 0, the gradient is in the d of what the loss reads. In parts of some rows, or of a row's values.
   */
  *measure(
    y: number,
    targets: Targets,
    batch: Uint32Array,
    scale = 0,
    before = 0,
  ): Steps<{ loss: number; correct: number }> {
    const { context, last, stages } = this.#pass;
    const t = this.#room(batch.length);
    const { d, stride, width } = stages[this.head - 1].op.out;
    const [count, losses] = [batch.length, this.#losses];
    yield* this.#inParts(count, [y, last.y, t], ([outputs, z, wanted], from, to, first, end) => {
      for (let s = from; s < to; s++) {
        const [row, own] = [s * stride, batch[s]];
        if (y !== last.y) for (let j = first; j < end; j++) z[row + j] = outputs[row + j];
        if (targets.kind === 'classes') {
          const place = targets.classes[own];
          for (let j = first; j < end; j++) wanted[row + j] = 0;
          if (place >= first && place < end) wanted[row + place] = 1;
        } else for (let j = first; j < end; j++) wanted[row + j] = targets.values[own * width + j];
      }
    });
    const all = {
      z: last.y,
      t,
      d: scale && d,
      count,
      width,
      stride,
      scale,
      losses,
    };
    const { passes } = this.rule;
    yield* rowsInParts(context, [count, stride], [passes, this.#state], (at, rows, floats, row, part) => {
      this.rule.run(context, {
        ...all,
        z: all.z + at,
        t: t + at,
        d: all.d && d + at,
        count: rows,
        stride: floats,
        losses: losses + 8 * row,
        part,
      });
    });
    const { weights } = targets;
    if (weights) yield* weighRows(context, all, weights, batch);
    let [loss, correct] = [before, 0];
    // Of the row so far: the first places where the largest of both stand.
    let [place, wantedPlace] = [0, 0];
    yield* this.#inParts(count, [last.y, t], ([z, wanted], from, to, first, end) => {
      const own = context.heap.float64(losses, count);
      for (let s = from; s < to; s++) {
        const row = s * stride;
        if (first === 0) place = wantedPlace = row;
        place = largestFrom(z, place, row + first, row + end);
        wantedPlace = largestFrom(wanted, wantedPlace, row + first, row + end);
        if (end < width) continue;
        loss += own[s];
        if (place === wantedPlace) correct++;
      }
    });
    return { loss, correct };
  }

  /** Rows at the addresses: some of them, and of each the columns from `first` to before `end`. */
  #inParts(
    count: number,
    addresses: readonly number[],
    take: (rows: Float32Array[], from: number, to: number, first: number, end: number) => void,
  ): Steps<void> {
    const { context, last } = this.#pass;
    const { width, stride } = last;
    return imagesInParts(
      context,
      // On this thread alone.
      [count, 4 * VALUE * stride],
      [width, 1],
      (from, rows, first = 0, end = width) => {
        const floats = addresses.map((address) => context.heap.float32(address, count * stride));
        take(floats, from, from + rows, first, end);
      },
    );
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
    this.#state ||= pieces.floats(16);
    this.#capacity = capacity;
    return this.#targets;
  }
}

/** The first place of the largest value from `from` to before `to`, unless the one at `best` is as large. */
function largestFrom(values: Float32Array, best: number, from: number, to: number): number {
  for (let k = from; k < to; k++) if (values[k] > values[best]) best = k;
  return best;
}
