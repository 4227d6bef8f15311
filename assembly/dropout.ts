// Inverted dropout: y = x mask, mask 0 with the given rate, else 1 / (1 - rate).

import { at } from "./layout";

// @ts-ignore: decorator
@inline function rotateLeft(x: v128, bits: i32): v128 { return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits)); }

/**
 * Draws `count` (a multiple of 4) masks, four generators xoshiro128** side by side, one a lane; state: u32[4 words][4 lanes].
 * A value is dropped where the upper 31 bits of its draw are below `threshold` = rate times 2^31, rounded.
 */
export function dropoutMask(mask: usize, count: usize, threshold: i32, keep: f32, state: usize): void {
  let s0 = at(state), s1 = v128.load(state, 16), s2 = v128.load(state, 32), s3 = v128.load(state, 48);
  const limit = i32x4.splat(threshold), kept = f32x4.splat(keep);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const draw = i32x4.mul(rotateLeft(i32x4.mul(s1, i32x4.splat(5)), 7), i32x4.splat(9));
    const t = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, t);
    s3 = rotateLeft(s3, 11);
    v128.store(mask + o, v128.and(kept, i32x4.ge_s(i32x4.shr_u(draw, 1), limit)));
  }
  v128.store(state, s0); v128.store(state, s1, 16); v128.store(state, s2, 32); v128.store(state, s3, 48);
}

/** y = x mask; forward on the values, backward on their gradient. */
export function multiply(x: usize, mask: usize, y: usize, count: usize): void {
  for (let o: usize = 0, end = count << 2; o < end; o += 16) v128.store(y + o, f32x4.mul(at(x + o), at(mask + o)));
}
