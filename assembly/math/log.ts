// Natural logarithms on four floats. Coefficients: scripts/fit-kernels.py.

import { mulAdd } from "../layout";

/**
 * log x for normal positive x; smaller x count as 1.17549435e-38. x = 2^e (1 + f) with 1 + f in [sqrt 1/2, sqrt 2):
 * log x = e ln 2 + f - f f / 2 + f^3 P(f), ln 2 in two parts. Relative error below 1e-7 against float64.
 */
// @ts-ignore: decorator
@inline export function log(x: v128): v128 {
  const bits = f32x4.pmax(x, f32x4.splat(1.17549435e-38));
  const exponent = i32x4.shr_s(i32x4.sub(bits, i32x4.splat(0x3f3504f3)), 23);
  const f = f32x4.sub(i32x4.sub(bits, i32x4.shl(exponent, 23)), f32x4.splat(1));
  const e = f32x4.convert_i32x4_s(exponent), z = f32x4.mul(f, f);
  let p = mulAdd(f32x4.splat(0.127626061), f, f32x4.splat(-0.0763494968));
  p = mulAdd(f32x4.splat(-0.131603733), p, f);
  p = mulAdd(f32x4.splat(0.142015502), p, f);
  p = mulAdd(f32x4.splat(-0.166233197), p, f);
  p = mulAdd(f32x4.splat(0.200012416), p, f);
  p = mulAdd(f32x4.splat(-0.250008225), p, f);
  p = mulAdd(f32x4.splat(0.333333313), p, f);
  let y = f32x4.mul(f32x4.mul(p, f), z);
  y = mulAdd(y, e, f32x4.splat(-0.000212194442));
  y = f32x4.sub(y, f32x4.mul(f32x4.splat(0.5), z));
  return mulAdd(f32x4.add(f, y), e, f32x4.splat(0.693359375));
}

/** log(1 + u) for u in [0, 1] = 2 artanh(s), s = u / (2 + u). Relative error below 1.2e-7 against float64. */
// @ts-ignore: decorator
@inline export function log1p(u: v128): v128 {
  const s = f32x4.div(u, f32x4.add(f32x4.splat(2), u)), z = f32x4.mul(s, s);
  let p = mulAdd(f32x4.splat(0.280030966), z, f32x4.splat(0.280063719));
  p = mulAdd(f32x4.splat(0.400214344), p, z);
  p = mulAdd(f32x4.splat(0.666664183), p, z);
  return f32x4.sub(u, f32x4.mul(s, f32x4.sub(u, f32x4.mul(p, z))));
}
