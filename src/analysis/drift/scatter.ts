/** Sums over rows of d features: how many, Σx and Σxxᵀ (lower triangle, row after row of length d). */
export interface Scatter {
  readonly count: number;
  readonly sums: Float64Array;
  readonly products: Float64Array;
}

/** Of every `step`th of the rows [n, d], from `first` on. */
export function scatterOf(rows: Float64Array, d: number, first: number, step: number): Scatter {
  const sums = new Float64Array(d);
  const products = new Float64Array(d * d);
  let count = 0;
  for (let from = first * d; from < rows.length; from += step * d) {
    count++;
    for (let j = 0; j < d; j++) {
      const x = rows[from + j];
      sums[j] += x;
      for (let k = 0; k <= j; k++) products[j * d + k] += x * rows[from + k];
    }
  }
  return { count, sums, products };
}

/** Of all folds but one, for each of them. */
export function withoutEach(folds: readonly Scatter[]): Scatter[] {
  return folds.map((_, fold) => summed(folds.filter((_, f) => f !== fold)));
}

function summed(parts: readonly Scatter[]): Scatter {
  const sums = new Float64Array(parts[0].sums.length);
  const products = new Float64Array(parts[0].products.length);
  let count = 0;
  for (const part of parts) {
    count += part.count;
    for (let i = 0; i < sums.length; i++) sums[i] += part.sums[i];
    for (let i = 0; i < products.length; i++) products[i] += part.products[i];
  }
  return { count, sums, products };
}

/**
 * The direction in which two samples differ most for their spread: b = (½(C₀ + C₁) + λI)⁻¹ (m₁ − m₀), m the means and C the covariances (of n) of either; Fisher's linear discriminant with a
 * ridge λ > 0 (Friedman 1989), by Cholesky's decomposition.
 */
export function discriminant(zero: Scatter, one: Scatter, ridge: number): Float64Array {
  const d = zero.sums.length;
  const matrix = new Float64Array(d * d);
  const right = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    const [zeroMean, oneMean] = [zero.sums[j] / zero.count, one.sums[j] / one.count];
    right[j] = oneMean - zeroMean;
    for (let k = 0; k <= j; k++) {
      const at = j * d + k;
      const zeroCovariance = zero.products[at] / zero.count - (zeroMean * zero.sums[k]) / zero.count;
      const oneCovariance = one.products[at] / one.count - (oneMean * one.sums[k]) / one.count;
      matrix[at] = (zeroCovariance + oneCovariance) / 2 + (j === k ? ridge : 0);
    }
  }
  return solve(matrix, right);
}

/** x of Ax = b, A [d, d] positive definite, its lower triangle given; both are overwritten. */
function solve(a: Float64Array, b: Float64Array): Float64Array {
  const d = b.length;
  for (let j = 0; j < d; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = a[j * d + k];
      for (let i = 0; i < k; i++) sum -= a[j * d + i] * a[k * d + i];
      a[j * d + k] = j === k ? Math.sqrt(sum) : sum / a[k * d + k];
    }
  }
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < j; k++) b[j] -= a[j * d + k] * b[k];
    b[j] /= a[j * d + j];
  }
  for (let j = d - 1; j >= 0; j--) {
    for (let k = j + 1; k < d; k++) b[j] -= a[k * d + j] * b[k];
    b[j] /= a[j * d + j];
  }
  return b;
}
