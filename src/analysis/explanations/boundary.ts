/**
 * The smallest change δ (least Σ δ²) of `from`, values kept within 0 to 1, after which a linear score has fallen by `fall`:
 * Σᵢ gᵢ δᵢ ≤ −fall. It is δᵢ = −λ gᵢ cut to the range; the fall grows with λ in straight pieces, ever less steep, so Newton's steps
 * from 0 reach the λ from below and end. Where no change within the range suffices, the strongest one is given. Writes from + δ to `to`.
 */
export function crossLinear(
  from: ArrayLike<number>,
  gradient: ArrayLike<number>,
  fall: number,
  to: { [index: number]: number },
): void {
  const n = from.length;
  let lambda = 0;
  for (let step = 0; step < n; step++) {
    let fallen = 0;
    let slope = 0;
    for (let i = 0; i < n; i++) {
      const g = gradient[i];
      if (g === 0) continue;
      const value = from[i] - lambda * g;
      const kept = clip(value);
      fallen += g * (from[i] - kept);
      if (g > 0 ? value > 0 : value < 1) slope += g * g;
    }
    const missing = fall - fallen;
    if (!(missing > 1e-9 * Math.abs(fall)) || slope === 0) break;
    lambda += missing / slope;
  }
  for (let i = 0; i < n; i++) to[i] = clip(from[i] - lambda * gradient[i]);
}

function clip(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
