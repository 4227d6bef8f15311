// erf x = x P(x x) / Q(x x) on four floats, x clamped to where the quotient reaches 1 - 3e-7, and 1 beyond 3.9: gelu multiplies
// what is missing by x. Coefficients: scripts/fit-kernels.py. Relative error below 5e-7 against float64; odd to the bit; never above 1.

import { mulAdd } from "../layout";

// @ts-ignore: decorator
@inline export function erf(x: v128): v128 {
  const c = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-3.61824942)), f32x4.splat(3.61824942)), z = f32x4.mul(c, c);
  let p = mulAdd(f32x4.splat(0.000276686216), z, f32x4.splat(2.1853059e-06));
  p = mulAdd(f32x4.splat(0.00325360079), p, z);
  p = mulAdd(f32x4.splat(0.0511613451), p, z);
  p = mulAdd(f32x4.splat(0.178021193), p, z);
  p = mulAdd(f32x4.splat(1.12837923), p, z);
  let q = mulAdd(f32x4.splat(0.00104498514), z, f32x4.splat(3.90718269e-05));
  q = mulAdd(f32x4.splat(0.0139344428), q, z);
  q = mulAdd(f32x4.splat(0.109036982), q, z);
  q = mulAdd(f32x4.splat(0.491101652), q, z);
  q = mulAdd(f32x4.splat(1), q, z);
  const sign = v128.and(x, f32x4.splat(-0.0)), one = v128.or(sign, f32x4.splat(1));
  return v128.bitselect(one, f32x4.div(f32x4.mul(c, p), q), f32x4.gt(f32x4.abs(x), f32x4.splat(3.9)));
}
