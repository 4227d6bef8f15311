import { expect, test } from 'vitest';
import { checkOptions, isNumber, isNumbers } from './options.ts';

test.each([
  ['null', null],
  ['undefined', undefined],
  ['the number 0.5', 0.5],
  ['the BigInt 3n', 3n],
  ["the text 'l2'", 'l2'],
  ['true', true],
  ['a symbol', Symbol('x')],
  ['an array', [1]],
  ['a BigInt64Array', new BigInt64Array(1)],
  ['an Int8Array', new Int8Array(1)],
  ['a Uint8Array', new Uint8Array(1)],
  ['a Map', new Map([['beta1', 1]])],
  ['a Promise', Promise.resolve({ beta1: 1 })],
  ['a function', () => 0],
  ['the function Date', Date],
])('for options %s is refused by its type', (received, value) => {
  expect(() => {
    checkOptions('Adam', ['name', 'beta1', 'beta2'], value);
  }).toThrow(`Adam: expected an object with beta1, beta2; received ${received}.`);
});

test('an unknown option is refused with the nearest one, known ones are not', () => {
  const check = (options: object): void => {
    checkOptions('fit', ['restoreBestWeights', 'patience'], options);
  };
  expect(() => {
    check({ patience: 1, restore_best_weights: true });
  }).toThrow("received 'restore_best_weights' (nearest: restoreBestWeights).");
  expect(() => {
    check({ colour: 1 });
  }).toThrow("fit: expected options of restoreBestWeights, patience; received 'colour'.");
  check({});
  check({ patience: undefined });
});

test('numbers are numbers: no text, null or BigInt', () => {
  expect([1, -0, NaN, '1', null, 1n, undefined, [1]].map((value) => isNumber(value))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(
    [[], new Uint8Array(1), 'abc', new BigInt64Array(1), new DataView(new ArrayBuffer(8)), null].map(
      isNumbers,
    ),
  ).toEqual([true, true, false, false, false, false]);
});
