import { expect, test } from 'vitest';
import { Heap } from '../heap.ts';
import type { Cut } from './cuts.ts';
import { DIVISIONS } from './divisions.ts';

/** Arguments that have no part in where a kernel is cut. */
const x = 64;

/** A kernel's arguments, those of a part of a longer call; where it is cut for two threads; what of the arguments the second one is given. */
const PARTS: readonly [
  keyof typeof DIVISIONS,
  args: readonly number[],
  cut: Cut,
  second: Readonly<Record<number, number>>,
][] = [
  // Rows 8 to 40 of the 2 × 100 of a kernel of 100 inputs and 40 units.
  ['denseGradient', [x, x, x, 5, 100, 40, 8, 40], [8, 24, 40], { 6: 24, 7: 40 }],
  ['transpose', [x, x, 100, 40, 8, 40], [8, 24, 40], { 4: 24, 5: 40 }],
  // Rows 12 to 28 of the batch, 40 units; of 96, the units are divided and the rows stay.
  ['sparseForward', [28, x, x, x, x, x, 100, 40, 12], [12, 20, 28], { 0: 28, 8: 20 }],
  ['sparseForward', [28, x, x, x, x, x, 100, 99, 12, 32, 64], [12, 20, 28], { 0: 28, 8: 20, 9: 32, 10: 64 }],
  ['sparseForward', [28, x, x, x, x, x, 100, 160, 12, 32, 96], [32, 64, 96], { 0: 28, 8: 12, 9: 64, 10: 96 }],
  ['sparseForward', [28, x, x, x, x, x, 100, 96, 12], [0, 32, 96], { 0: 28, 8: 12, 9: 32, 10: 96 }],
  // Channels 4 to 10.
  ['pooledKernelGradient', [x, x, x, x, x, 9, 9, x, x, x, x, 4, 10], [4, 7, 10], { 11: 7, 12: 10 }],
];

test.each(PARTS)('%s of %j is cut at %j', (name, args, cut, second) => {
  const heap = new Heap();
  const division = DIVISIONS[name]!;
  expect(division.cut!([...args], 2, heap)).toEqual(cut);
  const list = [...args];
  division.part(list, cut[1], cut[2], heap);
  for (const [k, value] of Object.entries(second)) expect(list[Number(k)]).toBe(value);
});

test('columns 2 to 12 of a sparse layer are cut where half of their work lies, units and all', () => {
  const heap = new Heap();
  const ends = heap.allocate(4 * 20);
  // Columns 2 to 4 have 30 entries each, all others none.
  heap.uint32(ends, 20).set(Array.from({ length: 20 }, (_, i) => 30 * Math.max(0, Math.min(3, i - 1))));
  const args = [ends, x, x, x, 0, 0, 0, 20, 96, 0, 0, 0, 0, 2, 12, 32, 64];
  const division = DIVISIONS.sparseGradient!;
  // An entry counts 1, a column 2: half of 90 + 20 is reached within column 3, after 32 and before 64, which is the second thread's first.
  expect(division.cut!(args, 2, heap)).toEqual([2, 3, 12]);
  division.part(args, 3, 12, heap);
  expect(args.slice(13)).toEqual([3, 12, 32, 64]);
  // With Adam a column counts 11: half of 90 + 110 is reached within column 4, after 82 and before 123.
  expect(division.cut!([...args.slice(0, 4), x, x, x, ...args.slice(7, 13), 2, 12, 32, 64], 2, heap)).toEqual(
    [2, 4, 12],
  );
});

test('with 64 units or more the units are cut, and the columns stay those of the part', () => {
  const args = [x, x, x, x, 0, 0, 0, 20, 96, 0, 0, 0, 0, 2, 12, 0, 96];
  const division = DIVISIONS.sparseGradient!;
  expect(division.cut!(args, 2, new Heap())).toEqual([0, 32, 96]);
  division.part(args, 32, 96, new Heap());
  expect(args.slice(13)).toEqual([2, 12, 32, 96]);
});
