// tanh x = x P(x x) / Q(x x) on four floats, x clamped to where the quotient reaches 1 - 2^-23. Coefficients:
// scripts/fit-kernels.py. Relative error below 4e-7 against float64; odd to the bit; never above 1.

import { mulAdd } from "../layout";

// @ts-ignore: decorator
@inline export function tanh(x: v128): v128 {
  const c = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-8.13949299)), f32x4.splat(8.13949299)), z = f32x4.mul(c, c);
  let p = mulAdd(f32x4.splat(2.0640995e-05), z, f32x4.splat(1.3391114e-08));
  p = mulAdd(f32x4.splat(0.00349777634), p, z);
  p = mulAdd(f32x4.splat(0.133829549), p, z);
  p = mulAdd(f32x4.splat(1), p, z);
  let q = mulAdd(f32x4.splat(0.000328903669), z, f32x4.splat(7.79312643e-07));
  q = mulAdd(f32x4.splat(0.0258855727), q, z);
  q = mulAdd(f32x4.splat(0.467162758), q, z);
  q = mulAdd(f32x4.splat(1), q, z);
  return f32x4.div(f32x4.mul(c, p), q);
}
