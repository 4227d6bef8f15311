import { exponential } from '../util/exponential.ts';
import { naturalLogarithm } from '../util/logarithm.ts';
import type { Placed } from './lines.ts';
import { OUTPUTS } from './recognise.ts';
import type { Weights } from './weights.ts';

/** Most pieces of one digit. */
const MOST_PIECES = 24;
/** Parts of a mark, and several marks, are no digit where they are wider than this together, in heights of the line; a whole mark, and small marks beside a tall one, may be wider. */
const WIDEST_PART = 1.25;
const WIDEST = 1.3;
const WIDEST_MARK = 2;
/** Whole marks, both as tall as digits, that are further apart belong to two digits. */
const APART = 0.12;
const TALL = 0.55;
/** To take pieces for no digit, and more by their width in heights of the line: else a reject would take in whole numbers. */
const NONE_COST = 5.1;
const NONE_WIDTH_COST = 3.05;
/** Of strokes' widths of ink that a cut goes through, and of half squares of deviations of widths and heights, so much counts. */
const MOST_INK = 8;
const MOST_WIDE = 8;
const MOST_LOW = 6;
/** Less probable 'no digit' is all the same. */
const LEAST_DOUBT = 1e-6;
/** Widths of the digits in heights of the line, mean and standard deviation: of MNIST's training images, whose heights are a line's less what it varies. */
const WIDTHS = [
  ...[
    [0.78, 0.13],
    [0.39, 0.2],
    [0.79, 0.13],
    [0.7, 0.15],
    [0.7, 0.15],
  ],
  ...[
    [0.78, 0.14],
    [0.65, 0.15],
    [0.68, 0.15],
    [0.67, 0.15],
    [0.61, 0.14],
  ],
] as const;
/** Heights below the line's, as a standard deviation. */
const LOWER = 0.28;
/** Less probable is all the same. */
const LEAST = 1e-9;

/** Pieces of a line, as `Pieces` has them. */
export interface Sequence {
  readonly boxes: readonly Placed[];
  readonly height: number;
  readonly cuts: Float64Array;
  readonly weights: Weights;
}

/** Pieces `from` to `to`, both included, as one digit. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly box: Placed;
}

/** All that could be one digit, ordered by the last piece. */
export function segmentsOf({ boxes, height, cuts }: Sequence): Segment[] {
  const segments: Segment[] = [];
  for (let to = 0; to < boxes.length; to++) {
    let box = boxes[to];
    let isOne = true;
    segments.push({ from: to, to, box });
    for (let from = to - 1; from > to - MOST_PIECES && from >= 0; from--) {
      const [left, right] = [boxes[from], box];
      const gap = right.left - left.right;
      const areTall = Math.min(left.bottom - left.top, right.bottom - right.top) >= TALL * height;
      if (cuts[from + 1] === 0 && areTall && gap > APART * height) break;
      box = {
        left: Math.min(left.left, box.left),
        top: Math.min(left.top, box.top),
        right: Math.max(left.right, box.right),
        bottom: Math.max(left.bottom, box.bottom),
      };
      isOne &&= cuts[from + 1] > 0 || !areTall;
      const width = box.right - box.left;
      if (width > (isOne ? WIDEST_MARK : WIDEST) * height) break;
      const isPart = cuts[from] > 0 || cuts[to + 1] > 0;
      if (!isPart || width <= WIDEST_PART * height) segments.push({ from, to, box });
    }
  }
  return segments;
}

/** Of all readings of a line up to a piece, so many are followed, … */
const FOLLOWED = 12;
/** … and of the digits that a segment may be those whose worth is so close to the best one's. */
const CLOSE = 12;

/** A way to read a line up to some piece: divisions that give the same digits are one. */
interface Way {
  /** Digits, or none, with those before. */
  readonly reading: number;
  /** ln of the sum over divisions of exp(worth). */
  sum: number;
  /** Worth of the best of them, and what that ends with. */
  best: number;
  last: number;
  before: Way | undefined;
}

