/** ln 2 in two parts; the high one has 32 significant bits, so that its product with a whole number up to 2²⁰ is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const MOST = 709.782712893384;
const LEAST = -745.2;

/** 2^k for k = −1074 … 1023, by exact doubling and halving. */
const POWERS = powersOfTwo();
/** 1/n! for n = 0 … 14. */
const INVERSE_FACTORIALS = inverseFactorials(14);

/**
 * eˣ in float64, of + − × ÷ alone and so the same on every machine: x = k ln 2 + r with k whole and |r| ≤ ½ ln 2, eˣ = 2^k
 * times Taylor's series of e^r. Relative error below 1e-15 where the result is a normal number; 0 and ∞ beyond float64.
 */
export function exponential(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > MOST) return Infinity;
  if (x < LEAST) return 0;
  const k = Math.round(x / Math.LN2);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let series = 0;
  for (let n = INVERSE_FACTORIALS.length - 1; n >= 0; n--) series = series * r + INVERSE_FACTORIALS[n];
  if (k > 1023) return series * POWERS[k - 1 + 1074] * 2;
  if (k < -1022) return series * POWERS[k + 60 + 1074] * POWERS[-60 + 1074];
  return series * POWERS[k + 1074];
}

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(1074 + 1024);
  powers[1074] = 1;
  for (let k = 1; k <= 1023; k++) powers[1074 + k] = 2 * powers[1074 + k - 1];
  for (let k = 1; k <= 1074; k++) powers[1074 - k] = powers[1074 - k + 1] / 2;
  return powers;
}

function inverseFactorials(last: number): Float64Array {
  const inverses = new Float64Array(last + 1);
  for (let n = 0, factorial = 1; n <= last; factorial *= ++n) inverses[n] = 1 / factorial;
  return inverses;
}
