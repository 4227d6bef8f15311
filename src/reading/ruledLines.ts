import type { Plane } from './plane.ts';

/** Slopes that are tried, up to ± 0.2 (11°). */
const SLOPES = 81;
const STEEPEST = 0.2;
/** A ruled line covers this share of the picture's width. */
const COVERED = 0.6;
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
  if (runs.column.length < COVERED * columns) return 0;
  const slope = commonSlope(runs, walk);
  const offset = Math.ceil(STEEPEST * columns);
  const counts = new Uint32Array(rows + 2 * offset + 1);
  const placeOf = (k: number): number =>
    Math.floor((runs.from[k] + runs.to[k]) / 2 - slope * runs.column[k] + 0.5) + offset;
  runs.column.forEach((_, k) => counts[placeOf(k)]++);
  const reach = Math.max(1, Math.ceil(thickness / 2));
  const near = (place: number): number => {
    let sum = 0;
    for (let k = Math.max(0, place - reach); k <= Math.min(counts.length - 1, place + reach); k++) {
      sum += counts[k];
    }
    return sum;
  };
  const isLine = new Uint8Array(counts.length);
  let lines = 0;
  for (let place = 0; place < counts.length; place++) {
    if (near(place) < COVERED * columns) continue;
    if (place === 0 || isLine[place - 1] === 0) lines++;
    isLine.fill(1, Math.max(0, place - reach), place + reach + 1);
  }
  if (lines === 0) return 0;
  runs.column.forEach((column, k) => {
    if (isLine[placeOf(k)] === 0) return;
    // The blurred edges of the line, too.
    const [from, to] = [Math.max(0, runs.from[k] - 1), Math.min(rows, runs.to[k] + 1)];
    for (let row = from; row < to; row++) data[row * step + column * next] = 0;
  });
  return lines;
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

/** The slope along which most runs fall into few places. */
function commonSlope({ column, from, to }: Runs, { rows, columns }: Walk): number {
  const offset = Math.ceil(STEEPEST * columns);
  const some = Math.ceil(column.length / 60_000);
  let [best, most] = [0, -1];
  for (let k = 0; k < SLOPES; k++) {
    // The level one first, then by steepness, so that equal counts leave it level.
    const size = Math.ceil(k / 2) * ((2 * STEEPEST) / (SLOPES - 1));
    const slope = k % 2 === 0 ? size : -size;
    const counts = new Uint32Array(rows + 2 * offset + 1);
    for (let i = 0; i < column.length; i += some) {
      counts[Math.floor((from[i] + to[i]) / 2 - slope * column[i] + 0.5) + offset]++;
    }
    let sum = 0;
    for (const count of counts) sum += count * count;
    if (sum > most) [best, most] = [slope, sum];
  }
  return best;
}
