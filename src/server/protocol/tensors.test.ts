import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServedModel } from '../models/model.ts';
import { decodeNumbers, encodeNumbers, encodeTexts } from './binary.ts';
import { NUMBER_TYPES, type NumberDatatype, numberType } from './datatypes.ts';
import { modelInput } from './values.ts';

/** The typed array of the platform, which is another implementation of each type. */
const ARRAYS = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const;
type Listed = keyof typeof ARRAYS;
const LISTED = Object.keys(ARRAYS) as Listed[];

/** Whole numbers that float64 holds, of the type's range; else doubles, or floats. */
function elements(datatype: Listed): fc.Arbitrary<number> {
  const { range } = numberType(datatype);
  if (datatype === 'FP32') return fc.float({ noNaN: true, noDefaultInfinity: true });
  if (!range) return fc.double({ noNaN: true, noDefaultInfinity: true, min: -3e38, max: 3e38 });
  const [low, high] = range;
  return fc.integer({
    min: Math.max(low, Number.MIN_SAFE_INTEGER),
    max: Math.min(high, Number.MAX_SAFE_INTEGER),
  });
}

function platformBytes(datatype: Listed, values: readonly number[]): Uint8Array {
  const array = datatype.endsWith('INT64')
    ? (ARRAYS[datatype] as BigInt64ArrayConstructor).from(values.map(BigInt))
    : (ARRAYS[datatype] as Float64ArrayConstructor).from(values);
  return new Uint8Array(array.buffer);
}

const rows: ServedModel = {
  name: 'rows',
  version: '0',
  hash: '0',
  bytes: new Uint8Array(),
  kind: 'classes',
  inputShape: [5],
  size: 5,
  classes: ['0', '1'],
  hasNone: false,
  temperature: 1,
  sureFrom: 0.5,
  trainedWith: [],
  platform: 'test',
};
const digits: ServedModel = { ...rows, kind: 'digits', inputShape: [28, 28], size: 784 };

describe.each(LISTED)('%s', (datatype) => {
  test('its bytes are those of the platform, both ways', () => {
    fc.assert(
      fc.property(fc.array(elements(datatype), { maxLength: 40 }), fc.nat(7), (values, shift) => {
        const expected = platformBytes(datatype, values);
        expect(new Uint8Array(encodeNumbers(datatype, values))).toEqual(expected);
        // At any place of a body.
        const body = new Uint8Array(expected.length + shift);
        body.set(expected, shift);
        expect([...decodeNumbers(datatype, body.subarray(shift), values.length)]).toEqual(values);
      }),
    );
  });

  test('JSON, flat or nested, and binary give the model the same values', () => {
    const tensor = fc.array(fc.array(elements(datatype), { minLength: 5, maxLength: 5 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(tensor, (data) => {
        const shape = [data.length, 5];
        const input = (own: readonly unknown[] | Uint8Array) =>
          [
            ...modelInput({ shape, datatype, data: own, isBinary: own instanceof Uint8Array }, rows, 10)
              .values,
          ].map((x) => x + 0);
        const binary = input(platformBytes(datatype, data.flat()));
        expect(binary).toEqual(data.flat().map((x) => Math.fround(x) + 0));
        expect(input(data)).toEqual(binary);
        expect(input(data.flat())).toEqual(binary);
      }),
    );
  });
});

test.runIf('Float16Array' in globalThis)(
  'FP16: all 65,536 patterns, and doubles to the nearest, are as in the platform',
  () => {
    const { Float16Array: Half } = globalThis as unknown as { Float16Array: Float64ArrayConstructor };
    const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i);
    const expected = new Half(bits.buffer as unknown as number);
    const own = decodeNumbers('FP16', new Uint8Array(bits.buffer), bits.length);
    expect([...own]).toEqual([...expected]);
    const roundTrip = new Uint16Array(new Uint8Array(encodeNumbers('FP16', own)).buffer);
    bits.forEach((pattern, i) => {
      if (!Number.isNaN(own[i])) expect(roundTrip[i]).toBe(pattern);
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.double(), fc.double({ min: -70_000, max: 70_000 }), fc.double({ min: -1e-4, max: 1e-4 })),
        (x) => {
          const [value] = new Half([x]);
          expect(decodeNumbers('FP16', encodeNumbers('FP16', [x]), 1)[0]).toBe(value);
        },
      ),
    );
  },
);

