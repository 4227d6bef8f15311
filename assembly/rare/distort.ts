// Random affine and elastic distortion of 28 x 28 byte images (after Simard, Steinkraus & Platt 2003), drawn anew for every
// epoch: each result is a function of (stream, epoch, image) alone. Reference: src/images/distortion.ts.
//
// An output pixel (column c, row r) takes the value at the place
//   x = 13.5 + shift x + axx u + axy v + elastic x(c, r)      u = c - 13.5, v = r - 13.5
//   y = 13.5 + shift y + ayx u + ayy v + elastic y(c, r)
// of the image, bilinear, 0 outside. The elastic displacement is bilinear between the 5 x 5 points of a grid over the image.

import { at } from "../layout";
import { startOf } from "../sparseRows";

// @ts-ignore: decorator
@inline const SIDE: usize = 28;
// @ts-ignore: decorator
@inline const PIXELS: usize = 784;

// Places in the scratch memory, in bytes from its start; it holds zeros at first.
// @ts-ignore: decorator
@inline const PADDED_ROW: usize = 48; // 30 rows: the image with a border of one, rows 48 apart
// @ts-ignore: decorator
@inline const QUADS: usize = 1536; // u32[29][32]: the four pixels around each place between pixels
// @ts-ignore: decorator
@inline const DRAWN: usize = 5248; // f32[6]: rotation, scale x and y, shear, shift x and y
// @ts-ignore: decorator
@inline const GRID: usize = 5272; // f32[2][5][5]: displacements at the grid's points, x then y
// @ts-ignore: decorator
@inline const FIELD: usize = 5488; // f32[2][5][28]: the same at every column
// @ts-ignore: decorator
@inline const HATS: usize = 6608; // f32[5][28]: weight of each grid column at each column
// @ts-ignore: decorator
@inline const OUTPUT: usize = 7168; // u8[784]; 7968 bytes in all

// @ts-ignore: decorator
@inline function rotateLeft(x: u32, bits: u32): u32 { return (x << bits) | (x >> (32 - bits)); }

/** The finalizer of MurmurHash3. */
// @ts-ignore: decorator
@inline function mix(x: u32): u32 {
  x ^= x >> 16;
  x *= 0x85ebca6b;
  x ^= x >> 13;
  x *= 0xc2b2ae35;
  return x ^ (x >> 16);
}

let s0: u32 = 0, s1: u32 = 0, s2: u32 = 0, s3: u32 = 0;

/** xoshiro128**, its state filled from the three numbers. */
function seed(stream: u32, epoch: u32, image: u32): void {
  const hash = mix(mix(mix(stream) ^ epoch * 0x9e3779b1) * 31 ^ image);
  s0 = mix(hash + 0x9e3779b9);
  s1 = mix(hash + 0x3c6ef372);
  s2 = mix(hash + 0xdaa66d2b);
  s3 = mix(hash + 0x78dde6e4);
}

/** Uniform on [-limit, limit), from 24 bits. */
// @ts-ignore: decorator
@inline function draw(limit: f32): f32 {
  const bits = rotateLeft(s1 * 5, 7) * 9;
  const t = s1 << 9;
  s2 ^= s0; s3 ^= s1; s1 ^= s2; s0 ^= s3; s2 ^= t;
  s3 = rotateLeft(s3, 11);
  return limit * (<f32>(<i32>(bits >> 8)) * 1.1920929e-7 - 1);
}

/** To be called once on fresh scratch memory. */
export function prepareDistort(scratch: usize): void {
  for (let k: usize = 0; k < 5; k++) {
    for (let c: usize = 0; c < SIDE; c++) {
      const distance: f32 = abs<f32>(<f32>c * <f32>(4.0 / 27.0) - <f32>k);
      store<f32>(scratch + HATS + ((k * SIDE + c) << 2), max<f32>(0, <f32>1 - distance));
    }
  }
}

/**
 * Distorts the chosen images, from `first` on, and writes them as gathered rows (sparseRows.ts). images: u8[][784]; limits: f32[6], rotation (rad), scale
 * x, scale y (shares), shear, shift (pixels), elastic displacement (pixels).
 */
export function distortRows(batch: usize, rows: usize, images: usize, stream: u32, epoch: u32, limits: usize, scratch: usize, table: usize, rowEnds: usize, entries: usize, first: usize): void {
  let q = startOf(first, rowEnds, entries);
  for (let s = first; s < rows; s++) {
    const image = load<u32>(batch + (s << 2));
    distort(images + <usize>image * PIXELS, stream, epoch, image, limits, scratch);
    for (let i: usize = 0; i < PIXELS; i++) {
      const value = load<u8>(scratch + OUTPUT + i);
      store<u32>(q, <u32>i);
      store<u32>(q, load<u32>(table + (<usize>value << 2)), 4);
      q += usize(value != 0) << 3;
    }
    store<u32>(rowEnds + (s << 2), <u32>((q - entries) >> 3));
  }
}

