import { expect } from 'vitest';
import { type Context, paddedRows } from '../../src/engine/context.ts';
import { Allocation, Heap } from '../../src/engine/heap.ts';
import { instantiateKernels } from '../../src/engine/module.ts';
import { type Op, outputsOf, type Step } from '../../src/engine/op.ts';
import { paddingOf } from '../../src/engine/parameter.ts';
import type { ReferenceOp } from '../../src/engine/reference/op.ts';
import { Random } from '../../src/util/random.ts';
import { atOnce, isSteps, type Steps } from '../../src/util/steps.ts';
import { sizeOf } from '../../src/util/tensor.ts';

export function contextOf(): Context {
  const heap = new Heap();
  return { heap, kernels: instantiateKernels(heap.memory), pieces: new Allocation(heap) };
}

/** What an op made of a batch, all of it plain. */
export interface OpRun {
  readonly y: number[][];
  readonly dx: number[][];
  readonly gradients: number[][];
  readonly statistics: number[][];
}

/** What is given at once or in steps, all of it. */
export const whole = <T>(given: T | Steps<T>): T => (isSteps(given) ? atOnce(given) : given);

/** An op without a network: its inputs and the gradient that comes from above are set by hand. */
export class LoneOp {
  readonly op: Op;
  readonly context = contextOf();
  /** What the op reads and, where it works in place, writes to. */
  readonly #below: ReturnType<typeof outputsOf>;

  constructor(step: Step, shape: readonly number[]) {
    this.#below = outputsOf(shape);
    this.op = step.create({
      context: this.context,
      below: this.#below,
      mayOverwrite: true,
      shape,
      lowest: false,
      index: 0,
    });
  }

  /** Parameters, then statistics. */
  setWeights(weights: readonly ArrayLike<number>[]): void {
    [...this.op.parameters, ...this.op.statistics].forEach((parameter, k) => {
      atOnce(parameter.write(weights[k]));
    });
  }

  /** Forward, backward and gradients of one batch; holds all that has to be zero to it: the ends of rows, the padding of gradients. */
  run(x: readonly ArrayLike<number>[], dy: readonly ArrayLike<number>[], training: boolean): OpRun {
    const { op } = this;
    const below = this.#below;
    const { width, stride } = below;
    const { heap, pieces } = this.context;
    const count = x.length;
    op.resize(paddedRows(count));
    // What must be written, and what must not be, is NaN and 7 so far; ends of rows are zeros, as in networks.
    const room = paddedRows(count) * stride;
    const inputs = (below.y = pieces.floats(room));
    const dx = (below.d = pieces.floats(room + 8));
    for (let s = 0; s < count; s++) heap.float32(dx + 4 * s * stride, width).fill(NaN);
    heap.float32(dx + 4 * room, 8).fill(7);
    x.forEach((row, s) => {
      heap.float32(inputs + 4 * s * stride, row.length).set(row);
    });
    dy.forEach((row, s) => {
      heap.float32(op.out.d + 4 * s * op.out.stride, row.length).set(row);
    });
    const given = { kind: 'dense', x: inputs } as const;
    expect(whole(op.forward(given, count, training))).toEqual({ kind: 'dense', x: op.out.y });
    whole(op.backward(given, dx, count));
    whole(op.gradients?.(given, count));
    expect([...heap.float32(dx + 4 * room, 8)]).toEqual(new Array(8).fill(7));
    for (const parameter of op.parameters) {
      for (const address of [parameter.address, parameter.gradient()]) {
        const memory = heap.float32(address, parameter.count);
        const padding = atOnce(paddingOf(parameter)).map((index) => memory[index]);
        expect(
          padding.every((value) => value === 0),
          `padding of ${parameter.name}`,
        ).toBe(true);
      }
    }
    return {
      y: this.#rows(op.out.y, count, op.out.width, op.out.stride),
      dx: this.#rows(dx, count, width, stride),
      gradients: op.parameters.map((parameter) => [...atOnce(parameter.read(parameter.gradient()))]),
      statistics: op.statistics.map((statistic) => [...atOnce(statistic.read())]),
    };
  }

  #rows(address: number, count: number, width: number, stride: number): number[][] {
    return Array.from({ length: count }, (_, s) => {
      const row = [...this.context.heap.float32(address + 4 * s * stride, stride)];
      expect(row.slice(width), 'end of a row').toEqual(new Array(stride - width).fill(0));
      return row.slice(0, width);
    });
  }
}

