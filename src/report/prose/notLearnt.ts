import { accuracyOf } from '../../analysis/confusion.ts';
import { wilson } from '../../stats/wilson.ts';
import type { Arm } from '../../study/arm.ts';
import { listOf, percent } from '../../study/wording.ts';
import { wordsIn, wordsOfData } from '../dataWords.ts';
import type { Facts } from './facts.ts';

/** What an arm's networks answer where that is no better than one and the same answer to every image. */
export interface NotLearnt {
  readonly arm: Arm;
  /** Classes that some network answers every image with, in order; empty where not every network has a single answer. */
  readonly only: readonly number[];
  /** Share of the images that are of the commonest class: what one and the same answer gets right at best. */
  readonly constant: number;
}

/**
 * Null where some network is above the commonest class by the 95 % Wilson interval over its images, and where all images are of one class, of which
 * nothing can be told.
 */
export function notLearnt(arm: Arm): NotLearnt | null {
  const matrices = arm.trials.map(({ confusionMatrix }) => confusionMatrix);
  const classes = matrices[0].map((_, c) => sum(matrices.map((matrix) => sum(matrix[c]))));
  const constant = Math.max(...classes) / sum(classes);
  if (constant === 1) return null;
  const answers = matrices.map((matrix) =>
    matrix.flatMap((_, c) => (matrix.some((row) => row[c] > 0) ? [c] : [])),
  );
  if (answers.every(({ length }) => length === 1)) {
    return { arm, only: [...new Set(answers.flat())].sort((a, b) => a - b), constant };
  }
  const beats = matrices.some((matrix) => {
    const images = sum(matrix.flat());
    return wilson(Math.round(accuracyOf(matrix) * images), images).low > constant;
  });
  return beats ? null : { arm, only: [], constant };
}

/** Which arms learnt nothing that shows, arms of one kind in one sentence; '' where all learnt something. */
export function notLearntText({ arms, keptOut, results }: Facts): string {
  const { classes } = wordsIn(wordsOfData(results.data));
  const groups = new Map<string, { readonly found: NotLearnt; readonly names: string[] }>();
  for (const found of arms.map(notLearnt).filter((one) => one !== null)) {
    const key = `${found.only.join()}/${found.constant}`;
    const group = groups.get(key) ?? { found, names: [] };
    groups.set(key, group);
    group.names.push(found.arm.label);
  }
  return [...groups.values()]
    .map(({ found: { only, constant }, names }) => {
      const worth = `one and the same answer gets up to ${percent(constant)} of the ${keptOut} right`;
      if (only.length === 0) {
        return `With ${listOf(names)} it is not shown that anything was learnt: no network is clearly better than always giving the commonest answer, which gets ${percent(constant)} of the ${keptOut} right.`;
      }
      const each =
        only.length === 1
          ? `every image is answered with ${classes[only[0]]}`
          : `each network answers every image alike, with ${listOf(
              only.map((c) => classes[c]),
              'or',
            )}`;
      return `With ${listOf(names)} nothing was learnt that could be used: ${each}, and ${worth}.`;
    })
    .join(' ');
}

/** Whether that is so of every arm. */
export function noneLearnt({ arms }: Facts): boolean {
  return arms.every((arm) => notLearnt(arm) !== null);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