test('BYTES: each text after its length in four bytes', () => {
  expect([...encodeTexts(['ab', '', 'é'])]).toEqual([2, 0, 0, 0, 97, 98, 0, 0, 0, 0, 2, 0, 0, 0, 0xc3, 0xa9]);
});

const image = (value: number): number[] => new Array<number>(784).fill(value);
const ask = (datatype: string, shape: number[], data: readonly unknown[] | Uint8Array) =>
  modelInput({ shape, datatype, data, isBinary: data instanceof Uint8Array }, digits, 2);

test.each([
  [[1, 28, 28]],
  [[28, 28]],
  [[784]],
  [[1, 784]],
  [[1, 1, 28, 28]],
  [[1, 28, 28, 1]],
  [[1, 784, 1]],
])('an image of shape %j is one', (shape) => {
  expect(ask('FP32', shape, image(7))).toEqual({ count: 1, values: new Uint8Array(784).fill(7) });
});

test.each([
  [[2, 14, 28], 'inputs[0].shape'],
  [[14, 56], 'inputs[0].shape'],
  [[0, 28, 28], 'at least one'],
  [[3, 784], 'at most 2'],
])('a shape of %j is refused: %s', (shape, message) => {
  const count = shape.reduce((product, extent) => product * extent, 1);
  expect(() => ask('UINT8', shape, new Uint8Array(count))).toThrow(message);
});

test.each([
  ['FP32', image(0.5), 'Multiply'],
  ['FP32', image(1), 'Multiply'],
  ['FP32', image(255.5), '0 to 255'],
  ['FP32', image(-1), '0 to 255'],
  ['INT16', image(256), '0 to 255'],
  ['UINT8', image(256), 'values of UINT8'],
  ['UINT8', image(1.5), 'values of UINT8'],
  ['UINT8', image(7).map(String), 'a number'],
  ['UINT8', image(7).slice(1), 'expected 784 values, received 783'],
  ['UINT8', [...image(7), 7], 'received more'],
  ['UINT8', [image(7), [7]], 'received more'],
  ['UINT8', [[[[[[[[[image(7)]]]]]]]]], 'levels'],
  ['BOOL', image(1), 'received BOOL'],
  ['BYTES', image(1), 'received BYTES'],
  ['FP8', image(1), 'received FP8'],
  ['UINT8', new Uint8Array(783), 'expected 784 bytes'],
  ['FP32', new Uint8Array(784), 'expected 3136 bytes'],
])('%s values that no reader takes are refused: %#', (datatype, data, message) => {
  expect(() => ask(datatype, [1, 28, 28], data)).toThrow(message);
});

test('grey values between whole numbers are taken as they are; an empty image in floats is one', () => {
  expect(ask('FP64', [28, 28], image(7.25)).values).toEqual(new Float32Array(784).fill(7.25));
  expect(ask('FP32', [28, 28], image(0)).values).toEqual(new Uint8Array(784));
  expect(ask('UINT8', [28, 28], image(1)).values).toEqual(new Uint8Array(784).fill(1));
});

test('values that float32 cannot hold are refused', () => {
  const infinite = platformBytes('FP64', [1, 2, 3, 4, 1e39]);
  expect(() =>
    modelInput({ shape: [1, 5], datatype: 'FP64', data: infinite, isBinary: true }, rows, 1),
  ).toThrow('not finite');
  const nan = platformBytes('FP32', [1, 2, 3, 4, NaN]);
  expect(() => modelInput({ shape: [1, 5], datatype: 'FP32', data: nan, isBinary: true }, rows, 1)).toThrow(
    'not finite',
  );
});

test('every type of the protocol is there', () => {
  const types: NumberDatatype[] = Object.keys(NUMBER_TYPES) as NumberDatatype[];
  expect(types).toEqual([
    'BOOL',
    'UINT8',
    'UINT16',
    'UINT32',
    'UINT64',
    'INT8',
    'INT16',
    'INT32',
    'INT64',
    'FP16',
    'FP32',
    'FP64',
  ]);
});
