import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DactylError } from '../../util/errors.ts';
import { SCHEDULES } from '../schedules.ts';
import { cosineDecay } from './cosine.ts';
import { exponentialDecay } from './exponential.ts';
import { resolveSchedule, SCHEDULE_KINDS, type ScheduleOption, scheduleSpec } from './family.ts';
import { linearDecay } from './linear.ts';
import { piecewise } from './piecewise.ts';
import { stepDecay } from './step.ts';
import { wholePower } from './wholePower.ts';

const STEPS = 40;

function factors(option: ScheduleOption, steps = STEPS): number[] {
  const schedule = resolveSchedule(option);
  return Array.from({ length: steps }, (_, step) =>
    schedule(step / steps, { step, steps, epoch: Math.floor(step / 10) }),
  );
}

test('constant, cosine and linear by name, and as data without parameters, are SCHEDULES to the bit', () => {
  for (const name of ['constant', 'cosine', 'linear'] as const) {
    const expected = Array.from({ length: STEPS }, (_, step) => SCHEDULES[name](step / STEPS));
    expect(factors(name)).toEqual(expected);
    expect(factors({ name } as ScheduleOption)).toEqual(expected);
  }
});

test.each<[string, ScheduleOption, (step: number) => number]>([
  [
    'cosine with warm-up of 8 steps and a floor',
    cosineDecay({ warmUp: 8, floor: 0.1 }),
    (s) => (s < 8 ? s / 8 : 0.1 + 0.45 * (1 + Math.cos((Math.PI * (s - 8)) / 32))),
  ],
  [
    'cosine with warm-up of a fifth of the steps',
    cosineDecay({ warmUp: 0.2 }),
    (s) => (s < 8 ? s / 8 : (1 + Math.cos((Math.PI * (s - 8)) / 32)) / 2),
  ],
  [
    'linear with warm-up',
    linearDecay({ warmUp: 10, floor: 0.25 }),
    (s) => (s < 10 ? s / 10 : 1 - (0.75 * (s - 10)) / 30),
  ],
  ['exponential', exponentialDecay({ rate: 0.96, every: 7 }), (s) => 0.96 ** (s / 7)],
  ['exponential by shares', exponentialDecay({ rate: 0.5, every: 0.25 }), (s) => 0.5 ** (s / 10)],
  [
    'exponential in steps',
    exponentialDecay({ rate: 0.9, every: 3, staircase: true }),
    (s) => 0.9 ** Math.floor(s / 3),
  ],
  ['step', stepDecay({ factor: 0.1, every: 0.25 }), (s) => [1, 0.1, 0.01, 0.001][Math.floor(s / 10)]],
  [
    'piecewise: a boundary belongs to the piece before it',
    piecewise({ boundaries: [10, 25], factors: [1, 0.5, 0.1] }),
    (s) => (s <= 10 ? 1 : s <= 25 ? 0.5 : 0.1),
  ],
  [
    'piecewise by shares',
    piecewise({ boundaries: [0.25, 0.75], factors: [1, 2, 3] }),
    (s) => (s <= 10 ? 1 : s <= 30 ? 2 : 3),
  ],
  ['warm-up as long as the run', cosineDecay({ warmUp: STEPS }), (s) => s / STEPS],
  [
    'an own function',
    (_, { step, steps, epoch }) => step + steps + epoch,
    (s) => s + STEPS + Math.floor(s / 10),
  ],
])('%s, within 1e-14', (_, option, expected) => {
  factors(option).forEach((factor, step) =>
    expect(Math.abs(factor - expected(step)), `step ${step}`).toBeLessThan(1e-14),
  );
});

test('plain data says every default, goes through JSON, and means the same', () => {
  expect(scheduleSpec('cosine')).toEqual({ name: 'cosine', warmUp: 0, floor: 0 });
  expect(scheduleSpec({ name: 'exponential', rate: 0.5, every: 10 })).toEqual(
    exponentialDecay({ rate: 0.5, every: 10 }),
  );
  expect(scheduleSpec(() => 1)).toBeUndefined();
  const specs = [
    cosineDecay({ warmUp: 0.1 }),
    linearDecay(),
    exponentialDecay({ rate: 0.9, every: 5 }),
    stepDecay({ factor: 0.5, every: 2 }),
    piecewise({ boundaries: [3], factors: [1, 0] }),
  ];
  expect(new Set(['constant', ...specs.map(({ name }) => name)])).toEqual(
    new Set(Object.keys(SCHEDULE_KINDS)),
  );
  for (const spec of specs) {
    const read = JSON.parse(JSON.stringify(spec)) as ScheduleOption;
    expect(factors(read)).toEqual(factors(spec));
  }
});

test('every decay stays within [0, 1] and, after a warm-up, never rises', () => {
  const span = fc.oneof(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.integer({ min: 1, max: 60 }));
  const share = fc.double({ min: 0.01, max: 1, noNaN: true });
  const specs = fc.oneof(
    fc.record({ name: fc.constantFrom('cosine', 'linear'), warmUp: span, floor: share }),
    fc.record({ name: fc.constant('exponential'), rate: share, every: span, staircase: fc.boolean() }),
    fc.record({ name: fc.constant('step'), factor: share, every: span }),
  );
  fc.assert(
    fc.property(specs, fc.integer({ min: 1, max: 80 }), (spec, steps) => {
      const values = factors(spec as ScheduleOption, steps);
      const top = values.indexOf(Math.max(...values));
      for (const [step, value] of values.entries()) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        if (step > top) expect(value).toBeLessThanOrEqual(values[step - 1] * (1 + 1e-14));
      }
    }),
    { numRuns: 200 },
  );
});