/**
 * The segments into which a line falls: of all readings (digits, and what is none) the most probable one, summed over the divisions that give it, as a conditional random field
 * has it; and of those the best division. Found by following the most probable readings from piece to piece. `probabilities` [n, 11]: of the segments. Gives their indices from
 * left to right.
 */
export function bestPath(
  sequence: Sequence,
  segments: readonly Segment[],
  probabilities: Float64Array,
): number[] {
  const count = sequence.boxes.length;
  const starting: number[][] = Array.from({ length: count }, () => []);
  segments.forEach(({ from }, k) => starting[from].push(k));
  const readings = new Map<number, number>();
  const readingOf = (before: number, digit: number): number => {
    const key = before * OUTPUTS + digit;
    const known = readings.get(key) ?? readings.size + 1;
    readings.set(key, known);
    return known;
  };
  const ways = Array.from({ length: count + 1 }, () => new Map<number, Way>());
  ways[0].set(0, { reading: 0, sum: 0, best: 0, last: -1, before: undefined });
  const followedAt = (place: number): Way[] =>
    [...ways[place].values()].sort((a, b) => b.sum - a.sum || a.reading - b.reading).slice(0, FOLLOWED);
  for (let place = 0; place < count; place++) {
    const followed = followedAt(place);
    for (const k of starting[place]) {
      const worths = worthsOf(sequence, segments[k], probabilities.subarray(k * OUTPUTS, (k + 1) * OUTPUTS));
      const least = Math.max(...worths) - CLOSE;
      const into = ways[segments[k].to + 1];
      worths.forEach((worth, digit) => {
        if (worth < least) return;
        for (const before of followed) {
          const reading = readingOf(before.reading, digit);
          const [sum, best] = [before.sum + worth, before.best + worth];
          const way = into.get(reading);
          if (!way) into.set(reading, { reading, sum, best, last: k, before });
          else {
            way.sum = logOfSum(way.sum, sum);
            if (best > way.best) [way.best, way.last, way.before] = [best, k, before];
          }
        }
      });
    }
    ways[place].clear();
  }
  const path: number[] = [];
  for (let way: Way | undefined = followedAt(count)[0]; way.before; way = way.before) path.unshift(way.last);
  return path;
}

/** ln(exp(a) + exp(b)). */
function logOfSum(a: number, b: number): number {
  const [more, less] = a > b ? [a, b] : [b, a];
  return more + naturalLogarithm(1 + exponential(less - more));
}

/** [11]: what a segment with these [11] probabilities adds as each digit and as none, less what the cut behind it costs and what it takes together. */
export function worthsOf(
  { height, cuts, weights }: Sequence,
  { box, from, to }: Segment,
  outputs: Float64Array,
): Float64Array {
  const width = (box.right - box.left) / height;
  const lower = Math.max(0, 1 - (box.bottom - box.top) / height) / LOWER;
  const low = weights.height * Math.min(MOST_LOW, (lower * lower) / 2);
  let [marks, loose] = [0, 0];
  for (let k = from + 1; k <= to; k++) {
    if (cuts[k] === 0) marks++;
    else loose = Math.max(loose, 1 - cuts[k]);
  }
  const cut = cuts[to + 1];
  const costs =
    -weights.joining * marks +
    weights.loose * loose +
    (cut === 0 ? 0 : weights.cut + weights.ink * Math.min(MOST_INK, cut));
  const none = outputs[OUTPUTS - 1];
  // A network without that class has no such doubt.
  const doubt = none === 0 ? 0 : weights.doubt * naturalLogarithm(Math.max(LEAST_DOUBT, none));
  return Float64Array.from({ length: OUTPUTS }, (_, digit) => {
    const certain = weights.certainty * naturalLogarithm(Math.max(LEAST, outputs[digit])) - costs;
    if (digit === OUTPUTS - 1) return certain - NONE_COST - NONE_WIDTH_COST * width;
    const [mean, deviation] = WIDTHS[digit];
    const wider = (width - mean) / deviation;
    const wide = weights.width * Math.min(MOST_WIDE, (wider * wider) / 2);
    return certain + weights.digits[digit] - doubt - wide - low;
  });
}