function distort(image: usize, stream: u32, epoch: u32, number: u32, limits: usize, scratch: usize): void {
  // 28 bytes as 16 + 16 overlapping ones, so that nothing beyond the image's row is read or the border written.
  for (let r: usize = 0; r < SIDE; r++) {
    const from = image + r * SIDE, to = scratch + (r + 1) * PADDED_ROW + 1;
    v128.store(to, at(from));
    v128.store(to, v128.load(from, 12), 12);
  }
  for (let r: usize = 0; r <= SIDE; r++) {
    const above = scratch + r * PADDED_ROW, quads = scratch + QUADS + (r << 7);
    for (let c: usize = 0; c < 32; c += 4) {
      const a = at(above + c), b = v128.load(above + c, PADDED_ROW);
      v128.store(quads + (c << 2), v128.shuffle<u8>(a, b, 0, 1, 16, 17, 1, 2, 17, 18, 2, 3, 18, 19, 3, 4, 19, 20));
    }
  }

  seed(stream, epoch, number);
  const drawn = scratch + DRAWN;
  // Both shifts have one limit, all places of the grid, which follow, another.
  for (let k: usize = 0; k < 56; k++) store<f32>(drawn + (k << 2), draw(load<f32>(limits + (min<usize>(k - usize(k > 4), 5) << 2))));
  const angle = load<f32>(drawn), scaleX: f32 = <f32>1 + load<f32>(drawn, 4), scaleY: f32 = <f32>1 + load<f32>(drawn, 8);
  const shear = load<f32>(drawn, 12), shiftX = load<f32>(drawn, 16), shiftY = load<f32>(drawn, 20);
  field(scratch);

  // Taylor's series: error below 1e-9 for |angle| <= 0.5.
  const z = angle * angle;
  const sin: f32 = angle * (<f32>1 - z * (<f32>(1.0 / 6.0) - z * (<f32>(1.0 / 120.0) - z * <f32>(1.0 / 5040.0))));
  const cos: f32 = <f32>1 - z * (<f32>0.5 - z * (<f32>(1.0 / 24.0) - z * (<f32>(1.0 / 720.0) - z * <f32>(1.0 / 40320.0))));
  const axx = f32x4.splat(scaleX * cos), ayx = f32x4.splat(scaleY * sin);
  const axy: f32 = scaleX * (shear * cos - sin), ayy: f32 = scaleY * (shear * sin + cos);

  const least = f32x4.splat(-1), most = f32x4.splat(27.999), one = f32x4.splat(1), byte = i32x4.splat(255);
  const quads = scratch + QUADS;
  for (let r: usize = 0; r < SIDE; r++) {
    const v: f32 = <f32>r - 13.5, place: f32 = <f32>r * <f32>(4.0 / 27.0), k = min<usize>(<usize>place, 3);
    const weight = f32x4.splat(place - <f32>k);
    const x0 = f32x4.splat(<f32>13.5 + shiftX + axy * v), y0 = f32x4.splat(<f32>13.5 + shiftY + ayy * v);
    const above = scratch + FIELD + k * 112;
    let u = f32x4(-13.5, -12.5, -11.5, -10.5);
    for (let c: usize = 0; c < 112; c += 16) {
      const ex = at(above + c), ey = v128.load(above + c, 560);
      const dx = f32x4.add(ex, f32x4.mul(weight, f32x4.sub(v128.load(above + c, 112), ex)));
      const dy = f32x4.add(ey, f32x4.mul(weight, f32x4.sub(v128.load(above + c, 672), ey)));
      const x = f32x4.pmin(f32x4.pmax(f32x4.add(f32x4.add(x0, f32x4.mul(axx, u)), dx), least), most);
      const y = f32x4.pmin(f32x4.pmax(f32x4.add(f32x4.add(y0, f32x4.mul(ayx, u)), dy), least), most);
      u = f32x4.add(u, f32x4.splat(4));
      const left = f32x4.floor(x), top = f32x4.floor(y), fx = f32x4.sub(x, left), fy = f32x4.sub(y, top);
      const index = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(f32x4.add(top, one), f32x4.splat(32)), f32x4.add(left, one)));
      let quad = v128.load32_zero(quads + (<usize>i32x4.extract_lane(index, 0) << 2));
      quad = v128.load_lane<u32>(quads + (<usize>i32x4.extract_lane(index, 1) << 2), quad, 1);
      quad = v128.load_lane<u32>(quads + (<usize>i32x4.extract_lane(index, 2) << 2), quad, 2);
      quad = v128.load_lane<u32>(quads + (<usize>i32x4.extract_lane(index, 3) << 2), quad, 3);
      const a = f32x4.convert_i32x4_s(v128.and(quad, byte)), b = f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(quad, 8), byte));
      const d = f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(quad, 16), byte)), e = f32x4.convert_i32x4_s(i32x4.shr_u(quad, 24));
      const upper = f32x4.add(a, f32x4.mul(fx, f32x4.sub(b, a))), lower = f32x4.add(d, f32x4.mul(fx, f32x4.sub(e, d)));
      const value = f32x4.add(f32x4.add(upper, f32x4.mul(fy, f32x4.sub(lower, upper))), f32x4.splat(0.5));
      const words = i32x4.trunc_sat_f32x4_s(value), halves = i16x8.narrow_i32x4_s(words, words);
      store<i32>(scratch + OUTPUT + r * SIDE + (c >> 2), i32x4.extract_lane(i8x16.narrow_i16x8_u(halves, halves), 0));
    }
  }
}

/** The displacements of each grid row, at every column. */
function field(scratch: usize): void {
  const hats = scratch + HATS;
  for (let j: usize = 0; j < 10; j++) {
    const p = scratch + GRID + j * 20;
    const p0 = v128.load32_splat(p), p1 = v128.load32_splat(p, 4), p2 = v128.load32_splat(p, 8), p3 = v128.load32_splat(p, 12), p4 = v128.load32_splat(p, 16);
    for (let c: usize = 0; c < 112; c += 16) {
      let sum = f32x4.mul(p0, at(hats + c));
      sum = f32x4.add(sum, f32x4.mul(p1, v128.load(hats + c, 112)));
      sum = f32x4.add(sum, f32x4.mul(p2, v128.load(hats + c, 224)));
      sum = f32x4.add(sum, f32x4.mul(p3, v128.load(hats + c, 336)));
      sum = f32x4.add(sum, f32x4.mul(p4, v128.load(hats + c, 448)));
      v128.store(scratch + FIELD + j * 112 + c, sum);
    }
  }
}
