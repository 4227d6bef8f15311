import { expect, test } from 'vitest';
import type { Steps } from '../util/steps.ts';
import { Meter } from './meter.ts';
import type { MetricOption } from './metrics/metrics.ts';
import { objectiveOf } from './objective.ts';

const ROWS = 300;
const WIDTH = 1000;
const targets = { kind: 'values', values: new Float32Array(ROWS * WIDTH).fill(1) } as const;
/** Of row s, s / 512 each: differences of 1 − s / 512. */
const outputs = Float32Array.from({ length: ROWS * WIDTH }, (_, i) => Math.floor(i / WIDTH) / 512);
const order = Uint32Array.from({ length: ROWS }, (_, s) => s);

function stopsOf(steps: Steps<unknown>): number {
  let stops = 0;
  while (!steps.next().done) stops++;
  return stops;
}

function meterOf(...metrics: MetricOption[]): Meter {
  return new Meter(objectiveOf('meanSquaredError', metrics, { activation: 'linear', outputs: WIDTH }));
}

test('a batch of 300 rows of 1,000 outputs is shown 131 rows at a time; the mean error is that of all, 1 − 149.5 / 512, to the bit', () => {
  const meter = meterOf('meanAbsoluteError');
  expect(stopsOf(meter.showing(targets).see!(order, outputs))).toBe(3);
  expect(Object.values(meter.results(0))).toEqual([1 - 149.5 / 512]);
});

test('a metric of one’s own is called once, with the whole batch', () => {
  const meter = meterOf(function rows(_, { shape }) {
    return shape[0];
  });
  expect(stopsOf(meter.showing(targets).see!(order, outputs))).toBe(1);
  expect(meter.results(0)).toEqual({ rows: ROWS });
});
