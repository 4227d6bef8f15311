import type { Picture } from '../images/scale.ts';
import type { Box, NumberReading } from './answer.ts';
import { judged } from './doubt.ts';
import type { Placed } from './lines.ts';
import { numbersOf, type StandingDigit } from './numbers.ts';
import { bestPath, segmentsOf, type Sequence } from './path.ts';
import { OUTPUTS, recognised } from './recognise.ts';
import type { Reader } from './reader.ts';
import type { SureFrom } from './sureFrom.ts';

/** The pieces of one line, and how digits made of pieces `from` to `to`, both included, look. */
export interface WrittenLine extends Sequence {
  /** Images like MNIST's, 784 bytes: one, or several where it is not clear what ink belongs to it. And the box of the ink. */
  readonly partOf: (
    from: number,
    to: number,
  ) => { readonly images: readonly Uint8Array[]; readonly box: Placed };
  readonly cropOf: (from: number, to: number) => Picture;
  /** A box of the line in the unit of the answer. */
  readonly boxIn: (box: Placed) => Box;
}

/** The numbers of all lines: every group of neighbouring pieces that may be a digit is read, its probabilities the means over its images, then each line is divided. */
export function readLines(
  lines: readonly WrittenLine[],
  reader: Reader,
  sureFrom: SureFrom,
): NumberReading[] {
  const divided = lines.map((line) => {
    const parts = segmentsOf(line).map(({ from, to }) => ({ from, to, ...line.partOf(from, to) }));
    return { line, segments: parts, images: parts.map(({ images }) => images) };
  });
  const probabilities = recognised(
    reader,
    divided.flatMap(({ images }) => images.flat()),
  );
  let first = 0;
  return divided.flatMap(({ line, segments, images }, place) => {
    const own = new Float64Array(segments.length * OUTPUTS);
    images.forEach(({ length }, k) => {
      for (let i = 0; i < length * OUTPUTS; i++) {
        own[k * OUTPUTS + (i % OUTPUTS)] += probabilities[first * OUTPUTS + i] / length;
      }
      first += length;
    });
    const digits = bestPath(line, segments, own).map((k): StandingDigit => {
      const { from, to, box } = segments[k];
      const digit = {
        ...judged(own.subarray(k * OUTPUTS, (k + 1) * OUTPUTS), sureFrom),
        box: line.boxIn(box),
        crop: line.cropOf(from, to),
        image: images[k][0],
      };
      return { digit, left: box.left, right: box.right };
    });
    return numbersOf(digits, line.height, place);
  });
}
