import { adam } from '../engine/rules/adam.ts';
import type { AnyRule } from '../engine/rules/rule.ts';
import {
  CLIPPINGS,
  COMMON_OPTIONS,
  type OptimizerName,
  type OptimizerSpec,
  ruleOf,
  RULES,
  type SpecOf,
} from '../engine/rules/rules.ts';
import { DactylError } from '../util/errors.ts';
import { join } from '../util/members.ts';
import { checkOptions } from '../util/options.ts';
import { resolveName } from './names.ts';
import { checkOption } from './optionTable.ts';

/** A name (with the defaults) or what `Adam()`, `SGD()`, … returned. */
export function resolveOptimizer(optimizer: string | OptimizerSpec): OptimizerSpec {
  const isSpec = typeof optimizer === 'object' && optimizer !== (null as unknown) && 'name' in optimizer;
  const name = resolveName('optimizer', RULES, isSpec ? optimizer.name : optimizer);
  return specOf(ruleOf({ name }), isSpec ? optimizer : {});
}

export function checkRate(what: string, learningRate: number): void {
  checkOption(what, 'learningRate', adam.options.learningRate, learningRate);
}

/** What a rule's builder makes of the options it is given, checked. */
export function specOf<N extends OptimizerName>(rule: AnyRule, given: object): SpecOf<N> {
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
