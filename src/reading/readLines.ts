import type { Picture } from '../images/scale.ts';
import type { Box, NumberReading } from './answer.ts';
import { judged } from './doubt.ts';
import type { Placed } from './lines.ts';
import { numbersOf, type StandingDigit } from './numbers.ts';
import { bestPath, segmentsOf, type Sequence } from './path.ts';
import { OUTPUTS, recognised } from './recognise.ts';
import type { Reader } from './reader.ts';

/** The pieces of one line, and how digits made of pieces `from` to `to`, both included, look. */
export interface WrittenLine extends Sequence {
  /** Like MNIST's, 784 bytes. */
  readonly imageOf: (from: number, to: number) => Uint8Array;
  readonly cropOf: (from: number, to: number) => Picture;
  /** A box of the line in the unit of the answer. */
  readonly boxIn: (box: Placed) => Box;
}

/** The numbers of all lines: every group of neighbouring pieces that may be a digit is read, then each line is divided. */
export function readLines(lines: readonly WrittenLine[], reader: Reader, sureFrom: number): NumberReading[] {
  const divided = lines.map((line) => ({ line, segments: segmentsOf(line) }));
  const images = divided.flatMap(({ line, segments }) =>
    segments.map(({ from, to }) => line.imageOf(from, to)),
  );
  const probabilities = recognised(reader, images);
  let first = 0;
  return divided.flatMap(({ line, segments }, place) => {
    const own = probabilities.subarray(first * OUTPUTS, (first + segments.length) * OUTPUTS);
    const ownImages = images.slice(first, first + segments.length);
    first += segments.length;
    const digits = bestPath(line, segments, own).map((k): StandingDigit => {
      const { from, to, box } = segments[k];
      const digit = {
        ...judged(own.subarray(k * OUTPUTS, (k + 1) * OUTPUTS), sureFrom),
        box: line.boxIn(box),
        crop: line.cropOf(from, to),
        image: ownImages[k],
      };
      return { digit, left: box.left, right: box.right };
    });
    return numbersOf(digits, line.height, place);
  });
}
