/** What has a place, beyond the last column and row. */
export interface Placed {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Marks lower than this share of a line's digits are parts of digits, dots or strokes. */
const TALL = 0.5;
/** Share of the lower one's height by which neighbours on a line overlap. */
const BESIDE = 0.4;
/** How far from a line, in heights of its digits, a small mark may be. */
const NEAR = 0.35;

/** Digits side by side, from left to right: each is put to the chain whose last one is nearest to it in height, no more than `reach` of their heights to the left. */
export function chainsOf<P extends Placed>(digits: readonly P[], reach: number): P[][] {
  const chains: P[][] = [];
  const sorted = [...digits].sort((a, b) => a.left + a.right - b.left - b.right || a.top - b.top);
  for (const digit of sorted) {
    let [best, most] = [undefined as P[] | undefined, BESIDE];
    for (const chain of chains) {
      const last = chain[chain.length - 1];
      const height = Math.max(digit.bottom - digit.top, last.bottom - last.top);
      if (digit.left - last.right > reach * height) continue;
      const share = overlap(last, digit);
      if (share >= most) [best, most] = [chain, share];
    }
    if (best) best.push(digit);
    else chains.push([digit]);
  }
  return chains;
}

/** Share of the lower one's height that both have in common. */
function overlap(a: Placed, b: Placed): number {
  const common = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return common / Math.min(a.bottom - a.top, b.bottom - b.top);
}

export interface Line<P extends Placed> {
  /** Typical height of its digits. */
  readonly height: number;
  /** From left to right by their middles. */
  readonly marks: readonly P[];
}

/**
 * Marks line by line, from the top, on a page whose lines are level. Tall marks, measured by `height`, make the lines; a small one goes to the line that it is nearest to, or away
 * where none is near.
 */
export function linesOf<P extends Placed>(marks: readonly P[], height: number): Line<P>[] {
  const isTall = (mark: P): boolean => mark.bottom - mark.top >= TALL * height;
  const chains = chainsOf(marks.filter(isTall), Infinity);
  const lines = chains.map((chain) => ({ tall: [...chain], height: upperHeight(chain), marks: [...chain] }));
  for (const mark of marks) {
    if (isTall(mark)) continue;
    let [best, least] = [undefined as (typeof lines)[number] | undefined, NEAR];
    for (const line of lines) {
      const distance = Math.min(...line.tall.map((tall) => apart(mark, tall))) / line.height;
      if (distance < least) [best, least] = [line, distance];
    }
    best?.marks.push(mark);
  }
  const middle = (chain: readonly P[]): number =>
    chain.reduce((sum, { top, bottom }) => sum + top + bottom, 0) / chain.length;
  return lines
    .sort((a, b) => middle(a.tall) - middle(b.tall))
    .map((line) => ({
      height: line.height,
      marks: line.marks.sort((a, b) => a.left + a.right - b.left - b.right || a.top - b.top),
    }));
}

/** The height that a fifth of the digits exceed. */
function upperHeight(digits: readonly Placed[]): number {
  const heights = digits.map(({ top, bottom }) => bottom - top).sort((a, b) => a - b);
  return heights[Math.floor(0.8 * (heights.length - 1) + 0.5)];
}

/** Distance between two boxes along the axis on which they are further apart. */
function apart(a: Placed, b: Placed): number {
  const x = Math.max(a.left, b.left) - Math.min(a.right, b.right);
  const y = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
  return Math.max(0, x, y);
}
