import { randomFillSync } from 'node:crypto';

const BYTES = 16;
const AT_A_TIME = 256;

const pool = Buffer.alloc(BYTES * AT_A_TIME);
let used = pool.length;

/** 128 random bits as 22 characters (A–Z, a–z, 0–9, -, _): says nothing of what it names, and cannot be guessed. */
export function opaqueId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const id = pool.toString('base64url', used, used + BYTES);
  // What was given out is not left in memory.
  pool.fill(0, used, used + BYTES);
  used += BYTES;
  return id;
}
