import type { OptimizerSpec } from '../rules/rules.ts';

/** Clipped copies of the gradients, one array a parameter; at most one of the three clippings is given. */
export function clipReference(
  { clipnorm, globalClipnorm, clipvalue }: OptimizerSpec,
  gradients: readonly Float64Array[],
): Float64Array[] {
  const squares = gradients.map((gradient) => gradient.reduce((sum, g) => sum + g * g, 0));
  const all = Math.sqrt(squares.reduce((a, b) => a + b, 0));
  return gradients.map((gradient, k) => {
    if (clipvalue !== undefined) return gradient.map((g) => Math.min(clipvalue, Math.max(-clipvalue, g)));
    const most = clipnorm ?? globalClipnorm ?? Infinity;
    const norm = clipnorm === undefined ? all : Math.sqrt(squares[k]);
    return norm > most ? gradient.map((g) => (g * most) / norm) : gradient.slice();
  });
}
