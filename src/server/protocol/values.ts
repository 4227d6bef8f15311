import { badRequest } from '../errors.ts';
import type { Values } from '../models/batches.ts';
import type { ServedModel } from '../models/model.ts';
import { decodeNumbers } from './binary.ts';
import { isNumberDatatype, type NumberDatatype, numberType } from './datatypes.ts';
import type { RequestInput } from './request.ts';

/** What a model takes, from one request. */
export interface ModelInput {
  readonly values: Values;
  readonly count: number;
}

/** Of nested arrays. */
const DEEPEST = 8;

/** What a model of images is said to take. */
export function inputDatatype({ kind, inputShape }: ServedModel): NumberDatatype {
  return kind === 'digits' || inputShape.length > 1 ? 'UINT8' : 'FP32';
}

/**
 * The values of a request's tensor as the model takes them: any of the types of numbers, each image in its shape, flat, or with dimensions of 1 in between, and before them the number of images, which one image may
 * leave out. Throws E_SHAPE, and E_ARGUMENT for values that are not of the type, not finite, or, for a reader of digits, no grey values from 0 to 255.
 */
export function modelInput(
  { shape, datatype, data, isBinary }: RequestInput,
  model: ServedModel,
  most: number,
): ModelInput {
  if (shape === undefined) return rawInput(data as Uint8Array, model, most);
  if (!isNumberDatatype(datatype)) {
    throw badRequest(
      `inputs[0].datatype: expected numbers, such as ${inputDatatype(model)}; received ${typeof datatype === 'string' ? datatype.slice(0, 20) : 'no text'}.`,
    );
  }
  if (datatype === 'BOOL' && model.kind === 'digits') {
    throw badRequest('inputs[0].datatype: expected grey values from 0 to 255, received BOOL.');
  }
  const count = countOf(shape, model, most);
  const total = count * model.size;
  if (isBinary) {
    const bytes = data as Uint8Array;
    const expected = total * numberType(datatype).bytes;
    if (bytes.length !== expected) {
      throw badRequest(
        `inputs[0]: expected ${expected} bytes for ${total} values of ${datatype}, received ${bytes.length}.`,
        'E_SHAPE',
      );
    }
    return { values: checked(decodeNumbers(datatype, bytes, total), datatype, model), count };
  }
  return { values: checked(flat(data, total, datatype), datatype, model), count };
}

function rawInput(bytes: Uint8Array, model: ServedModel, most: number): ModelInput {
  const datatype = inputDatatype(model);
  const one = model.size * numberType(datatype).bytes;
  const count = bytes.length / one;
  if (!Number.isInteger(count) || count === 0) {
    throw badRequest(
      `The body: expected a multiple of ${one} bytes, the values of an image as ${datatype}; received ${bytes.length}.`,
      'E_SHAPE',
    );
  }
  requireCount(count, most);
  return { values: checked(decodeNumbers(datatype, bytes, count * model.size), datatype, model), count };
}

/** How many images a tensor of this shape has. */
function countOf(shape: readonly number[], model: ServedModel, most: number): number {
  const { size, inputShape } = model;
  const total = shape.reduce((product, extent) => product * extent, 1);
  const [first, ...rest] = shape;
  const isBatch = total === first * size && fits(rest, model);
  if (!isBatch && !(total === size && fits(shape, model))) {
    throw badRequest(
      `inputs[0].shape: expected [n, ${inputShape.join(', ')}] or [n, ${size}], received [${shape.join(', ')}].`,
      'E_SHAPE',
    );
  }
  const count = isBatch ? first : 1;
  if (count === 0)
    throw badRequest('inputs[0].shape: expected at least one image, received none.', 'E_SHAPE');
  requireCount(count, most);
  return count;
}

function requireCount(count: number, most: number): void {
  if (count <= most) return;
  throw badRequest(`inputs[0]: expected at most ${most} images in a request, received ${count}.`, 'E_SHAPE');
}

