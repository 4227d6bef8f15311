// e^x and e^x - 1 on four floats. x is clamped to [-87.3, 88.3]. With n the integer nearest to x / ln 2 and r = x - n ln 2
// (ln 2 in two parts, so that n times the first is exact): e^x = 2^n (1 + r + r r P(r)). Coefficients: scripts/fit-kernels.py.
// Relative error below 1e-7 against float64.

import { mulAdd } from "../layout";

// @ts-ignore: decorator
@inline const LOG2_E: f32 = 1.44269502;
// @ts-ignore: decorator
@inline const LN2_HIGH: f32 = 0.693359375;
// @ts-ignore: decorator
@inline const LN2_LOW: f32 = -0.000212194442;

// pmin and pmax return their first operand for a NaN in it: NaN stays NaN.
// @ts-ignore: decorator
@inline function clamped(x: v128): v128 { return f32x4.pmax(f32x4.pmin(x, f32x4.splat(88.3)), f32x4.splat(-87.3)); }
// @ts-ignore: decorator
@inline function exponent(x: v128): v128 { return f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2_E))); }
// @ts-ignore: decorator
@inline function powerOfTwo(n: v128): v128 { return i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23); }

/** e^r - 1 for |r| <= ln 2 / 2. */
// @ts-ignore: decorator
@inline function core(x: v128, n: v128): v128 {
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = mulAdd(f32x4.splat(0.00836883578), r, f32x4.splat(0.00138229155));
  p = mulAdd(f32x4.splat(0.0416682437), p, r);
  p = mulAdd(f32x4.splat(0.166665196), p, r);
  p = mulAdd(f32x4.splat(0.49999994), p, r);
  return mulAdd(r, p, f32x4.mul(r, r));
}

// @ts-ignore: decorator
@inline export function exp(x: v128): v128 {
  const c = clamped(x), n = exponent(c);
  return f32x4.mul(f32x4.add(core(c, n), f32x4.splat(1)), powerOfTwo(n));
}

/** For x <= 0; relative error below 1e-7, also near 0. */
// @ts-ignore: decorator
@inline export function expm1(x: v128): v128 {
  const c = clamped(x), n = exponent(c), power = powerOfTwo(n);
  return mulAdd(f32x4.sub(power, f32x4.splat(1)), core(c, n), power);
}
