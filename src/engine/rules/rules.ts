import { memberOf } from '../../util/members.ts';
import { RULES } from './members.ts';
import { type AnyRule, notNegative, positive, type Values } from './rule.ts';

export { RULES };

/** Options that any optimizer may be given; absent from its spec where they are not. */
export const COMMON_OPTIONS = {
  /** Before each step w −= w · weightDecay · learningRate, of every parameter, as Keras. */
  weightDecay: notNegative(0),
  /** Largest L2 norm of each parameter's gradient, of all gradients together, and largest magnitude of a gradient: one of the three at most. */
  clipnorm: positive(1),
  globalClipnorm: positive(1),
  clipvalue: positive(1),
} as const;

export const CLIPPINGS = ['clipnorm', 'globalClipnorm', 'clipvalue'] as const;

export type OptimizerName = keyof typeof RULES;
type Common = Partial<Values<typeof COMMON_OPTIONS>>;
type Options<N extends OptimizerName> = Values<(typeof RULES)[N]['options']>;

/** One optimizer with all of its options. */
export type SpecOf<N extends OptimizerName> = N extends OptimizerName
  ? { readonly name: N } & Options<N> & Omit<Common, keyof Options<N>>
  : never;
export type OptimizerSpec = SpecOf<OptimizerName>;
/** What its builder is given. */
export type OptionsOf<N extends OptimizerName> = Partial<Omit<SpecOf<N>, 'name'>>;

/** E_BUNDLE where it is not in the bundle. */
export function ruleOf({ name }: { readonly name: OptimizerName }): AnyRule {
  return memberOf<AnyRule>('optimizer', RULES, name);
}
