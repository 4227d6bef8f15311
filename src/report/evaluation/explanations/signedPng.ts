import { encode } from 'fast-png';
import { quantile } from '../../../stats/describe.ts';
import { toBase64 } from '../../../util/base64.ts';
import { type DataWords, MNIST_WORDS } from '../../dataWords.ts';

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

/** `signedPng` as a data URI. */
export function signedSprite(maps: readonly (Float32Array | null)[], extents?: DataWords['extents']): string {
  return `data:image/png;base64,${toBase64(signedPng(maps, extents))}`;
}

/**
 * Signed pictures side by side as one transparent PNG. Each is scaled for itself: full colour is the 99 % quantile of its absolute
 * values (or its largest value, where that is 0). Null leaves a place empty. Each stands in the middle of a square; a pixel's value is the sum over its channels.
 */
export function signedPng(
  maps: readonly (Float32Array | null)[],
  extents: DataWords['extents'] = MNIST_WORDS.extents,
): Uint8Array {
  const [rows, columns] = extents;
  const side = Math.max(rows, columns);
  const [top, left] = [rows, columns].map((extent) => Math.floor((side - extent) / 2));
  const width = maps.length * side;
  const data = new Uint8Array(width * side).fill(SHADES);
  maps.forEach((values, column) => {
    if (values === null) return;
    const map = overChannels(values, rows * columns);
    const absolute = map.map(Math.abs);
    const full = quantile(absolute, 0.99) || quantile(absolute, 1);
    if (full === 0) return;
    for (let p = 0; p < map.length; p++) {
      const level = Math.max(-1, Math.min(1, map[p] / full));
      const place = (top + Math.floor(p / columns)) * width + column * side + left + (p % columns);
      data[place] = SHADES + Math.round(SHADES * level);
    }
  });
  return encode(
    { width, height: side, depth: 8, channels: 1, data, palette: PALETTE },
    { zlib: { level: 6 } },
  );
}

function overChannels(values: Float32Array, pixels: number): Float32Array {
  const channels = values.length / pixels;
  if (channels === 1) return values;
  return Float32Array.from({ length: pixels }, (_, p) =>
    values.subarray(p * channels, (p + 1) * channels).reduce((sum, value) => sum + value, 0),
  );
}
