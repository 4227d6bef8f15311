/** From here on the five terms of `stirlingTail` are exact to a double. */
const STIRLING_FROM = 15;
const HALF_LOG_2_PI = 0.9189385332046727;

/**
 * ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b) for a, b > 0. Where an argument is large, the large terms are
 * cancelled on paper (DiDonato & Morris 1992, ACM TOMS 18:360), so that the error does not grow with them.
 */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < STIRLING_FROM) return logGamma(small) + logGamma(large) - logGamma(small + large);
  const ratio = small / large;
  const tails = stirlingTail(large) - stirlingTail(small + large);
  if (small < STIRLING_FROM) {
    return (
      logGamma(small) + tails + small - (small + large - 0.5) * Math.log1p(ratio) - small * Math.log(large)
    );
  }
  return (
    HALF_LOG_2_PI -
    0.5 * Math.log(small) +
    small * (Math.log(ratio) - Math.log1p(ratio)) -
    (large - 0.5) * Math.log1p(ratio) +
    stirlingTail(small) +
    tails
  );
}

/** ln Γ(x) for x > 0: Stirling's series at x + n ≥ 15, brought back by Γ(x + n) = Γ(x)·x·(x + 1)⋯(x + n − 1). */
export function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  for (; shifted < STIRLING_FROM; shifted++) product *= shifted;
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_2_PI + stirlingTail(shifted) - Math.log(product)
  );
}

/** ln Γ(x) − ((x − ½)·ln x − x + ½·ln 2π) = 1/12x − 1/360x³ + 1/1260x⁵ − 1/1680x⁷ + 1/1188x⁹ − …, x ≥ 15. */
function stirlingTail(x: number): number {
  const r = 1 / (x * x);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / x;
}
