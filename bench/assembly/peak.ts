// What plain SIMD128 allows on this core, with all data in the nearest cache.

// @ts-ignore: decorator
@inline function mulAdd(sum: v128, a: v128, b: v128): v128 { return f32x4.add(sum, f32x4.mul(a, b)); }

/** 8 multiply-adds on four floats each for every count, as a register tile of 4 x 8 does them. p: 4 KiB. */
export function multiplyAdds(count: i32, p: usize): f32 {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (let n = 0; n < count; n++) {
    const q = p + ((n & 63) << 6);
    const w0 = v128.load(q), w1 = v128.load(q, 16);
    const a = v128.load32_splat(q, 32); a0 = mulAdd(a0, a, w0); a1 = mulAdd(a1, a, w1);
    const b = v128.load32_splat(q, 36); b0 = mulAdd(b0, b, w0); b1 = mulAdd(b1, b, w1);
    const c = v128.load32_splat(q, 40); c0 = mulAdd(c0, c, w0); c1 = mulAdd(c1, c, w1);
    const d = v128.load32_splat(q, 44); d0 = mulAdd(d0, d, w0); d1 = mulAdd(d1, d, w1);
  }
  const sum = f32x4.add(f32x4.add(f32x4.add(a0, a1), f32x4.add(b0, b1)), f32x4.add(f32x4.add(c0, c1), f32x4.add(d0, d1)));
  return f32x4.extract_lane(sum, 0);
}

/** One Adam update of four weights for every count. p: 4 KiB. The numbers are parameters, as the engine's are: V8 would make constants anew in every round. */
export function adamUpdates(count: i32, p: usize, beta1: f32, beta2: f32, alpha: f32, epsilon: f32, gradient: f32): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), a = f32x4.splat(alpha), e = f32x4.splat(epsilon), g = f32x4.splat(gradient);
  for (let n = 0; n < count; n++) {
    const q = p + ((n & 63) << 6);
    const M = f32x4.add(f32x4.mul(v128.load(q), b1), g), V = f32x4.add(f32x4.mul(v128.load(q, 16), b2), f32x4.mul(g, g));
    v128.store(q, M);
    v128.store(q, V, 16);
    v128.store(q, f32x4.sub(v128.load(q, 32), f32x4.div(f32x4.mul(M, a), f32x4.add(f32x4.sqrt(V), e))), 32);
  }
}
