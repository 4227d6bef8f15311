import type { FlagOption, NumberOption } from '../engine/rules/rule.ts';
import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { isNumber, requireType } from '../util/options.ts';

/** Throws E_ARGUMENT for a value that the option's line in its table does not allow. */
export function checkOption(
  what: string,
  name: string,
  option: NumberOption | FlagOption,
  value: unknown,
): void {
  if (!('valid' in option)) {
    requireType(what, `${name}: true or false`, typeof value === 'boolean', value);
    return;
  }
  if (isNumber(value, (x) => option.valid(x))) return;
  const received = typeof value === 'number' ? String(value) : describe(value);
  throw new DactylError('E_ARGUMENT', `${what}: expected ${name} ${option.expected}; received ${received}.`);
}