test('wholePower: exact for powers of two and of three, within 1e-13 of 0.9^n', () => {
  expect([0, 1, 2, 3, 10].map((n) => wholePower(2, n))).toEqual([1, 2, 4, 8, 1024]);
  expect(wholePower(3, 33)).toBe(5559060566555523);
  for (let n = 0; n < 300; n++) expect(Math.abs(wholePower(0.9, n) / 0.9 ** n - 1)).toBeLessThan(1e-13);
});

test.each<[string, () => unknown, string]>([
  ['a misspelling', () => resolveSchedule('cosin'), "received 'cosin' (nearest: cosine)"],
  [
    'a name that wants parameters',
    () => resolveSchedule('exponential'),
    'exponentialDecay: expected rate above 0',
  ],
  ['step by name', () => resolveSchedule('step'), 'stepDecay: expected factor above 0'],
  ['piecewise by name', () => resolveSchedule('piecewise'), 'piecewise: boundaries: expected an array'],
  ['null', () => resolveSchedule(null as unknown as 'cosine'), 'received null'],
  [
    'an object',
    () => resolveSchedule({ rate: 1 } as unknown as 'cosine'),
    'schedule: expected a name (constant',
  ],
  [
    'a foreign option',
    () => resolveSchedule({ name: 'cosine', alpha: 0 } as ScheduleOption),
    "received 'alpha'",
  ],
  [
    'parameters of constant',
    () => resolveSchedule({ name: 'constant', floor: 1 } as ScheduleOption),
    "received 'floor'",
  ],
  [
    'a warm-up of one and a half steps',
    () => cosineDecay({ warmUp: 1.5 }),
    'warmUp >= 0: a share of all steps',
  ],
  ['a negative warm-up', () => linearDecay({ warmUp: -1 }), 'received -1'],
  ['a floor above 1', () => cosineDecay({ floor: 2 }), 'floor in [0, 1]; received 2'],
  ['a growing rate', () => exponentialDecay({ rate: 1.1, every: 5 }), 'rate above 0, at most 1'],
  ['every 0', () => stepDecay({ factor: 0.5, every: 0 }), 'every above 0'],
  ['text', () => stepDecay({ factor: '0.5' as unknown as number, every: 5 }), "received the text '0.5'"],
  [
    'staircase as a number',
    () => exponentialDecay({ rate: 0.5, every: 5, staircase: 1 as unknown as boolean }),
    'true or false',
  ],
  ['as many factors as boundaries', () => piecewise({ boundaries: [1], factors: [1] }), 'one more factor'],
  ['falling boundaries', () => piecewise({ boundaries: [5, 5], factors: [1, 1, 1] }), 'ascending'],
  [
    'shares and steps',
    () => piecewise({ boundaries: [0.5, 5], factors: [1, 1, 1] }),
    'all shares or all steps',
  ],
  ['a negative factor', () => piecewise({ boundaries: [], factors: [-1] }), 'factor >= 0'],
])('%s is E_ARGUMENT', (_, use, reason) => {
  expect(use).toThrow(DactylError);
  expect(use).toThrow(reason);
});

/** As they are typed in Keras, and the rates at some steps. */
interface KerasCase {
  schedule: {
    name: string;
    initialLearningRate: number;
    decaySteps: number;
    alpha?: number;
    warmupTarget?: number;
    warmupSteps?: number;
    decayRate: number;
    staircase: boolean;
    boundaries: number[];
    values: number[];
  };
  steps: number[];
  rates: number[];
}
const keras = Object.entries(
  JSON.parse(
    readFileSync(new URL('../../../test/fixtures/keras/schedules.json', import.meta.url), 'utf8'),
  ) as Record<string, KerasCase>,
).filter(([name, { schedule }]) => name.startsWith('schedule: ') && typeof schedule === 'object');

/** The same here: the rate that factors multiply, the schedule, and the steps of the run. Undefined for a warm-up that does not begin at 0. */
function ours({ schedule }: KerasCase): { rate: number; option: ScheduleOption; steps: number } | undefined {
  const {
    initialLearningRate: rate,
    decaySteps,
    alpha = 0,
    decayRate,
    staircase,
    boundaries,
    values,
  } = schedule;
  if (schedule.name === 'piecewiseConstantDecay')
    return { rate: 1, option: piecewise({ boundaries, factors: values }), steps: 101 };
  if (schedule.name === 'exponentialDecay')
    return { rate, option: exponentialDecay({ rate: decayRate, every: decaySteps, staircase }), steps: 101 };
  const warmUp = schedule.warmupTarget === undefined ? 0 : schedule.warmupSteps!;
  if (warmUp > 0 && rate !== 0) return undefined;
  return {
    rate: schedule.warmupTarget ?? rate,
    option: cosineDecay({ warmUp, floor: alpha }),
    steps: decaySteps + warmUp,
  };
}

test.each(keras.filter(([, given]) => ours(given)))("Keras' rates within 1e-9 of them: %s", (_, given) => {
  const { rate, option, steps } = ours(given)!;
  const values = factors(option, steps);
  given.steps.forEach((step, k) => {
    if (step >= steps) return;
    expect(Math.abs(rate * values[step] - given.rates[k])).toBeLessThanOrEqual(1e-9 * given.rates[k]);
  });
});

test("stepDecay is Keras' exponential decay with a staircase, to the bit", () => {
  expect(factors(stepDecay({ factor: 0.5, every: 10 }))).toEqual(
    factors(exponentialDecay({ rate: 0.5, every: 10, staircase: true })),
  );
});
