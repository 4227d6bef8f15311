import {
  CLIPPINGS,
  COMMON_OPTIONS,
  type OptimizerName,
  type OptimizerSpec,
  type OptionsOf,
  ruleOf,
  RULES,
  type SpecOf,
} from '../engine/rules/rules.ts';
import { adagrad } from '../engine/rules/adagrad.ts';
import { adam } from '../engine/rules/adam.ts';
import { adamW } from '../engine/rules/adamW.ts';
import { lion } from '../engine/rules/lion.ts';
import { rmsprop } from '../engine/rules/rmsprop.ts';
import type { AnyRule } from '../engine/rules/rule.ts';
import { sgd } from '../engine/rules/sgd.ts';
import { DactylError } from '../util/errors.ts';
import { join } from '../util/members.ts';
import { checkOptions } from '../util/options.ts';
import { resolveName } from './names.ts';
import { checkOption } from './optionTable.ts';

/*
 * Keras' optimizers with Keras' defaults; `src/engine/rules/` has the formulas. Each also takes `weightDecay` (before a step
 * w −= w · weightDecay · learningRate) and at most one of `clipnorm` (largest norm of each parameter's gradient), `globalClipnorm` (of all
 * together) and `clipvalue`. Options out of their range are E_ARGUMENT.
 */

/** Adam (Kingma & Ba 2015). */
export function Adam(options: OptionsOf<'adam'> = {}): SpecOf<'adam'> {
  return specOf<'adam'>(adam, options);
}

/** Stochastic gradient descent, with momentum and Nesterov's form of it. */
export function SGD(options: OptionsOf<'sgd'> = {}): SpecOf<'sgd'> {
  return specOf<'sgd'>(sgd, options);
}

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019). */
export function AdamW(options: OptionsOf<'adamW'> = {}): SpecOf<'adamW'> {
  return specOf<'adamW'>(adamW, options);
}

/** RMSprop (Tieleman & Hinton 2012), with momentum and, centred, the variance of the gradients for their mean square (Graves 2013). */
export function RMSprop(options: OptionsOf<'rmsprop'> = {}): SpecOf<'rmsprop'> {
  return specOf<'rmsprop'>(rmsprop, options);
}

/** Adagrad (Duchi, Hazan & Singer 2011). */
export function Adagrad(options: OptionsOf<'adagrad'> = {}): SpecOf<'adagrad'> {
  return specOf<'adagrad'>(adagrad, options);
}

/** Lion (Chen et al. 2023). */
export function Lion(options: OptionsOf<'lion'> = {}): SpecOf<'lion'> {
  return specOf<'lion'>(lion, options);
}

/** A name (with the defaults) or what `Adam()`, `SGD()`, … returned. */
export function resolveOptimizer(optimizer: string | OptimizerSpec): OptimizerSpec {
  const isSpec = typeof optimizer === 'object' && optimizer !== (null as unknown) && 'name' in optimizer;
  const name = resolveName('optimizer', RULES, isSpec ? optimizer.name : optimizer);
  return specOf(ruleOf({ name }), isSpec ? optimizer : {});
}

export function checkRate(what: string, learningRate: number): void {
  checkOption(what, 'learningRate', adam.options.learningRate, learningRate);
}

function specOf<N extends OptimizerName>(rule: AnyRule, given: object): SpecOf<N> {
  const { name, builder, options } = rule;
  join('optimizer', name, rule);
  const all = { ...COMMON_OPTIONS, ...options };
  checkOptions(builder, ['name', ...Object.keys({ ...options, ...COMMON_OPTIONS })], given);
  const defaults = Object.entries(options).map(([key, { value }]) => [key, value]);
  const own = Object.fromEntries(defaults) as object;
  const spec: Record<string, unknown> = { name, ...own, ...given };
  spec.name = name;
  for (const [key, option] of Object.entries(all)) {
    if (key in spec) checkOption(builder, key, option, spec[key]);
  }
  const clippings = CLIPPINGS.filter((key) => key in spec);
  if (clippings.length > 1) {
    throw new DactylError(
      'E_ARGUMENT',
      `${builder}: expected at most one of ${CLIPPINGS.join(', ')}; received ${clippings.join(' and ')}.`,
    );
  }
  return spec as unknown as SpecOf<N>;
}
