import type { Reading } from './answer.ts';

/** What was read as plain data for JSON, without pixels. */
export type PlainReading = ReturnType<typeof plainReading>;

export function plainReading({ width, height, numbers, notes }: Reading) {
  return {
    width,
    height,
    numbers: numbers.map(({ text, confidence, notSure, line, box, digits }) => ({
      text,
      confidence,
      ...(notSure !== undefined && { notSure }),
      line,
      box,
      digits: digits.map(
        ({ digit, second, confidence: share, none, notSure: reason, probabilities, box: own }) => ({
          digit,
          confidence: share,
          second,
          none,
          ...(reason !== undefined && { notSure: reason }),
          probabilities: Array.from(probabilities),
          box: own,
        }),
      ),
    })),
    notes,
  };
}
