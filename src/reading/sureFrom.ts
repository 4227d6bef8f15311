import { isNumber, requireType } from '../util/options.ts';

const DIGITS = 10;

/** Least probability of an answer that is sure: one for all digits, or of each, 0 to 9. */
export type SureFrom = number | readonly number[];

/** Of a reader whose file says nothing else. */
export const USUAL_SURE_FROM = 0.99;

/** Of another classifier, whose answers are sure above it: no other class is as probable then. */
export const SURE_OF_CLASSES = 0.5;

/** The one that holds where `digit` is read. */
export function leastOf(sureFrom: SureFrom, digit: number): number {
  return typeof sureFrom === 'number' ? sureFrom : sureFrom[digit];
}

export function checkSureFrom(what: string, sureFrom: unknown): void {
  const isShare = (value: unknown): boolean => isNumber(value, (x) => x >= 0 && x <= 1);
  // A gap in a list is no share: every() would pass over it.
  const fits = Array.isArray(sureFrom)
    ? sureFrom.length === DIGITS && Array.from(sureFrom).every(isShare)
    : isShare(sureFrom);
  requireType(what, 'sureFrom: a number from 0 to 1, or ten of them, by digit', fits, sureFrom);
}
