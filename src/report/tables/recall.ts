import { clopperPearson } from '../../stats/binomial.ts';
import { mean } from '../../stats/describe.ts';
import { armsOf, unitOf } from '../../study/arm.ts';
import type { Results } from '../../study/results.ts';
import { fixed, grouped, percent } from '../../study/wording.ts';
import { wordsIn, wordsOfData } from '../dataWords.ts';
import type { Table } from '../table.ts';

/**
 * Recall of each class: mean, lowest and highest over the seeds, and the 95 % Clopper–Pearson interval for the number of
 * images that a typical run gets right (the mean count, rounded). The interval is about the choice of test images; the
 * range is about the seed.
 */
export function recallTable(results: Results): Table {
  const rate = (value: number) => percent(value);
  const unit = unitOf(results.study);
  const { one, classes } = wordsIn(wordsOfData(results.data));
  // Where the writers of the images are what differs.
  const alike = one === 'digit' ? ', as if each were by a writer of its own,' : '';
  return {
    name: 'recall',
    caption: `Recall of each ${one}: the share of its images that is recognised; 95 % Clopper–Pearson interval of the mean count, about other images${alike} and not other seeds. A mean over several runs varies less than the count of one: of five and more the interval covers 99 %, not 95 %`,
    columns: [
      { label: 'Arm' },
      one === 'digit' ? { label: 'Digit', format: (value) => fixed(value, 0) } : { label: 'Class' },
      { label: 'Images', format: grouped },
      { label: 'Mean right', format: (value) => fixed(value, 1) },
      { label: 'Mean recall', format: rate },
      { label: `Lowest ${unit}`, format: rate },
      { label: `Highest ${unit}`, format: rate },
      { label: '95 % low', format: rate },
      { label: '95 % high', format: rate },
    ],
    rows: armsOf(results).flatMap(({ label, trials }) =>
      trials[0].confusionMatrix.map((row, k) => {
        const named = one === 'digit' ? k : classes[k];
        const images = row.reduce((sum, count) => sum + count, 0);
        const right = trials.map((trial) => trial.confusionMatrix[k][k]);
        if (images === 0) return [label, named, 0, 0, null, null, null, null, null];
        const { low, high } = clopperPearson(Math.round(mean(right)), images);
        return [
          label,
          named,
          images,
          mean(right),
          mean(right) / images,
          Math.min(...right) / images,
          Math.max(...right) / images,
          low,
          high,
        ];
      }),
    ),
  };
}
