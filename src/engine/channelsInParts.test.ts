import { expect, test } from 'vitest';
import { contextOf } from '../../test/support/ops.ts';
import { atOnce } from '../util/steps.ts';
import { channelsInParts, NONE } from './parts.ts';

test('eight channels after the other, each waiting for the threads that have those before', () => {
  const context = contextOf();
  const { heap } = context;
  heap.mostProducts = () => 8;
  const log: unknown[] = [];
  heap.settle = () => void log.push('settled');
  const take = (low: number, high: number): typeof NONE => {
    log.push([low, high]);
    return NONE;
  };
  atOnce(channelsInParts(context, [20, 1], take));
  expect(log).toEqual([[0, 8], 'settled', [8, 16], 'settled', [16, 20]]);
  log.length = 0;
  heap.mostProducts = () => Infinity;
  atOnce(channelsInParts(context, [20, 1], take));
  expect(log).toEqual([[0, 20]]);
});
