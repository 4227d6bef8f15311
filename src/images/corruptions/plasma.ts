import { mix } from '../../util/mix.ts';
import type { Random } from '../../util/random.ts';
import { MNIST_SIZE, type PictureSize } from './picture.ts';

const SIZE = 256;
const WIBBLE = 100;
/** Grid from which the search for the lowest and the highest point starts. */
const COARSE = 8;

const heights = new Float64Array(SIZE * SIZE);
/** Which map a height belongs to, so that nothing has to be cleared between two maps. */
const maps = new Uint32Array(SIZE * SIZE);
let map = 0;
/** The same for the points looked at on one grid of one map. */
const lists = new Uint32Array(SIZE * SIZE);
let list = 0;

/** A map while it is made: its keys, w² after 0, 1, … 7 halvings, and the extremes met so far. */
interface Cloud {
  readonly keyA: number;
  readonly keyB: number;
  readonly amplitudes: readonly number[];
  lowest: number;
  highest: number;
}

/**
 * The corner [0, rows) × [0, columns) of a cloud of 256 × 256 points on a torus, which larger images go around several times, made by midpoint displacement (diamond-square) and
 * scaled so that its lowest point is 0 and its highest 1. The height at (0, 0) is 0. Halving the grid from s to s/2: the middle of
 * each square is the mean of its four corners, then the middle of each edge the mean of the four points s/2 away from it, each
 * plus w²·u with u uniform on [−1, 1) and w = 100 / decay^k after k halvings.
 *
 * Two draws are the map's keys; the u of a point is a hash of keys and place, so a point is computed when it is asked for. Of the
 * points outside the corner only those are that can be the lowest or highest: between grid points a height lies within the range
 * of the grid points up to one step around, widened by 1.5 Σ w² over the halvings to come.
 */
export function plasma(
  decay: number,
  random: Random,
  { rows, columns }: PictureSize = MNIST_SIZE,
): Float64Array {
  const amplitudes = amplitudesOf(decay);
  const rest = restsOf(amplitudes);
  const cloud = { keyA: random.uint32(), keyB: random.uint32(), amplitudes, lowest: 0, highest: 0 };
  map++;
  const corner = new Float64Array(rows * columns);
  for (let i = 0; i < corner.length; i++)
    corner[i] = height(cloud, Math.floor(i / columns) & (SIZE - 1), (i % columns) & (SIZE - 1));
  let points: number[] = [];
  for (let r = 0; r < SIZE; r += COARSE) {
    for (let c = 0; c < SIZE; c += COARSE) {
      height(cloud, r, c);
      points.push(r * SIZE + c);
    }
  }
  for (let step = COARSE; step > 1; step /= 2) {
    const slack = rest[halvings(step)];
    const half = step / 2;
    const finer: number[] = [];
    list++;
    for (const point of points) {
      if (heights[point] + slack <= cloud.highest && heights[point] - slack >= cloud.lowest) continue;
      for (let down = -3 * half; down <= 3 * half; down += half) {
        for (let right = -3 * half; right <= 3 * half; right += half) {
          const row = ((point >>> 8) + down) & (SIZE - 1);
          const column = (point + right) & (SIZE - 1);
          const place = row * SIZE + column;
          if (lists[place] === list) continue;
          lists[place] = list;
          height(cloud, row, column);
          finer.push(place);
        }
      }
    }
    points = finer;
  }
  const { lowest, highest } = cloud;
  return corner.map((value) => (value - lowest) / (highest - lowest));
}

/** The height of a point, computed with those it depends on where that was not done yet. */
function height(cloud: Cloud, row: number, column: number): number {
  const place = row * SIZE + column;
  if (maps[place] === map) return heights[place];
  maps[place] = map;
  const lowBits = row | column;
  if (lowBits === 0) return (heights[place] = 0);
  const half = lowBits & -lowBits;
  const isMiddle = (row & half) !== 0 && (column & half) !== 0;
  const up = (row - half) & (SIZE - 1);
  const down = (row + half) & (SIZE - 1);
  const left = (column - half) & (SIZE - 1);
  const right = (column + half) & (SIZE - 1);
  const sum = isMiddle
    ? height(cloud, up, left) +
      height(cloud, up, right) +
      height(cloud, down, left) +
      height(cloud, down, right)
    : height(cloud, up, column) +
      height(cloud, down, column) +
      height(cloud, row, left) +
      height(cloud, row, right);
  const value = sum / 4 + cloud.amplitudes[halvings(2 * half)] * noise(cloud.keyA, cloud.keyB, place);
  if (value < cloud.lowest) cloud.lowest = value;
  if (value > cloud.highest) cloud.highest = value;
  return (heights[place] = value);
}

/** log₂(256 / step). */
function halvings(step: number): number {
  return Math.clz32(step) - Math.clz32(SIZE);
}

/** w² after 0, 1, … 7 halvings. */
function amplitudesOf(decay: number): number[] {
  const amplitudes: number[] = [];
  for (let step = SIZE, wibble = WIBBLE; step >= 2; step /= 2, wibble /= decay)
    amplitudes.push(wibble * wibble);
  return amplitudes;
}

/** 1.5 Σ w² from each halving on: ½ because the middle of an edge inherits from the middles of squares, 1 its own. */
function restsOf(amplitudes: readonly number[]): number[] {
  const rests = [...amplitudes, 0];
  for (let k = amplitudes.length - 1; k >= 0; k--) rests[k] = 1.5 * amplitudes[k] + rests[k + 1];
  return rests;
}

/** Uniform on [−1, 1) in steps of 2⁻³¹. */
function noise(keyA: number, keyB: number, place: number): number {
  const hash = mix(mix(keyA ^ Math.imul(place, 0x9e3779b1)) ^ keyB);
  return (hash >>> 0) / 0x8000_0000 - 1;
}
