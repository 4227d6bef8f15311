import { mean } from '../../stats/describe.ts';
import { haveSpread } from '../../stats/moments.ts';
import { studentInterval } from '../../stats/student.ts';

/** A mean over networks with Student's 95 % interval over them; no interval for a single one, one of no width where all are alike. */
export interface Estimate {
  readonly n: number;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

export function estimateOf(values: readonly number[]): Estimate {
  const n = values.length;
  if (n < 2) return { n, mean: mean(values), low: null, high: null };
  if (!haveSpread(values)) return { n, mean: values[0], low: values[0], high: values[0] };
  const interval = studentInterval(values);
  return { n, mean: interval.mean, low: interval.low, high: interval.high };
}

/** Items by the name of their arm, arms in order of appearance. */
export function byArm<T extends { readonly arm: string }>(items: readonly T[]): T[][] {
  const arms = new Map<string, T[]>();
  for (const item of items) {
    const own = arms.get(item.arm);
    if (own === undefined) arms.set(item.arm, [item]);
    else own.push(item);
  }
  return [...arms.values()];
}
