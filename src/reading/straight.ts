/** Where a stroke is cut by a row or a column: the middle of the cut, and how wide it is, in pixels. */
export interface Cut {
  readonly middle: number;
  readonly width: number;
}

/** Pixels by which a middle may be off a straight line, and shares of the usual width by which a width may differ. */
const OFF = 1;
const WIDTH_OFF = 0.35;

/** Of the cuts of a stroke, one after the other, how many lie on the line from the first quarter's middle to the last's and are as wide as the middle one. */
export function onLine(cuts: readonly Cut[]): number {
  const widths = cuts.map(({ width }) => width).sort((a, b) => a - b);
  const width = widths[Math.floor(widths.length / 2)];
  const quarter = Math.floor(cuts.length / 4);
  const mean = (from: number): number =>
    cuts.slice(from, from + quarter).reduce((sum, { middle }) => sum + middle, 0) / quarter;
  const start = mean(0);
  const slope = (mean(cuts.length - quarter) - start) / (cuts.length - quarter);
  return cuts.filter(
    (cut, k) =>
      Math.abs(cut.middle - start - slope * (k - (quarter - 1) / 2)) <= OFF &&
      Math.abs(cut.width - width) <= Math.max(1, WIDTH_OFF * width),
  ).length;
}
