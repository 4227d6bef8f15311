import { defineCorruption } from './corruption.ts';
import { drawLine } from './drawLine.ts';
import { scaleOf } from './picture.ts';

/** Of 28 pixels: how far from the sides the line ends, half a period along it, and how far the corners lie off it. */
const [MARGIN, LENGTH, WIDTH] = [2, 2, 2];

/**
 * Strokes in zigzag about a line from (2, r₀) to (25, r₁): along the line, of length ℓ, corners at 2, 6, 10 … and ±2 beside it in turn,
 * the end at ℓ and ∓2 / (2 (ℓ − 4⌊ℓ/4⌋)). Two draws: r₀ from 0 … 26, r₁ − r₀ from −5 … 4. In images of another size these lengths are scaled, the line ends as far
 * from the last column as it begins from the first, and r₀ is of all rows but the last.
 */
export const zigzag = defineCorruption<null>({
  name: 'zigzag',
  label: 'Zigzag',
  kind: 'overlay',
  meaning: 'a zigzag line across the image, as where something was crossed out',
  levels: [null],
  published: 0,
  setting: () => 'one line',
  corrupt(picture, _, random) {
    const scale = scaleOf(picture);
    const [first, last] = [MARGIN * scale, picture.columns - 1 - MARGIN * scale];
    const row = random.integer(Math.max(1, picture.rows - 1));
    const drift = (random.integer(10) - 5) * scale;
    if (last <= first) return picture;
    const slope = drift / (last - first);
    const cos = 1 / Math.sqrt(1 + slope * slope);
    const place = ([along, beside]: readonly [number, number]) =>
      [first + cos * along - cos * slope * beside, row + cos * slope * along + cos * beside] as const;
    const corners = cornersOf((last - first) / cos, scale).map(place);
    for (let i = 1; i < corners.length; i++) drawLine(picture, { from: corners[i - 1], to: corners[i] });
    return picture;
  },
});

/** Places along the line and beside it. */
function cornersOf(length: number, scale: number): (readonly [number, number])[] {
  const [half, width] = [LENGTH * scale, WIDTH * scale];
  const period = 2 * half;
  const corners: (readonly [number, number])[] = [[0, 0]];
  const count = Math.floor((length - half) / period) + 1;
  for (let i = 0; i < count; i++) corners.push([(2 * i + 1) * half, i % 2 === 0 ? width : -width]);
  const beyond = length - period * Math.floor(length / period);
  if (beyond !== 0) corners.push([length, corners[count][1] / (2 * beyond)]);
  return corners;
}
