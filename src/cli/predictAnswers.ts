import { plainReading } from '../reading/plainReading.ts';
import type { Answered } from '../report/reading/answered.ts';
import type { ErrorCode } from '../util/errors.ts';

/** What a picture or a drawing was answered with, as `--json` prints it. */
export type PrintedAnswer = ReturnType<typeof printedAnswer>;

/** What could not be read. */
export interface Failure {
  readonly file: string;
  readonly line?: number;
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

/** Without pixels, as plain data. */
export function printedAnswer(answered: Answered) {
  const { file, line } = answered;
  const place = { file, ...(line !== undefined && { line }) };
  if (answered.kind === 'class') {
    const { label, second, probabilities, confidence, notSure } = answered.reading;
    const { classes } = answered;
    return {
      ...place,
      class: classes[label],
      label,
      confidence,
      second: classes[second],
      ...(notSure !== undefined && { notSure }),
      probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]])),
    };
  }
  return { ...place, ...plainReading(answered.reading) };
}
