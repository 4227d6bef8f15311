import { encode } from 'fast-png';
import { quantile } from '../../../stats/describe.ts';
import { toBase64 } from '../../../util/base64.ts';
import { PIXELS, SIDE } from '../../input.ts';

/** What speaks for a class (or is added), and what speaks against it (or is taken away): both stand out on white and on black. */
export const FOR_COLOUR = '#1f7ae0';
export const AGAINST_COLOUR = '#e8590c';

/** Shades of each sign. */
const SHADES = 15;
const PALETTE = Array.from({ length: 2 * SHADES + 1 }, (_, k): number[] => {
  const colour = k < SHADES ? AGAINST_COLOUR : FOR_COLOUR;
  // Not 255: the encoder leaves opaque entries out of the list of alphas, and what follows them would move up.
  const alpha = Math.round((254 * Math.abs(k - SHADES)) / SHADES);
  return [...[1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)), alpha];
});

/**
 * Signed pictures side by side as one transparent PNG, a data URI. Each is scaled for itself: full colour is the 99 % quantile of its absolute
 * values (or its largest value, where that is 0). Null leaves a place empty.
 */
export function signedSprite(maps: readonly (Float32Array | null)[]): string {
  const width = maps.length * SIDE;
  const data = new Uint8Array(width * SIDE).fill(SHADES);
  maps.forEach((map, column) => {
    if (map === null) return;
    const absolute = map.map(Math.abs);
    const full = quantile(absolute, 0.99) || quantile(absolute, 1);
    if (full === 0) return;
    for (let p = 0; p < PIXELS; p++) {
      const level = Math.max(-1, Math.min(1, map[p] / full));
      data[Math.floor(p / SIDE) * width + column * SIDE + (p % SIDE)] = SHADES + Math.round(SHADES * level);
    }
  });
  const png = encode(
    { width, height: SIDE, depth: 8, channels: 1, data, palette: PALETTE },
    { zlib: { level: 6 } },
  );
  return `data:image/png;base64,${toBase64(png)}`;
}
