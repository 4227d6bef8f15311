import { quantile } from '../../stats/describe.ts';

/** The part of an axis to be drawn: from the best to where the middle half and one and a half times its length end on the worse side, with a margin. */
export function windowOf(values: readonly number[], sign: 1 | -1): [low: number, high: number] {
  if (values.length === 0) return [0, 1];
  const worths = values.map((value) => sign * value);
  const [quarter, threeQuarters] = [quantile(worths, 0.25), quantile(worths, 0.75)];
  const high = Math.max(...worths);
  const low = Math.max(Math.min(...worths), quarter - 1.5 * (threeQuarters - quarter));
  const pad = 0.06 * (high - low) || 0.01;
  const ends: [number, number] = [sign * (low - pad), sign * (high + pad)];
  return sign === 1 ? ends : [ends[1], ends[0]];
}
