// The most multiply-adds a core does in plain SIMD128: 12 independent sums, enough to hide the latency of each.

export function peak(count: i32): f32 {
  const x = f32x4.splat(0.999999), y = f32x4.splat(1e-6);
  let a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
  for (let n = 0; n < count; n++) {
    a = f32x4.add(a, f32x4.mul(x, b)); b = f32x4.add(b, f32x4.mul(x, c)); c = f32x4.add(c, f32x4.mul(x, d));
    d = f32x4.add(d, f32x4.mul(x, e)); e = f32x4.add(e, f32x4.mul(x, f)); f = f32x4.add(f, f32x4.mul(x, g));
    g = f32x4.add(g, f32x4.mul(x, h)); h = f32x4.add(h, f32x4.mul(x, i)); i = f32x4.add(i, f32x4.mul(x, j));
    j = f32x4.add(j, f32x4.mul(x, k)); k = f32x4.add(k, f32x4.mul(x, l)); l = f32x4.add(l, f32x4.mul(x, y));
  }
  const sum = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(f32x4.add(g, h), f32x4.add(f32x4.add(i, j), f32x4.add(k, l)))));
  return f32x4.extract_lane(sum, 0);
}

/** Adam's arithmetic on registers: 10 operations with one root and one division for four weights. */
export function adam(count: i32): f32 {
  const b1 = f32x4.splat(0.9), b2 = f32x4.splat(0.999), al = f32x4.splat(1e-3), e = f32x4.splat(1e-6), g = f32x4.splat(1e-3);
  let m0 = g, v0 = g, w0 = g, m1 = g, v1 = g, w1 = g, m2 = g, v2 = g, w2 = g, m3 = g, v3 = g, w3 = g;
  for (let n = 0; n < count; n++) {
    m0 = f32x4.add(f32x4.mul(m0, b1), g); v0 = f32x4.add(f32x4.mul(v0, b2), f32x4.mul(g, g)); w0 = f32x4.sub(w0, f32x4.div(f32x4.mul(m0, al), f32x4.add(f32x4.sqrt(v0), e)));
    m1 = f32x4.add(f32x4.mul(m1, b1), g); v1 = f32x4.add(f32x4.mul(v1, b2), f32x4.mul(g, g)); w1 = f32x4.sub(w1, f32x4.div(f32x4.mul(m1, al), f32x4.add(f32x4.sqrt(v1), e)));
    m2 = f32x4.add(f32x4.mul(m2, b1), g); v2 = f32x4.add(f32x4.mul(v2, b2), f32x4.mul(g, g)); w2 = f32x4.sub(w2, f32x4.div(f32x4.mul(m2, al), f32x4.add(f32x4.sqrt(v2), e)));
    m3 = f32x4.add(f32x4.mul(m3, b1), g); v3 = f32x4.add(f32x4.mul(v3, b2), f32x4.mul(g, g)); w3 = f32x4.sub(w3, f32x4.div(f32x4.mul(m3, al), f32x4.add(f32x4.sqrt(v3), e)));
  }
  return f32x4.extract_lane(f32x4.add(f32x4.add(w0, w1), f32x4.add(w2, w3)), 0);
}
