import type { Context } from '../context.ts';

/** An option that is a number: its default, and what it has to be in words and as a predicate. */
export interface NumberOption {
  readonly value: number;
  readonly expected: string;
  valid(x: number): boolean;
}

export interface FlagOption {
  readonly value: boolean;
}

export type RuleOptions = Readonly<Record<string, NumberOption | FlagOption>>;

/** What a rule's options become: every one of them has a value. */
export type Values<O extends RuleOptions> = { readonly [K in keyof O]: O[K]['value'] };

/** A block of floats beside each parameter, packed as its weights are. */
export interface Slot {
  /** What it starts with; 0 where it is absent. */
  readonly initial?: number;
  /**
   * A step without gradient multiplies it by `factor`; once it is smaller than `below` it becomes zero, so that it is never subnormal, which
   * costs ten times the time. Absent: it does not shrink.
   */
  readonly fades?: { readonly factor: number; readonly below: number };
}

/** Addresses of a parameter's slots, in the rule's order; 0 where there is none. */
export interface Slots {
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

/** A parameter in the kernels' memory: weights, gradient and slots, `count` floats each. */
export interface Block extends Slots {
  readonly w: number;
  readonly g: number;
  readonly count: number;
}

/** What a rule has worked out once for all parameters of a step. */
export interface StepScale {
  readonly alpha: number;
  readonly epsilon: number;
}

/** An optimizer as the engines see it: all that is known of it stands in one file. */
export interface Rule<N extends string, O extends RuleOptions, S = Values<O>> {
  readonly name: N;
  /** The name of the function that makes its spec. */
  readonly builder: string;
  readonly options: O;
  slots(spec: S): readonly Slot[];
  /** Two numbers whose powers, to the number of the step, `scale` needs. */
  bases?(spec: S): readonly [number, number];
  scale?(spec: S, powers: readonly [number, number]): StepScale;
  step(context: Context, spec: S, block: Block, scale: StepScale): void;
}

/** Any of them; what its spec is, the name in it says. */
export type AnyRule = Rule<string, RuleOptions, object>;

/** Step `t` (from 1) of one weight, plainly and in float64: changes its slots and returns what is added to the weight. Decay and clipping come beside it. */
export type ReferenceStep<R extends { readonly options: RuleOptions }> = (
  spec: Values<R['options']>,
  g: number,
  slots: number[],
  t: number,
) => number;

/** Lets the types of `spec` follow from `options`. */
export function defineRule<N extends string, O extends RuleOptions>(rule: Rule<N, O>): Rule<N, O> {
  return rule;
}

export function option(value: number, expected: string, valid: (x: number) => boolean): NumberOption {
  return { value, expected, valid: (x) => valid(x) && x < Infinity };
}

export function positive(value: number): NumberOption {
  return option(value, '> 0', (x) => x > 0);
}

export function notNegative(value: number): NumberOption {
  return option(value, '>= 0', (x) => x >= 0);
}

/** A factor of decay. */
export function fraction(value: number): NumberOption {
  return option(value, 'in [0, 1)', (x) => x >= 0 && x < 1);
}

/** Below 1e-12, slots that are dropped as too small (`SMALLEST_SQUARE`) could move a weight. */
export function smallTerm(value: number): NumberOption {
  return option(value, '>= 1e-12', (x) => x >= 1e-12);
}

export function flag(value: boolean): FlagOption {
  return { value };
}

/**
 * Means of gradients below the first and of their squares below the second become zero: far above the subnormal numbers, also after another
 * factor 1e-3, and with epsilon >= 1e-12 far below what can change a float32 weight.
 */
export const SMALLEST_MEAN = 1e-28;
export const SMALLEST_SQUARE = 1e-34;
