import type { Plane } from './plane.ts';

/** Slopes that are tried, up to ± 0.2 (11°). */
const SLOPES = 81;
const STEEPEST = 0.2;
/** A ruled line covers the first share of the picture's width, alone the second: where digits stand on it, its runs are long. */
const COVERED = 0.6;
const THIN = 0.3;
/** One line alone covers more; of several each may cover less. */
const WHOLE = 0.88;
const SEVERAL = 3;
/** Width of a line as a share of its length, at most. */
const THINNEST = 0.03;
/** Pixels by which the middle of a run may be off its line. */
const REACH = 2;
/** Least picture in which paper is looked for lines. */
const LEAST_EXTENT = 100;

/**
 * Takes the lines of ruled and squared paper out of the ink: thin runs across a line that lie in a row over most of the picture. Where a digit crosses the line the run is
 * long, and stays. Gives the number of lines.
 */
export function eraseRuledLines(ink: Plane<Float32Array>, threshold: number, thickness: number): number {
  const { data, rows, columns } = ink;
  if (Math.min(rows, columns) < LEAST_EXTENT) return 0;
  const level = eraseAlong(data, { rows, columns, step: columns, next: 1 }, threshold, thickness);
  const upright = eraseAlong(
    data,
    { rows: columns, columns: rows, step: 1, next: columns },
    threshold,
    thickness,
  );
  return level + upright;
}

/** How to walk through the ink so that lines run from column to column: what a row and a column further is. */
interface Walk {
  readonly rows: number;
  readonly columns: number;
  readonly step: number;
  readonly next: number;
}

interface Runs {
  readonly column: number[];
  readonly from: number[];
  readonly to: number[];
}

function eraseAlong(data: Float32Array, walk: Walk, threshold: number, thickness: number): number {
  const { rows, columns, step, next } = walk;
  const runs = thinRuns(data, walk, threshold, thickness);
  if (runs.column.length < THIN * columns) return 0;
  const slope = commonSlope(runs, walk);
  const offset = offsetOf(columns);
  const placeOf = (k: number): number =>
    Math.floor((runs.from[k] + runs.to[k]) / 2 - slope * runs.column[k] + 0.5) + offset;
  const counts = new Uint32Array(rows + 2 * offset + 1);
  runs.column.forEach((_, k) => counts[placeOf(k)]++);
  const near = Float64Array.from(counts, (_, place) => {
    let sum = 0;
    for (let k = place - REACH; k <= place + REACH; k++) sum += counts[k] ?? 0;
    // Of equal ones the middle.
    return sum + counts[place] / 1000;
  });
  /** By place: the longest run that is the line's, 0 where no line is. */
  const longest = new Float64Array(counts.length);
  let [lines, whole] = [0, 0];
  for (let place = 0; place < counts.length; place++) {
    const around = near.subarray(Math.max(0, place - 2 * REACH), place + 2 * REACH + 1);
    if (near[place] < THIN * columns || near[place] < Math.max(...around) || longest[place] > 0) continue;
    const along = inkAlong(data, walk, threshold, place - offset, slope);
    if (along < COVERED * columns) continue;
    const own = [...runs.column.keys()].filter((k) => Math.abs(placeOf(k) - place) <= REACH);
    const lengths = own.map((k) => runs.to[k] - runs.from[k]).sort((a, b) => a - b);
    const width = lengths[Math.floor(lengths.length / 2)];
    // A one is as straight as a line, but not as thin for its length.
    if (width > THINNEST * along) continue;
    lines++;
    if (along >= WHOLE * columns) whole++;
    longest.fill(1.5 * width + 1, Math.max(0, place - REACH), place + REACH + 1);
  }
  if (whole === 0 && lines < SEVERAL) return 0;
  runs.column.forEach((column, k) => {
    if (runs.to[k] - runs.from[k] > longest[placeOf(k)]) return;
    // The blurred edges of the line, too.
    const [from, to] = [Math.max(0, runs.from[k] - 1), Math.min(rows, runs.to[k] + 1)];
    for (let row = from; row < to; row++) data[row * step + column * next] = 0;
  });
  return lines;
}

/** Columns in which there is ink where a line would be. */
function inkAlong(
  data: Float32Array,
  { rows, columns, step, next }: Walk,
  threshold: number,
  start: number,
  slope: number,
): number {
  let count = 0;
  for (let column = 0; column < columns; column++) {
    const row = Math.round(start + slope * column);
    for (let k = Math.max(0, row - REACH); k <= Math.min(rows - 1, row + REACH); k++) {
      if (!(data[k * step + column * next] > threshold)) continue;
      count++;
      break;
    }
  }
  return count;
}

/** Places of lines begin so far above the first row. */
function offsetOf(columns: number): number {
  return Math.ceil((STEEPEST + 0.01) * columns) + 1;
}

/** Runs of ink across, no longer than a line is thick. */
function thinRuns(
  data: Float32Array,
  { rows, columns, step, next }: Walk,
  threshold: number,
  thickness: number,
): Runs {
  const runs: Runs = { column: [], from: [], to: [] };
  const begun = new Int32Array(columns).fill(-1);
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column < columns; column++) {
      const inked = row < rows && data[row * step + column * next] > threshold;
      if (inked) {
        if (begun[column] < 0) begun[column] = row;
      } else if (begun[column] >= 0) {
        if (row - begun[column] <= thickness) {
          runs.column.push(column);
          runs.from.push(begun[column]);
          runs.to.push(row);
        }
        begun[column] = -1;
      }
    }
  }
  return runs;
}

/** The slope along which most runs fall into few places: the best of all that are tried, made finer by halves. */
function commonSlope({ column, from, to }: Runs, { rows, columns }: Walk): number {
  const offset = offsetOf(columns);
  const some = Math.ceil(column.length / 60_000);
  const gathered = (slope: number): number => {
    const counts = new Uint32Array(rows + 2 * offset + 1);
    for (let i = 0; i < column.length; i += some) {
      counts[Math.floor((from[i] + to[i]) / 2 - slope * column[i] + 0.5) + offset]++;
    }
    let sum = 0;
    for (const count of counts) sum += count * count;
    return sum;
  };
  let [best, most] = [0, -1];
  const tryOut = (slope: number): void => {
    const sum = gathered(slope);
    if (sum > most) [best, most] = [slope, sum];
  };
  let step = (2 * STEEPEST) / (SLOPES - 1);
  // The level one first, then by steepness, so that equal counts leave it level.
  for (let k = 0; k < SLOPES; k++) tryOut(Math.ceil(k / 2) * (k % 2 === 0 ? step : -step));
  for (; step * columns > 1; step /= 2) {
    const middle = best;
    tryOut(middle + step / 2);
    tryOut(middle - step / 2);
  }
  return best;
}
