// Across the four lanes of a vector.

/** (lane 0 + lane 1) + (lane 2 + lane 3). */
// @ts-ignore: decorator
@inline export function sumOfLanes(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** All bits set in the lanes whose position first + lane is below `units`. */
// @ts-ignore: decorator
@inline export function inRow(first: usize, units: usize): v128 {
  return i32x4.lt_u(i32x4.add(i32x4.splat(<i32>first), i32x4(0, 1, 2, 3)), i32x4.splat(<i32>units));
}