/** The last of the steps together with all below it, as a stack makes one op of them. */
export function fusedStep(steps: readonly Step[]): Step {
  const below = steps.slice(0, -1);
  const fusion = steps[below.length].fuse!(below)!;
  expect(fusion.steps).toBe(below.length);
  return {
    spec: { kind: below.map(({ spec }) => spec.kind).join(', ') },
    shape: (input) => steps.reduce((shape, step) => step.shape(shape), input),
    create: (place) => {
      const lowest = steps[0].create(place);
      return Object.assign(fusion.create(place, [lowest]), { parameters: lowest.parameters });
    },
  };
}

/** Values between -1 and 1 as float32. */
export function randomRows(count: number, width: number, random: Random): Float32Array[] {
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: width }, () => 2 * random.uniform() - 1),
  );
}

/** The same batch through an op and through its reference, with the same random weights; returns the largest gap of all results, relative to the largest value of that result (to 1 where all are smaller). */
export function gapToReference(
  step: Step,
  reference: ReferenceOp,
  shape: readonly number[],
  count: number,
  options: { seed: number; training?: boolean },
): number {
  const { seed, training = true } = options;
  const random = new Random(seed, 'op');
  const lone = new LoneOp(step, shape);
  const { parameters, statistics } = lone.op;
  const weights = [...parameters, ...statistics].map(({ name, shape }) => {
    const [values] = randomRows(1, sizeOf(shape), random);
    return name === 'moving_variance' ? values.map((v) => 0.1 + Math.abs(v)) : values;
  });
  lone.setWeights(weights);
  [...reference.parameters.map((parameter) => parameter.weights), ...reference.statistics].forEach(
    (own, k) => {
      own.set(weights[k]);
    },
  );
  const x = randomRows(count, sizeOf(shape), random);
  const dy = randomRows(count, lone.op.out.width, random);
  const got = lone.run(x, dy, training);
  const y = reference.forward(
    x.map((row) => Float64Array.from(row)),
    training,
  );
  const dx = reference.backward(dy.map((row) => Float64Array.from(row)));
  const gaps = [
    relativeGap(got.y.flat(), y),
    relativeGap(got.dx.flat(), dx),
    ...reference.parameters.map(({ gradient }, k) => relativeGap(got.gradients[k], [gradient])),
    ...reference.statistics.map((own, k) => relativeGap(got.statistics[k], [own])),
  ];
  return Math.max(...gaps);
}

function relativeGap(got: readonly number[], expected: readonly Float64Array[]): number {
  const plain = expected.flatMap((row) => [...row]);
  expect(got.length).toBe(plain.length);
  let largest = 1;
  let gap = 0;
  plain.forEach((value, k) => {
    largest = Math.max(largest, Math.abs(value));
    const here = Math.abs(value - got[k]);
    // A NaN on one side only is a gap, too.
    gap = here <= gap ? gap : Number.isNaN(here) ? Infinity : here;
  });
  return gap / largest;
}

/** The largest gap between a reference's gradients and central differences of Σ r y, r random: of its inputs and of every parameter. */
export function gapToDifferences(
  reference: ReferenceOp,
  shape: readonly number[],
  count: number,
  options: { training?: boolean } = {},
): number {
  const { training = true } = options;
  const random = new Random(5, 'differences');
  const draw = (length: number): Float64Array =>
    Float64Array.from({ length }, () => 2 * random.uniform() - 1);
  const x = Array.from({ length: count }, () => draw(sizeOf(shape)));
  for (const { weights } of reference.parameters) weights.set(draw(weights.length));
  const weight = reference.forward(x, training).map((row) => draw(row.length));
  const loss = (): number =>
    reference
      .forward(x, training)
      .reduce((sum, row, s) => row.reduce((t, y, k) => t + y * weight[s][k], sum), 0);
  reference.forward(x, training);
  const dx = reference.backward(weight);
  const analytic = [...dx, ...reference.parameters.map(({ gradient }) => gradient.slice())];
  const values = [...x, ...reference.parameters.map(({ weights }) => weights)];
  let gap = 0;
  values.forEach((array, a) => {
    array.forEach((value, k) => {
      array[k] = value + 1e-5;
      const above = loss();
      array[k] = value - 1e-5;
      const below = loss();
      array[k] = value;
      gap = Math.max(gap, Math.abs((above - below) / 2e-5 - analytic[a][k]));
    });
  });
  return gap;
}
