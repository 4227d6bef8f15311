/**
 * cos x in float64 for |x| ≤ 4, of + − × ÷ alone and so the same on every machine: Taylor's series. Absolute error below
 * 1e-14.
 */
export function cosine(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k <= 37; k += 2) {
    term *= (-x * x) / (k * (k + 1));
    sum += term;
  }
  return sum;
}
