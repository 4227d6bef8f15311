import type { Picture } from '../images/scale.ts';
import type { Box, Reading } from './answer.ts';
import { checkPicture, type Grey, greyOf } from './grey.ts';
import { chainsOf, linesOf, type Placed } from './lines.ts';
import { type Marks, marksIn, marksOf } from './marks.ts';
import { notesOn } from './notes.ts';
import { piecesOf } from './pieces.ts';
import type { Plane } from './plane.ts';
import type { Reader } from './reader.ts';
import { type ReadingOptions, sureFromOf } from './readingOptions.ts';
import { readLines, type WrittenLine } from './readLines.ts';
import { slopeOf, type Turn, turned, turnFor } from './skew.ts';
import { wholeDigits } from './wholeDigits.ts';

/** How far apart digits are, in their heights, that tell how a line is inclined. */
const BESIDE = 3;
const TALL = 0.5;

/**
 * Reads the digits in a picture, line by line, as numbers: on paper of any texture, dark on light or light on dark, in shadow, on ruled lines, a little askew, touching. Pure, and
 * the same answer everywhere: + − × ÷ and square roots only. A picture without digits gives an empty list and a note. Throws E_ARGUMENT or E_SHAPE for what is no picture
 * or no reader.
 */
export function readDigits(picture: Picture, reader: Reader, options: ReadingOptions = {}): Reading {
  checkPicture(picture);
  const sureFrom = sureFromOf('readDigits', reader, options);
  const grey = greyOf(picture);
  const found = marksOf(grey);
  const { marks, turn } = levelled(found, grey);
  const level = linesOf(marks.components, marks.height);
  const isWhole = wholeDigits(level, marks, reader);
  const lines = level.map((line): WrittenLine => {
    const pieces = piecesOf(line, marks.ink, marks.labels, marks.floor, isWhole);
    return {
      ...pieces,
      boxIn: (box) => inPicture(box, turn, grey, picture),
      cropOf: (from, to) => pictureOf(pieces.inkOf(from, to)),
    };
  });
  const numbers = readLines(lines, reader, sureFrom);
  return {
    width: picture.columns,
    height: picture.rows,
    numbers,
    notes: notesOn(numbers, found),
  };
}

/** The marks, and the turn by which their lines were made level. */
function levelled(marks: Marks, grey: Grey): { marks: Marks; turn?: Turn } {
  const tall = marks.components.filter(({ top, bottom }) => bottom - top >= TALL * marks.height);
  const slope = slopeOf(chainsOf(tall, BESIDE));
  if (slope === 0) return { marks };
  const turn = turnFor(slope, grey);
  return { marks: marksIn(turned(marks.ink, turn), marks.noise), turn };
}

function pictureOf({ data, rows, columns }: Plane): Picture {
  const bytes = Uint8Array.from(data, (value) => Math.min(255, Math.floor(value + 0.5)));
  return { data: bytes, rows, columns, channels: 1 };
}

/** A box of the plane that was read, in pixels of the picture; of a turned one the upright box around it. */
function inPicture(
  { left, top, right, bottom }: Placed,
  turn: Turn | undefined,
  { factor }: Grey,
  picture: Picture,
): Box {
  const corners = [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ].map(([x, y]) => (turn ? turn.back(x, y) : [x, y]));
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, value * factor));
  const xs = corners.map(([x]) => within(x, picture.columns));
  const ys = corners.map(([, y]) => within(y, picture.rows));
  const [x0, y0] = [Math.floor(Math.min(...xs)), Math.floor(Math.min(...ys))];
  return {
    left: x0,
    top: y0,
    width: Math.ceil(Math.max(...xs)) - x0,
    height: Math.ceil(Math.max(...ys)) - y0,
  };
}
