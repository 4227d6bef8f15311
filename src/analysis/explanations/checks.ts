import { isFloat32, isNumber, requireType } from '../../util/options.ts';

/** Values of what is repeated, of all repeats together, for which there is memory. */
const MOST_VALUES = 2 ** 28;

/** Throws E_ARGUMENT unless it is a number of repeats of so many values. */
export function requireRepeats(what: string, repeats: unknown, values: number): void {
  const most = Math.floor(MOST_VALUES / values);
  const fits = isNumber(repeats, (x) => Number.isInteger(x) && x >= 1 && x <= most);
  requireType(what, `a whole number from 1 to ${most}`, fits, repeats);
}

/** Throws E_ARGUMENT unless all are finite in float32. */
export function requireFiniteValues(what: string, values: ArrayLike<number>): void {
  const wrong = Array.prototype.findIndex.call(values, (x: number) => !isFloat32(x));
  requireType(what, 'finite numbers', wrong < 0, values[wrong]);
}
