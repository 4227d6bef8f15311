// How a layer's kernel lies in memory, and the loads and stores of it.
//
// A matrix [rows][columns] is cut into blocks of 32 columns, one block after the other; within a block the rows follow each
// other. The last block holds what is left, a multiple of 8 columns. So a row of a block is 128 bytes, 64-byte aligned, and
// one block of the paper's first layer (784 x 32 floats) streams through the caches front to back.
// Widths are rounded up to a multiple of 8 by the host; the columns added hold zeros, always.

/** Bytes of a row of a full block. */
export const BLOCK: usize = 128;

// @ts-ignore: decorator
@inline export function at(p: usize): v128 { return v128.load(p); }

/** One float of memory in all four lanes. */
// @ts-ignore: decorator
@inline export function all(p: usize): v128 { return v128.load32_splat(p); }

// @ts-ignore: decorator
@inline export function mulAdd(sum: v128, a: v128, b: v128): v128 { return f32x4.add(sum, f32x4.mul(a, b)); }
