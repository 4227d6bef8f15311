import { naturalLogarithm } from '../util/logarithm.ts';
import type { Placed } from './lines.ts';
import { OUTPUTS } from './recognise.ts';

/** Most pieces of one digit. */
const MOST_PIECES = 16;
/** Several marks are no digit where they are wider than this together, in heights of the line; parts of one mark, and small marks beside a tall one, may be wider. */
const WIDEST = 1.3;
const WIDEST_MARK = 2;
/** Whole marks, both as tall as digits, that are further apart belong to two digits. */
const APART = 0.12;
const TALL = 0.55;
/** What it costs (in natural logarithms) to take pieces for no digit, to cut, and to cut through a stroke's width of ink. */
const NONE_COST = 8;
/** From this width, in heights of the line, the first costs as many times as much as it is wide: else a reject would take in whole numbers. */
const NONE_WIDTH = 0.56;
const CUT_COST = 0.27;
const INK_COST = 0.6;
/** Widths of a one and of the other digits, in heights of the line: mean and standard deviation. */
const WIDTHS = { one: [0.25, 0.3], other: [0.55, 0.25] } as const;
/** How much more a digit's log-probability counts than widths and cuts do. */
const CERTAINTY = 1.8;
/** Less probable is all the same. */
const LEAST = 1e-12;
/** What an unlikely width or height costs at most. */
const MOST_UNLIKELY = 6;
/** Heights below the line's, as a standard deviation. */
const LOWER = 0.28;

/** Pieces of a line, as `Pieces` has them. */
export interface Sequence {
  readonly boxes: readonly Placed[];
  readonly height: number;
  readonly cuts: Float64Array;
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
      if (box.right - box.left > (isOne ? WIDEST_MARK : WIDEST) * height) break;
      segments.push({ from, to, box });
    }
  }
  return segments;
}

/**
 * The segments into which a line falls: of all ways to divide it, the one with the largest sum of log-probabilities (Viterbi), each with a prior on width and height, less what
 * cuts cost. `probabilities` [n, 11]: of the segments. Gives their indices from left to right.
 */
export function bestPath(
  sequence: Sequence,
  segments: readonly Segment[],
  probabilities: Float64Array,
): number[] {
  const count = sequence.boxes.length;
  const best = new Float64Array(count + 1).fill(-Infinity);
  const chosen = new Int32Array(count + 1).fill(-1);
  best[0] = 0;
  segments.forEach((segment, k) => {
    const outputs = probabilities.subarray(k * OUTPUTS, (k + 1) * OUTPUTS);
    const worth = best[segment.from] + worthOf(sequence, segment, outputs);
    if (worth > best[segment.to + 1]) [best[segment.to + 1], chosen[segment.to + 1]] = [worth, k];
  });
  const path: number[] = [];
  for (let end = count; end > 0; end = segments[chosen[end]].from) path.unshift(chosen[end]);
  return path;
}

/** What a segment with these [11] probabilities adds: the best of the digits and of none, less what the cut behind it costs. */
export function worthOf({ height, cuts }: Sequence, { box, to }: Segment, outputs: Float64Array): number {
  const width = (box.right - box.left) / height;
  const lower = Math.max(0, 1 - (box.bottom - box.top) / height) / LOWER;
  let best =
    naturalLogarithm(Math.max(LEAST, outputs[OUTPUTS - 1])) - NONE_COST * Math.max(1, width / NONE_WIDTH);
  for (let digit = 0; digit < OUTPUTS - 1; digit++) {
    const [mean, deviation] = digit === 1 ? WIDTHS.one : WIDTHS.other;
    const wider = (width - mean) / deviation;
    const prior = -Math.min(MOST_UNLIKELY, (wider * wider + lower * lower) / 2);
    best = Math.max(best, CERTAINTY * naturalLogarithm(Math.max(LEAST, outputs[digit])) + prior);
  }
  return best - (cuts[to + 1] === 0 ? 0 : CUT_COST + INK_COST * cuts[to + 1]);
}
