import { MNIST_SIZE, type PictureSize } from '../../images/corruptions/picture.ts';
import { requireNumbers } from '../../util/options.ts';

/** From this grey level on a pixel counts as inside the character's box. */
const HALF_INK = 128;

/** What is measured of the strokes, in the order of `strokeMeasures`. */
export const MEASURES = ['ink', 'thickness', 'slant', 'size', 'offCentre'] as const;
export type MeasureName = (typeof MEASURES)[number];

export type StrokeMeasures = Readonly<Record<MeasureName, Float64Array>>;

/**
 * Five measures of how a digit or letter is written, for n grey images g (0 paper, 255 ink) of `size`, 28 × 28 where nothing is said, rows r downwards:
 *
 * - ink: Σg / (255 · pixels), the share of the picture that is ink.
 * - thickness: 2 · Σg / Σ|∇g|, in pixels: twice area over perimeter, the perimeter being the total variation (forward
 *   differences, paper around the picture). A bar of width w and length l gives w·l / (w + l) and at its corners a little more.
 * - slant: −μ₁₁ / μ₀₂, columns to the right for every row upwards, from the central moments; above 0 leans right.
 * - size: rows × columns, in pixels, of the box around all g ≥ 128. MNIST scales the longer side to 20, so this is mostly width.
 * - offCentre: distance of that box's centre from the picture's, (13.5, 13.5) of 28 × 28, in pixels. MNIST centres by mass, so the box is off.
 *
 * An empty picture measures 0; one without g ≥ 128 has size and offCentre 0.
 */
export function strokeMeasures(images: Uint8Array, size: PictureSize = MNIST_SIZE): StrokeMeasures {
  requireNumbers('strokeMeasures: images', images);
  const { rows, columns } = size;
  const pixels = rows * columns;
  const count = Math.floor(images.length / pixels);
  const measures: StrokeMeasures = {
    ink: new Float64Array(count),
    thickness: new Float64Array(count),
    slant: new Float64Array(count),
    size: new Float64Array(count),
    offCentre: new Float64Array(count),
  };
  for (let i = 0; i < count; i++) {
    const image = images.subarray(i * pixels, (i + 1) * pixels);
    const { mass, slant } = moments(image, size);
    const box = inkBox(image, size);
    measures.ink[i] = mass / (255 * pixels);
    measures.thickness[i] = mass === 0 ? 0 : (2 * mass) / totalVariation(image, size);
    measures.slant[i] = slant;
    if (box === null) continue;
    const across = (box.left + box.right) / 2 - (columns - 1) / 2;
    const down = (box.top + box.bottom) / 2 - (rows - 1) / 2;
    measures.size[i] = (box.right - box.left + 1) * (box.bottom - box.top + 1);
    measures.offCentre[i] = Math.sqrt(across * across + down * down);
  }
  return measures;
}

function moments(image: Uint8Array, { rows, columns }: PictureSize): { mass: number; slant: number } {
  let [mass, sumR, sumC, sumRR, sumRC] = [0, 0, 0, 0, 0];
  for (let r = 0; r < rows; r++) {
    let [row, rowC] = [0, 0];
    for (let c = 0; c < columns; c++) {
      const g = image[r * columns + c];
      row += g;
      rowC += g * c;
    }
    mass += row;
    sumR += row * r;
    sumC += rowC;
    sumRR += row * r * r;
    sumRC += rowC * r;
  }
  // Whole numbers up to here, so that an upright bar has a slant of exactly 0.
  const vertical = mass * sumRR - sumR * sumR;
  const mixed = sumR * sumC - mass * sumRC;
  return { mass, slant: vertical === 0 || mixed === 0 ? 0 : mixed / vertical };
}

/** Σ √(Δₓ² + Δᵧ²) over the picture and the ring of paper around it. */
function totalVariation(image: Uint8Array, { rows, columns }: PictureSize): number {
  let sum = 0;
  for (let r = -1; r < rows; r++) {
    for (let c = -1; c < columns; c++) {
      const at = r * columns + c;
      const here = r >= 0 && c >= 0 ? image[at] : 0;
      const right = r >= 0 && c + 1 < columns ? image[at + 1] : 0;
      const below = c >= 0 && r + 1 < rows ? image[at + columns] : 0;
      if (here === 0 && right === 0 && below === 0) continue;
      sum += Math.sqrt((right - here) * (right - here) + (below - here) * (below - here));
    }
  }
  return sum;
}

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function inkBox(image: Uint8Array, { rows, columns }: PictureSize): Box | null {
  let [top, bottom, left, right] = [rows, -1, columns, -1];
  for (let at = 0; at < image.length; at++) {
    if (image[at] < HALF_INK) continue;
    const r = Math.floor(at / columns);
    const c = at % columns;
    top = Math.min(top, r);
    bottom = r;
    left = Math.min(left, c);
    right = Math.max(right, c);
  }
  return bottom < 0 ? null : { top, bottom, left, right };
}
