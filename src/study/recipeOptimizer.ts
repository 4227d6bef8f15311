import type { OptimizerSpec } from '../engine/engine.ts';
import type { AnyRule } from '../engine/rules/rule.ts';
import { COMMON_OPTIONS, CLIPPINGS, RULES } from '../engine/rules/rules.ts';
import '../nn/all.ts';
import { resolveOptimizer } from '../nn/optimizer.ts';
import { DactylError } from '../util/errors.ts';
import { OPTIMIZER_FIELDS, type OptimizerField, type Recipe } from './recipe.ts';

type Training = Pick<Recipe, 'optimizer' | 'learningRate' | 'momentum' | OptimizerField>;

/** The recipe's optimizer. E_ARGUMENT for an option that it does not have, or a value out of its range. */
export function optimizerOf(recipe: Training): OptimizerSpec {
  const { optimizer: name, learningRate, momentum } = recipe;
  const own = OPTIMIZER_FIELDS.flatMap((key) => (recipe[key] === undefined ? [] : [[key, recipe[key]]]));
  return resolveOptimizer({
    name,
    learningRate,
    ...(hasMomentum(name) && { momentum }),
    ...Object.fromEntries(own),
  } as OptimizerSpec);
}

/** The recipe without options that have their default. E_ARGUMENT as `optimizerOf`, and for a momentum that its optimizer does not have. */
export function checkedOptimizer<R extends Training>(recipe: R): R {
  const { optimizer: name, momentum } = recipe;
  if (momentum > 0 && !hasMomentum(name)) {
    const those = (Object.keys(RULES) as Recipe['optimizer'][]).filter(hasMomentum);
    throw new DactylError(
      'E_ARGUMENT',
      `expected momentum with the optimizer ${those.join(' or ')} only; received ${momentum} with ${name}. Leave it out, or take one of these.`,
    );
  }
  optimizerOf(recipe);
  const { options }: AnyRule = RULES[name];
  const all: AnyRule['options'] = { ...COMMON_OPTIONS, ...options };
  const needless = OPTIMIZER_FIELDS.filter(
    (key) => !(CLIPPINGS as readonly string[]).includes(key) && recipe[key] === all[key]?.value,
  );
  const checked = { ...recipe };
  for (const key of needless) delete checked[key];
  return checked;
}

function hasMomentum(name: Recipe['optimizer']): boolean {
  return 'momentum' in RULES[name].options;
}
