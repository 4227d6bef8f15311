import { type Evaluation, resultsOfPart } from '../../../study/evaluation/record.ts';
import { grouped } from '../../../study/wording.ts';
import type { PartReport } from '../part.ts';
import { POINTS } from './points.ts';
import { wordsIn } from '../../dataWords.ts';
import { wordsOfEvaluation } from '../evaluationWords.ts';

/** E12, where the drawings that come with Dactyl do not fill it. */
export function dataTypesPoint(evaluation: Evaluation): PartReport {
  const { data } = evaluation;
  const { set } = data;
  const { name } = wordsIn(wordsOfEvaluation(evaluation));
  const drawn = resultsOfPart(evaluation, 'drawings').length > 0;
  if (drawn && !data.own) return { figures: () => [], tables: [], highlights: [], pages: () => [] };
  return {
    figures: () => [],
    tables: [],
    highlights: [],
    pages: () => [
      {
        point: 'E12',
        ...POINTS.E12,
        status: data.own ? 'measured' : 'not measured',
        measured: data.own
          ? `This evaluation is about ${grouped(data.testImages)} test images of the user’s own, from IDX files, instead of ${name}’s. Whatever else these pages say of test images is about them.`
          : set
            ? `Only ${set.name}’s own images were used: ${set.shape.join(' × ')}, ${grouped(set.classes.length)} classes. Other images of that size with labels are read too: dactyl evaluate … --images FILE --labels FILE.`
            : 'Only MNIST’s own images were used. Other 28 × 28 images with labels are measured with dactyl evaluate … --images FILE --labels FILE; networks for images of any other kind are trained and evaluated with --data (IDX, NumPy, CSV, Parquet, pictures in folders).',
        body: null,
        follows: data.own
          ? [`The accuracy on the first page is that on these images, and the one to compare with ${name}’s.`]
          : [],
        unknown: [
          data.own
            ? 'How these images were collected, and whether they stand for those of the use.'
            : set
              ? 'How these networks read such images from any other source.'
              : 'How these networks read digits from any other source: other pens, scanners, countries or scripts.',
        ],
      },
    ],
  };
}
