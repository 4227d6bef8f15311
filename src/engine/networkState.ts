import { DactylError } from '../util/errors.ts';
import { parts, type Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import type { Averages } from './averages.ts';
import type { Heap } from './heap.ts';
import type { Optimizer } from './optimizer.ts';
import { MOVED_AT_A_TIME, type Parameter } from './parameter.ts';
import type { Stage } from './stack.ts';

/** Where what training goes on from lies. */
export interface TrainingMemory {
  readonly heap: Heap;
  readonly stages: readonly Stage[];
  /** Trained or not, in the order of saving. */
  readonly weights: readonly Parameter[];
  readonly trained: readonly Parameter[];
  readonly optimizer: Optimizer | undefined;
  readonly averages: Averages | undefined;
}

/** Every piece by name: views of the kernels' memory and of dropout's streams. */
function piecesOf({
  heap,
  stages,
  weights,
  trained,
  optimizer,
  averages,
}: TrainingMemory): ReadonlyMap<string, Float32Array | Int32Array> {
  const pieces = new Map<string, Float32Array | Int32Array>();
  const put = (name: string, address: number, { count }: Parameter): void => {
    if (address) pieces.set(name, heap.float32(address, count));
  };
  trained.forEach((parameter, k) => {
    const { first = 0, second = 0, third = 0 } = optimizer?.slots(parameter) ?? {};
    put(`weights/${k}`, parameter.address, parameter);
    put(`first/${k}`, first, parameter);
    put(`second/${k}`, second, parameter);
    put(`third/${k}`, third, parameter);
    put(`average/${k}`, averages?.addressOf(parameter) ?? 0, parameter);
  });
  const untrained = weights.filter((parameter) => !trained.includes(parameter));
  untrained.forEach((parameter, k) => {
    put(`untrained/${k}`, parameter.address, parameter);
  });
  for (const { op, number } of stages) {
    const state = op.stream?.();
    if (state) pieces.set(`dropout/${number}`, new Int32Array(state.buffer, state.byteOffset, state.length));
  }
  return pieces;
}

/** Values `from` … of a piece, seen anew: between two steps the kernels' memory may have grown. */
function part(memory: TrainingMemory, name: string, from: number, to: number): Float32Array | Int32Array {
  return piecesOf(memory).get(name)!.subarray(from, to);
}

/** Copies of the pieces, and the optimizer's progress. */
export function* saveNetworkState(memory: TrainingMemory): Steps<Record<string, Tensor>> {
  const state: Record<string, Tensor> = {};
  for (const name of piecesOf(memory).keys()) {
    const { length, constructor } = piecesOf(memory).get(name)!;
    const data = new (constructor as new (length: number) => Float32Array | Int32Array)(length);
    yield* parts(length, MOVED_AT_A_TIME, (from, to) => {
      data.set(part(memory, name, from, to), from);
    });
    state[name] = { data, shape: [length] };
    yield;
  }
  const { optimizer } = memory;
  if (optimizer) state.optimizer = { data: optimizer.progress, shape: [4] };
  return state;
}

/** Writes a saved state where it was taken from. E_FORMAT, and nothing changed, where it is of another form. */
export function* restoreNetworkState(
  state: ReadonlyMap<string, Tensor>,
  memory: TrainingMemory,
): Steps<void> {
  const { optimizer } = memory;
  const read = <D extends Tensor['data']>(name: string, like: D): D => {
    const data = state.get(name)?.data;
    if (data?.constructor === like.constructor && data.length === like.length) return data as D;
    throw new DactylError(
      'E_FORMAT',
      `A saved state: expected ${like.length} values of ${like.constructor.name} in ${name}, received ${data ? `${data.length} of ${data.constructor.name}` : 'none'}.`,
    );
  };
  const writes = [...piecesOf(memory)].map(([name, piece]) => [name, read(name, piece)] as const);
  const progress = optimizer && read('optimizer', optimizer.progress);
  const expected = writes.length + Number(progress !== undefined);
  if (state.size !== expected) {
    throw new DactylError('E_FORMAT', `A saved state: expected ${expected} arrays, received ${state.size}.`);
  }
  for (const [name, data] of writes) {
    yield* parts(data.length, MOVED_AT_A_TIME, (from, to) => {
      part(memory, name, from, to).set(data.subarray(from, to));
    });
    yield;
  }
  if (progress) optimizer.progress = progress;
}
