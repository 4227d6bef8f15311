import { defineCorruption } from './corruption.ts';
import { drawLine } from './drawLine.ts';

const ROWS = 27;
const [FIRST_COLUMN, LAST_COLUMN] = [2, 25];
/** Half a period along the line, and how far the corners lie off it. */
const [LENGTH, WIDTH] = [2, 2];

/**
 * Strokes in zigzag about a line from (2, r₀) to (25, r₁): along the line, of length ℓ, corners at 2, 6, 10 … and ±2 beside it in turn,
 * the end at ℓ and ∓2 / (2 (ℓ − 4⌊ℓ/4⌋)). Two draws: r₀ from 0 … 26, r₁ − r₀ from −5 … 4.
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
    const row = random.integer(ROWS);
    const slope = (random.integer(10) - 5) / (LAST_COLUMN - FIRST_COLUMN);
    const cos = 1 / Math.sqrt(1 + slope * slope);
    const place = ([along, beside]: readonly [number, number]) =>
      [FIRST_COLUMN + cos * along - cos * slope * beside, row + cos * slope * along + cos * beside] as const;
    const corners = cornersOf((LAST_COLUMN - FIRST_COLUMN) / cos).map(place);
    for (let i = 1; i < corners.length; i++) drawLine(picture, { from: corners[i - 1], to: corners[i] });
    return picture;
  },
});

/** Places along the line and beside it. */
function cornersOf(length: number): (readonly [number, number])[] {
  const period = 2 * LENGTH;
  const corners: (readonly [number, number])[] = [[0, 0]];
  const count = Math.floor((length - LENGTH) / period) + 1;
  for (let i = 0; i < count; i++) corners.push([(2 * i + 1) * LENGTH, i % 2 === 0 ? WIDTH : -WIDTH]);
  const beyond = length - period * Math.floor(length / period);
  if (beyond !== 0) corners.push([length, corners[count][1] / (2 * beyond)]);
  return corners;
}
