import { type Estimate, estimateOf } from '../../../analysis/privacy/estimate.ts';
import { differing } from '../../../stats/differing.ts';
import type { Estimate as Counted } from '../../../study/evaluation/evidence.ts';
import { activationName, fixed, NO_BREAK_SPACE, percent } from '../../../study/wording.ts';
import { ALIKE, fewText, signOf } from '../estimate.ts';

/** A value with its interval where there is one. */
export interface Ranged {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

export function rangedOf({ mean, low, high }: Estimate): Ranged {
  return { value: mean, low, high };
}

/** Where a value lies for certain; 'open' where its interval holds `level`, has no width, or where there is none. */
export function sideOf({ low, high }: Ranged, level: number): 'above' | 'below' | 'open' {
  if (low === high) return 'open';
  if (low !== null && low > level) return 'above';
  return high !== null && high < level ? 'below' : 'open';
}

/** '53.1 of 100 (95 % interval 52.4 to 53.8)': an area under the curve as cases. */
export function casesText({ value, low, high }: Ranged): string {
  return `${fixed(100 * value, 1)} of 100${intervalText(low, high, (x) => fixed(100 * x, 1))}`;
}

/** '0.35 % (95 % interval 0.25 to 0.47 %)'. */
export function rateText({ value, low, high }: Ranged): string {
  const bare = (x: number): string => fixed(100 * Math.min(1, Math.max(0, x)), 2);
  return `${percent(value)}${intervalText(low, high, bare, `${NO_BREAK_SPACE}%`)}`;
}

function intervalText(
  low: number | null,
  high: number | null,
  write: (x: number) => string,
  unit = '',
): string {
  if (low === null || high === null) return '';
  if (low === high) return ALIKE;
  return ` (95${NO_BREAK_SPACE}% interval ${write(low)} to ${write(high)}${unit})`;
}

/** What an area above ½ says of the network, as the end of a sentence about it. */
export function strengthOf(area: number): string {
  if (area < 0.52) return 'hardly gives away what it was trained on';
  if (area < 0.6) return 'gives away a little of what it was trained on';
  return area < 0.75
    ? 'clearly gives away what it was trained on'
    : 'gives away most of what it was trained on';
}

/** The arms of ReLU and Tanh that are compared: those named after them, or else the only ones. */
export function paperPair<T extends { readonly arm: string; readonly activation: string }>(
  arms: readonly T[],
): readonly [relu: T, tanh: T] | null {
  const find = (activation: string): T | undefined => {
    const own = arms.filter((arm) => arm.activation === activation);
    return own.find(({ arm }) => arm === activation) ?? (own.length === 1 ? own[0] : undefined);
  };
  const [relu, tanh] = [find('relu'), find('tanh')];
  return relu === undefined || tanh === undefined ? null : [relu, tanh];
}

/** `estimateOf`, with how many of the differences are not zero. */
export function countedEstimate(differences: readonly number[]): Counted {
  return { ...estimateOf(differences), differ: differing(differences) };
}

/** Which of two activations a paired difference, ReLU minus Tanh, speaks for. */
export function comparisonText(
  difference: Counted,
  { what, write }: { what: string; write: (value: number) => string },
): string {
  const [relu, tanh] = [activationName('relu'), activationName('tanh')];
  if (difference.low === null || difference.high === null) {
    return `${what} differs by ${write(difference.mean)} (${relu} minus ${tanh}) with one seed, from which nothing follows.`;
  }
  const numbers = `${relu} minus ${tanh} ${write(difference.mean)}, 95${NO_BREAK_SPACE}% interval ${write(difference.low)} to ${write(difference.high)}, ${difference.n} paired seeds${fewText(difference)}`;
  const side = signOf(difference);
  if (side === 'open' || side === 'few')
    return `No difference of ${relu} and ${tanh} could be shown in ${what} (${numbers}).`;
  const [larger, smaller] = side === 'above' ? [relu, tanh] : [tanh, relu];
  return `${what[0].toUpperCase()}${what.slice(1)} is larger with ${larger} than with ${smaller} (${numbers}).`;
}