/** Whether this is the model's shape but for dimensions of 1, or flat. */
function fits(shape: readonly number[], { inputShape, size }: ServedModel): boolean {
  if (shape.length === inputShape.length && shape.every((extent, k) => extent === inputShape[k])) return true;
  const own = shape.filter((extent) => extent !== 1);
  const wanted = inputShape.filter((extent) => extent !== 1);
  const isFlat = own.length === 1 && own[0] === size;
  return isFlat || (own.length === wanted.length && own.every((extent, k) => extent === wanted[k]));
}

/** Numbers of JSON in a row, as bytes where all are. Throws E_SHAPE unless there are `total`. */
function flat(
  data: readonly unknown[] | Uint8Array,
  total: number,
  datatype: NumberDatatype,
): Uint8Array | Float64Array {
  if (data instanceof Uint8Array) {
    requireTotal(data.length, total);
    return data;
  }
  const list = data.length === total && !Array.isArray(data[0]) ? data : leaves(data, total);
  requireTotal(list.length, total);
  const bytes = new Uint8Array(total);
  for (let i = 0; i < total; i++) {
    const value = list[i] as number;
    if ((value & 255) !== value) return others(list, datatype);
    bytes[i] = value;
  }
  return bytes;
}

function requireTotal(received: number, total: number): void {
  if (received === total) return;
  throw badRequest(`inputs[0].data: expected ${total} values, received ${received}.`, 'E_SHAPE');
}

function others(list: readonly unknown[], datatype: NumberDatatype): Float64Array {
  const isTruth = datatype === 'BOOL';
  const values = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value === 'number') values[i] = value;
    else if (isTruth && typeof value === 'boolean') values[i] = Number(value);
    else throw badRequest(`inputs[0].data[${i}]: expected ${isTruth ? 'true or false' : 'a number'}.`);
  }
  return values;
}

function leaves(data: readonly unknown[], total: number): unknown[] {
  const list: unknown[] = [];
  const walk = (values: readonly unknown[], depth: number): void => {
    if (depth > DEEPEST) throw badRequest(`inputs[0].data: expected at most ${DEEPEST} levels of arrays.`);
    for (const value of values) {
      if (Array.isArray(value)) walk(value, depth + 1);
      else if (list.length < total) list.push(value);
      else throw badRequest(`inputs[0].data: expected ${total} values, received more.`, 'E_SHAPE');
    }
  };
  walk(data, 1);
  return list;
}

/** Values of the type that they are said to be of, finite, and grey values for a reader of digits. */
function checked(
  values: Uint8Array | Float32Array | Float64Array,
  datatype: NumberDatatype,
  { kind }: ServedModel,
): Values {
  const { range } = numberType(datatype) as { range?: readonly [number, number] };
  const isReader = kind === 'digits';
  if (range && range[1] !== 255) requireWithin(values, range, datatype);
  if (values instanceof Uint8Array) {
    if (isReader && !range) requireGrey(values);
    return values;
  }
  if (range?.[1] === 255) requireWithin(values, range, datatype);
  const floats = values instanceof Float32Array ? values : new Float32Array(values);
  for (let i = 0; i < floats.length; i++) {
    const value = floats[i];
    if (!Number.isFinite(value)) throw badRequest(`inputs[0]: value ${i} is not finite as a float32.`);
    if (isReader && (value < 0 || value > 255)) {
      throw badRequest(`inputs[0]: expected grey values from 0 to 255, received ${value}.`);
    }
  }
  if (isReader && !range) requireGrey(floats);
  return floats;
}

/** Floats from 0 to 1 are what other programs take for grey values; as ours they would be an empty image. */
function requireGrey(values: Values): void {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  if (most === 0 || most > 1) return;
  throw badRequest(
    `inputs[0]: expected grey values from 0, paper, to 255, ink; received none above ${most}. Multiply values from 0 to 1 by 255.`,
  );
}

function requireWithin(
  values: ArrayLike<number>,
  [low, high]: readonly [number, number],
  datatype: NumberDatatype,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isInteger(value) || value < low || value > high) {
      throw badRequest(`inputs[0]: expected values of ${datatype}, received ${value} at ${i}.`);
    }
  }
}
