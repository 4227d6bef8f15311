import { armsOf, meanConfusion, unitOf } from '../../study/arm.ts';
import { rankPairs } from '../../study/judgements/digits.ts';
import type { Results } from '../../study/results.ts';
import { capitalised, fixed } from '../../study/wording.ts';
import { wordsIn, wordsOfData } from '../dataWords.ts';
import type { Table } from '../table.ts';

const PAIRS = 8;

/** The pairs of classes most often confused, both directions, as means over the seeds, with the range of their sum. */
export function confusionsTable(results: Results): Table {
  const count = (value: number) => fixed(value, 1);
  const whole = (value: number) => fixed(value, 0);
  const { many, classes } = wordsIn(wordsOfData(results.data));
  return {
    name: 'confusions',
    caption: `The ${many} most often confused, mean counts over the ${unitOf(results.study)}s (a → b: a true a taken for b)`,
    columns: [
      { label: 'Arm' },
      { label: `${capitalised(many)} a,\u00a0b` },
      { label: 'a\u00a0→\u00a0b', format: count },
      { label: 'b\u00a0→\u00a0a', format: count },
      { label: 'Both', format: count },
      { label: 'Fewest', format: whole },
      { label: 'Most', format: whole },
    ],
    rows: armsOf(results).flatMap((arm) =>
      rankPairs(meanConfusion(arm))
        .slice(0, PAIRS)
        .map(({ a, b, aAsB, bAsA }) => {
          const sums = arm.trials.map(({ confusionMatrix: m }) => m[a][b] + m[b][a]);
          return [
            arm.label,
            `${classes[a]}, ${classes[b]}`,
            aAsB,
            bAsA,
            aAsB + bAsA,
            Math.min(...sums),
            Math.max(...sums),
          ];
        }),
    ),
  };
}
