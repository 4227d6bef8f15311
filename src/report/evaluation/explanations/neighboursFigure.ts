import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { countOf, grouped } from '../../../study/wording.ts';
import { fromBase64 } from '../../../util/base64.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { gridPlot } from './grid.ts';
import { answerText, armLabel } from './words.ts';
import { shortName, wordsIn } from '../../dataWords.ts';

/** The training images that the network sees as most like each example. */
export function neighboursFigure(x: Explanations, context: FigureContext): Figure {
  const shown = x.examples.flatMap((example) =>
    example.neighbours === null ? [] : [{ ...example, neighbours: example.neighbours }],
  );
  const most = Math.max(0, ...shown.map(({ neighbours }) => neighbours.length));
  const agreeing = shown.filter(({ answer, neighbours }) =>
    neighbours.every(({ label }) => label === answer),
  );
  const ranks = ['Nearest training\nimage', 'Second', 'Third', 'Fourth', 'Fifth'];
  return compose(context, {
    name: `explanations-neighbours-${x.arm}`,
    title: `Training images that the network takes for most alike – ${armLabel(x)}`,
    subtitle: `Nearest in the outputs of the last hidden layer, among ${grouped(x.trainingImages)} training images; below each its label, orange where it is not the answer given.`,
    alt: `For ${countOf(shown.length, 'test image')} the five nearest training images by the last hidden layer. For ${agreeing.length} of them all five bear the label that the network answers.`,
    ...gridPlot(
      [],
      [
        {
          label: 'Test image,\nand the answer',
          cells: shown.map((example) => ({
            digit: fromBase64(example.image),
            map: null,
            caption: answerText(context, example),
            marked: example.answer !== example.trueClass,
          })),
        },
        ...Array.from({ length: most }, (_, rank) => ({
          label: ranks[rank],
          cells: shown.map(({ answer, neighbours }) => {
            const one = neighbours.at(rank);
            return one === undefined
              ? null
              : {
                  digit: fromBase64(one.image),
                  map: null,
                  caption: shortName(wordsIn(context), one.label),
                  marked: one.label !== answer,
                };
          }),
        })),
      ],
      { cell: 46, labels: 118 },
      context,
    ),
  });
}
