import { Answers, BEHIND } from '../models/answers.ts';
import type { ServedModel } from '../models/model.ts';
import type { ReadAnswer, Rows } from './task.ts';

/** What was read, in the form in which the server writes down, counts and keeps answers: of one picture or of several. */
export function answersOf(model: ServedModel, parts: readonly Rows[], coverage: number): Answers {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const classes = model.classes.length;
  const width = classes + BEHIND;
  const rows = new Float64Array(count * width);
  let to = 0;
  for (const { probabilities, count: own } of parts) {
    const outputs = own === 0 ? 0 : probabilities.length / own;
    for (let i = 0; i < own; i++, to += width) {
      const row = probabilities.subarray(i * outputs, i * outputs + classes);
      const order = Array.from(row.keys()).sort((a, b) => row[b] - row[a] || a - b);
      rows.set(row, to);
      rows[to + classes] = outputs > classes ? probabilities[i * outputs + classes] : 0;
      rows[to + classes + 1] = order[0];
      rows[to + classes + 2] = order[1];
    }
  }
  return new Answers(model, rows, 0, count, coverage);
}

/** One picture's answer as it is sent: `answers` from row `from` on are its own. */
export function printedAnswer(answer: ReadAnswer, answers: Answers, from: number): Record<string, unknown> {
  const { classes } = answers.model;
  const setOf = (i: number): { set?: string[] } => {
    const set = answers.set(from + i);
    return set === undefined ? {} : { set: set.map((k) => classes[k]) };
  };
  if (answer.kind === 'class') {
    const { label, second, probabilities, ...rest } = answer.reading;
    return {
      class: classes[label],
      label,
      ...rest,
      second: classes[second],
      probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]])),
      ...setOf(0),
    };
  }
  const { numbers, ...rest } = answer.reading;
  let i = 0;
  return {
    ...rest,
    numbers: numbers.map((number) => ({
      ...number,
      digits: number.digits.map((digit) => {
        const crop = answer.crops?.[i];
        return { ...digit, ...setOf(i++), ...(crop !== undefined && { crop }) };
      }),
    })),
  };
}
