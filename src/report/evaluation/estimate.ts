import { mean } from '../../stats/describe.ts';
import { studentInterval } from '../../stats/student.ts';
import { wilson } from '../../stats/wilson.ts';
import type { Estimate } from '../../study/evaluation/evidence.ts';
import { NO_BREAK_SPACE, percent, points, signed } from '../../study/wording.ts';

/** A share of `images` with its 95 % interval: Student's over several networks, Wilson's over the images of a single one. */
export interface Share {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly over: 'seeds' | 'images';
}

export function shareOf(values: readonly number[], images: number): Share {
  if (values.length > 1) {
    const { low, high } = studentInterval(values);
    return { mean: mean(values), low: Math.max(0, low), high: Math.min(1, high), over: 'seeds' };
  }
  const [value] = values;
  return { mean: value, ...wilson(Math.round(value * images), images), over: 'images' };
}

/** '97.62 % (95 % interval 97.43 to 97.81 %)' */
export function shareText({ mean: value, low, high }: Omit<Share, 'over'>): string {
  return `${percent(value)} (95${NO_BREAK_SPACE}% interval ${(100 * low).toFixed(2)} to ${percent(high)})`;
}

/** '+0.33 points (95 % interval …)', of a difference of shares. */
export function changeText({ n, mean: value, low, high }: Estimate): string {
  if (low === null || high === null) {
    return `${points(value)} (${n === 1 ? 'one run, so no interval' : 'no interval'})`;
  }
  return `${points(value)} (95${NO_BREAK_SPACE}% interval ${signed(100 * low, 2)} to ${points(high)})`;
}

/** Which side of zero an estimate lies on for certain. */
export function signOf({ low, high }: Estimate): 'above' | 'below' | 'open' {
  if (low !== null && low > 0) return 'above';
  return high !== null && high < 0 ? 'below' : 'open';
}
