import type { Placed } from './lines.ts';

/**
 * What a division of a line is worth, in natural logarithms but for a factor: the weights of a conditional random field over the divisions, whose likelihood of the right numbers
 * is greatest on rows of training digits (docs/decisions/0020).
 */
export interface Weights {
  /** Of the logarithm of a digit's probability. */
  readonly certainty: number;
  /** A digit more, by digit: what cutting leaves by mistake looks more like some than like others. */
  readonly digits: readonly number[];
  /** Of the logarithm of 'no digit', where something is taken for a digit. */
  readonly doubt: number;
  /** To cut, and to cut through a stroke's width of ink. */
  readonly cut: number;
  readonly ink: number;
  /** What it adds to take whole marks together, or strokes, which more often are of one digit. */
  readonly joining: number;
  /** To leave uncut where a cut would go through next to nothing. */
  readonly loose: number;
  /** Of unlikely widths and of heights below the line's, half the square of their deviations. */
  readonly width: number;
  readonly height: number;
}

/** Of lines whose marks are no wider than a digit. */
export const APART: Weights = {
  certainty: 1.45,
  digits: new Array<number>(10).fill(1.14),
  doubt: 0,
  cut: 1,
  ink: 0.98,
  joining: -1.37,
  loose: 1.47,
  width: 0.3,
  height: 1.26,
};

/** Of pen strokes, which hang together less than marks do. */
export const STROKES: Weights = { ...APART, joining: 0.8 };

/** Of lines with a mark that is wider than a digit: learnt on rows that touch alone, it cuts more readily. */
export const TOUCHING: Weights = {
  certainty: 1.23,
  digits: [1.57, 1.41, 0.44, 0.77, 0.85, 0.87, 1.66, 0.79, 1.22, 1.95],
  doubt: 0.53,
  cut: 1.62,
  ink: 0.37,
  joining: -0.88,
  loose: 1.44,
  width: 0.38,
  height: 1.08,
};

/** In heights of the line: two standard deviations more than the mean of the widest digits. */
const WIDER = 1.05;

/** For the pieces of a line: whether a mark that is cut into pieces is wider than a digit. */
export function weightsFor({
  boxes,
  cuts,
  height,
}: {
  readonly boxes: readonly Placed[];
  readonly cuts: Float64Array;
  readonly height: number;
}): Weights {
  let [left, right] = [Infinity, -Infinity];
  for (const [k, box] of boxes.entries()) {
    if (cuts[k] === 0) [left, right] = [Infinity, -Infinity];
    left = Math.min(left, box.left);
    right = Math.max(right, box.right);
    const isCut = cuts[k] > 0 || cuts[k + 1] > 0;
    if (isCut && right - left > WIDER * height) return TOUCHING;
  }
  return APART;
}
