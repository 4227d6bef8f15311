// The largest of the four places of a window.

import { storeFew } from "../geometry";

/**
 * Writes the first n lanes of the largest of the four, or of floor where that is larger, to y, and 4 times its place to z, u8. Of equal ones the first wins, as in TensorFlow; a NaN wins, the
 * first of them.
 */
// @ts-ignore: decorator
@inline export function storeLargest(a0: v128, a1: v128, a2: v128, a3: v128, floor: v128, y: usize, z: usize, n: usize): void {
  let largest = a0, place = i32x4.splat(0);
  let wins = v128.andnot(f32x4.eq(largest, largest), f32x4.le(a1, largest));
  largest = v128.bitselect(a1, largest, wins);
  place = v128.bitselect(i32x4.splat(4), place, wins);
  wins = v128.andnot(f32x4.eq(largest, largest), f32x4.le(a2, largest));
  largest = v128.bitselect(a2, largest, wins);
  place = v128.bitselect(i32x4.splat(8), place, wins);
  wins = v128.andnot(f32x4.eq(largest, largest), f32x4.le(a3, largest));
  largest = v128.bitselect(a3, largest, wins);
  place = v128.bitselect(i32x4.splat(12), place, wins);
  largest = f32x4.pmax(largest, floor);
  const words = i16x8.narrow_i32x4_u(place, place), bytes = i8x16.narrow_i16x8_u(words, words);
  if (n >= 4) { v128.store(y, largest); v128.store32_lane(z, bytes, 0); }
  else {
    storeFew(y, largest, n);
    for (let k: usize = 0, lanes = <u32>i32x4.extract_lane(bytes, 0); k < n; k++, lanes >>= 8) store<u8>(z + k, <u8>lanes);
  }
}
