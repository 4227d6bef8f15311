import { MOST_POINTS, type PenStroke, rasterizeStrokes } from '../images/rasterize.ts';
import { DactylError } from '../util/errors.ts';
import { isNumbers, requireArray, requireType } from '../util/options.ts';
import type { Reading } from './answer.ts';
import { weightedMedian } from './components.ts';
import { judged } from './doubt.ts';
import { type Line, linesOf, type Placed } from './lines.ts';
import { notesOn } from './notes.ts';
import { STROKES } from './weights.ts';
import { unionOf } from './pieces.ts';
import type { Reader } from './reader.ts';
import { recognised } from './recognise.ts';
import { type ReadingOptions, sureFromOf } from './readingOptions.ts';
import { readLines, type WrittenLine } from './readLines.ts';

const MOST_STROKES = 2000;
/** All strokes read with this probability as a digit are one. */
const WHOLE_FROM = 0.9;
/** Strokes that share so much of the narrower one's width belong to one digit, such as the bars of a crossed seven. */
const ABOVE = 0.75;
/** Wider or taller than this, in heights of the typical stroke, strokes together are no one digit, and a stroke alone is an underline where it is low, or a frame. */
const WIDEST = 2;
const HUGE = 4;
const LOW = 0.5;
/** Width of an upright rule as a share of its height, at most. */
const THIN = 0.05;
/** A stroke by itself that is lower than this is no digit. */
const SPECK = 0.22;

interface Mark extends Placed {
  readonly strokes: readonly PenStroke[];
}

/**
 * Reads what a pen drew: one digit, or digits side by side in one or more lines, as numbers; y downwards, any unit. Strokes are grouped into digits by what reads best; one stroke
 * is not divided. An image is what `rasterizeStrokes` makes of a digit's strokes. Pure, and the same answer everywhere. No stroke gives an empty list and a note.
 * Throws E_SHAPE for a stroke with half a point or none, and for more than 100,000 points or 2,000 strokes; E_ARGUMENT for what is no stroke or no reader, or a
 * coordinate that is not finite.
 */
export function readStrokes(
  strokes: readonly PenStroke[],
  reader: Reader,
  options: ReadingOptions = {},
): Reading {
  const sureFrom = sureFromOf('readStrokes', reader, options);
  checkStrokes(strokes);
  if (strokes.length === 0) return { width: 0, height: 0, numbers: [], notes: notesOn([], {}) };
  const marks = strokes.map((stroke): Mark => ({ ...boxOf(stroke), strokes: [stroke] }));
  const all = unionOf(marks);
  requireSpan(all);
  const height = typicalHeight(marks);
  const isOne = all.bottom - all.top <= HUGE * (height || Infinity) && isOneDigit(strokes, reader);
  const { lines: parted, apart } = isOne
    ? { lines: [{ height: all.bottom - all.top, marks: [{ ...all, strokes }] }], apart: 0 }
    : partedInLines(marks, height);
  const lines = parted.map((line): WrittenLine => {
    const strokesOf = (from: number, to: number): PenStroke[] =>
      line.marks.slice(from, to + 1).flatMap((mark) => mark.strokes);
    const imageOf = (from: number, to: number): Uint8Array => rasterizeStrokes(strokesOf(from, to));
    return {
      boxes: line.marks,
      height: line.height || 1,
      cuts: new Float64Array(line.marks.length + 1),
      weights: STROKES,
      partOf: (from, to) => ({ images: [imageOf(from, to)], box: unionOf(line.marks.slice(from, to + 1)) }),
      cropOf: (from, to) => ({ data: imageOf(from, to), rows: 28, columns: 28, channels: 1 }),
      boxIn: ({ left, top, right, bottom }) => ({ left, top, width: right - left, height: bottom - top }),
    };
  });
  const numbers = readLines(lines, reader, sureFrom);
  return {
    width: all.right - all.left,
    height: all.bottom - all.top,
    numbers,
    notes: notesOn(numbers, { apart }),
  };
}

/** Whether all strokes together are read as a digit, as those of one digit mostly are. */
function isOneDigit(strokes: readonly PenStroke[], reader: Reader): boolean {
  const outputs = recognised(reader, [rasterizeStrokes(strokes)]);
  return judged(outputs, WHOLE_FROM).notSure === undefined;
}

