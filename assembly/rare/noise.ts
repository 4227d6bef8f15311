// The noise of training with differential privacy.

import { at, mulAdd } from "../layout";
import { log } from "../math/log";

// @ts-ignore: decorator
@inline function rotateLeft(x: v128, bits: i32): v128 { return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits)); }

// @ts-ignore: decorator
@inline function pick(mask: v128, a: v128, b: v128): v128 { return v128.bitselect(a, b, mask); }

/**
 * g = g + sd x, x independent and standard normal, on `count` floats (a multiple of 8), by the method of Box & Muller 1958 on two draws of four
 * generators xoshiro128** side by side, one a lane; state: u32[4 words][4 lanes]. With the draws a and b of a lane: the radius is
 * sqrt(-2 log((a + 1/2) / 2^32)), at most 6.77; b's two upper bits are the quarter of the circle, the others the place in it. Sine and cosine on
 * +-pi/4 by polynomials (Cephes' sinf, cosf), absolute error below 1e-7.
 */
export function addNoise(g: usize, count: usize, sd: f32, state: usize): void {
  let s0 = at(state), s1 = v128.load(state, 16), s2 = v128.load(state, 32), s3 = v128.load(state, 48);
  const deviation = f32x4.splat(sd), one = f32x4.splat(1), minus = f32x4.splat(-0.0), odd = i32x4.splat(0x40000000);
  for (let end = g + (count << 2); g < end; g += 32) {
    let draw = i32x4.mul(rotateLeft(i32x4.mul(s1, i32x4.splat(5)), 7), i32x4.splat(9));
    let t = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0); s3 = v128.xor(s3, s1); s1 = v128.xor(s1, s2); s0 = v128.xor(s0, s3); s2 = v128.xor(s2, t); s3 = rotateLeft(s3, 11);
    const share = mulAdd(f32x4.splat(1.1641532182693481e-10), f32x4.convert_i32x4_u(draw), f32x4.splat(2.3283064365386963e-10));
    const radius = f32x4.mul(deviation, f32x4.sqrt(f32x4.mul(f32x4.splat(-2), log(share))));

    draw = i32x4.mul(rotateLeft(i32x4.mul(s1, i32x4.splat(5)), 7), i32x4.splat(9));
    t = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0); s3 = v128.xor(s3, s1); s1 = v128.xor(s1, s2); s0 = v128.xor(s0, s3); s2 = v128.xor(s2, t); s3 = rotateLeft(s3, 11);
    const place = f32x4.convert_i32x4_s(v128.and(draw, i32x4.splat(0x3fffffff)));
    const a = mulAdd(f32x4.splat(-0.78539816339), place, f32x4.splat(1.4629180792671596e-09));
    const z = f32x4.mul(a, a);
    let p = mulAdd(f32x4.splat(8.3321608736e-3), z, f32x4.splat(-1.9515295891e-4));
    p = mulAdd(f32x4.splat(-1.6666654611e-1), z, p);
    const sine = mulAdd(a, f32x4.mul(a, z), p);
    p = mulAdd(f32x4.splat(-1.388731625493765e-3), z, f32x4.splat(2.443315711809948e-5));
    p = mulAdd(f32x4.splat(4.166664568298827e-2), z, p);
    const cosine = mulAdd(mulAdd(one, f32x4.splat(-0.5), z), f32x4.mul(z, z), p);

    // Quarters: (c, s), (-s, c), (-c, -s), (s, -c).
    const swapped = i32x4.eq(v128.and(draw, odd), odd), upper = v128.and(draw, minus);
    const x = v128.xor(pick(swapped, sine, cosine), v128.xor(upper, v128.and(swapped, minus)));
    const y = v128.xor(pick(swapped, cosine, sine), upper);
    v128.store(g, mulAdd(at(g), radius, x));
    v128.store(g, mulAdd(v128.load(g, 16), radius, y), 16);
  }
  v128.store(state, s0); v128.store(state, s1, 16); v128.store(state, s2, 32); v128.store(state, s3, 48);
}
