import { describe } from '../../util/describe.ts';
import { DactylError } from '../../util/errors.ts';
import { isNumber } from '../../util/options.ts';

/** Where training stands before a step. */
export interface ScheduleMoment {
  /** Steps done since the start of `fit`, over all epochs. */
  readonly step: number;
  /** Steps that `fit` will do. */
  readonly steps: number;
  /** From 0. */
  readonly epoch: number;
}

/** The factor on the learning rate, >= 0, at `progress` = step / steps, from 0 to below 1. */
export type ScheduleFunction = (progress: number, moment: ScheduleMoment) => number;

/** One of the family: its plain data, checked and with every default said, and the function that they mean. */
export interface ScheduleKind<S extends { readonly name: string }> {
  readonly build: (options: Omit<S, 'name'>) => S;
  readonly factor: (spec: S) => ScheduleFunction;
}

/**
 * A length of training: below 1 a share of all steps, from 1 on a whole number of steps. In a run of 10 epochs, 0.1 is one epoch.
 */
export type Span = number;

export function checkSpan(what: string, name: string, span: unknown, least: 'positive' | 'from 0'): void {
  const fits = isNumber(
    span,
    (x) => (least === 'positive' ? x > 0 : x >= 0) && (x < 1 || Number.isSafeInteger(x)),
  );
  if (fits) return;
  throw badOption(
    what,
    `${name} ${least === 'positive' ? 'above' : '>='} 0: a share of all steps below 1, or a whole number of steps`,
    span,
  );
}

export function checkFactor(
  what: string,
  name: string,
  expected: string,
  value: unknown,
  valid: (x: number) => boolean,
): void {
  if (!isNumber(value, (x) => valid(x) && Number.isFinite(x)))
    throw badOption(what, `${name} ${expected}`, value);
}

/** `span` in steps. */
export function stepsOf(span: Span, steps: number): number {
  return span < 1 ? span * steps : span;
}

function badOption(what: string, expected: string, value: unknown): DactylError {
  const received = typeof value === 'number' ? String(value) : describe(value);
  return new DactylError('E_ARGUMENT', `${what}: expected ${expected}; received ${received}.`);
}