function checkStrokes(strokes: readonly PenStroke[]): void {
  requireArray('readStrokes: strokes', strokes);
  if (strokes.length > MOST_STROKES) {
    throw new DactylError(
      'E_SHAPE',
      `readStrokes: expected at most ${MOST_STROKES} strokes, received ${strokes.length}. Give a page in parts.`,
    );
  }
  let numbers = 0;
  strokes.forEach((stroke, s) => {
    requireType(`readStrokes: strokes[${s}]`, 'numbers x0, y0, x1, y1, …', isNumbers(stroke), stroke);
    if (stroke.length === 0 || stroke.length % 2 !== 0) {
      throw new DactylError(
        'E_SHAPE',
        `readStrokes: strokes[${s}]: expected x and y of at least one point, received ${stroke.length} numbers.`,
      );
    }
    numbers += stroke.length;
    if (numbers > 2 * MOST_POINTS) {
      throw new DactylError(
        'E_SHAPE',
        `readStrokes: expected at most ${MOST_POINTS} points, received more. Leave points out; a few hundred a digit are enough.`,
      );
    }
    for (let k = 0; k < stroke.length; k++) {
      if (Number.isFinite(stroke[k])) continue;
      throw new DactylError(
        'E_ARGUMENT',
        `readStrokes: strokes[${s}]: expected finite coordinates, received ${String(stroke[k])} as number ${k}.`,
      );
    }
  });
}

function requireSpan({ left, top, right, bottom }: Placed): void {
  if (Number.isFinite(right - left + (bottom - top))) return;
  throw new DactylError(
    'E_ARGUMENT',
    `readStrokes: the coordinates are too far apart, from ${left}, ${top} to ${right}, ${bottom}.`,
  );
}

function boxOf(stroke: PenStroke): Placed {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < stroke.length; k += 2) {
    left = Math.min(left, stroke[k]);
    right = Math.max(right, stroke[k]);
    top = Math.min(top, stroke[k + 1]);
    bottom = Math.max(bottom, stroke[k + 1]);
  }
  return { left, top, right, bottom };
}

/** Of the strokes in which half of the height is: underlines have none, however long they are; upright rules count where there are no three other strokes that are much lower. */
function typicalHeight(marks: readonly Mark[]): number {
  const thick = marks.filter(({ left, top, right, bottom }) => right - left > THIN * (bottom - top));
  const [all, others] = [marks, thick].map((some) =>
    weightedMedian(some.map(({ top, bottom }) => ({ value: bottom - top, weight: bottom - top }))),
  );
  const alike = thick.filter(({ top, bottom }) => bottom - top >= LOW * others).length;
  return others > 0 && alike >= 3 && all > HUGE * others ? others : all;
}

/** The lines, and how many marks stand apart from them that are no digits: underlines and dots. What is smaller than the typical stroke makes lines of its own. */
function partedInLines(marks: readonly Mark[], height: number): { lines: Line<Mark>[]; apart: number } {
  const fitting = marks.filter((mark) => !isRule(mark, height));
  const groups = grouped(fitting, height);
  const lines = linesOf(groups, height);
  const placed = new Set(lines.flatMap((line) => line.marks));
  const left = groups.filter((mark) => !placed.has(mark));
  const small = left.filter(({ top, bottom }) => bottom - top > SPECK * height);
  const apart = marks.length - fitting.length + left.length - small.length;
  if (small.length === 0) return { lines, apart };
  const further = partedInLines(small, typicalHeight(small));
  const all = [...lines, ...further.lines].sort((a, b) => middleOf(a) - middleOf(b));
  return { lines: all, apart: apart + further.apart };
}

function isRule({ left, top, right, bottom }: Placed, height: number): boolean {
  const [width, own] = [right - left, bottom - top];
  return own > HUGE * height || (width > WIDEST * height && own < LOW * height);
}

function middleOf({ marks }: Line<Mark>): number {
  const { top, bottom } = unionOf(marks);
  return (top + bottom) / 2;
}

/** Strokes above each other, taken together until none is left: their order in time says nothing. */
function grouped(marks: readonly Mark[], height: number): Mark[] {
  const groups: Mark[] = [];
  const sorted = [...marks].sort((a, b) => b.right - b.left - (a.right - a.left));
  for (const mark of sorted) {
    const k = groups.findIndex((group) => isAbove(group, mark, height));
    if (k < 0) groups.push(mark);
    else groups[k] = { ...unionOf([groups[k], mark]), strokes: [...groups[k].strokes, ...mark.strokes] };
  }
  return groups;
}

function isAbove(a: Placed, b: Placed, height: number): boolean {
  const common = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const narrower = Math.min(a.right - a.left, b.right - b.left);
  const gap = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
  if (Math.max(a.right, b.right) - Math.min(a.left, b.left) > WIDEST * height) return false;
  return (narrower === 0 ? common >= 0 : common >= ABOVE * narrower) && gap < 0.3 * height;
}
