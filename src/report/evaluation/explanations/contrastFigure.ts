import type { Example } from '../../../analysis/explanations/examples.ts';
import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { type PackedMap, unpackMap } from '../../../analysis/explanations/packed.ts';
import { listOf } from '../../../study/wording.ts';
import { fromBase64 } from '../../../util/base64.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { gridPlot, signedLegend } from './grid.ts';
import { armLabel } from './words.ts';
import { shortName, wordsIn } from '../../dataWords.ts';

const SHOWN = 8;

/** Why this digit and not that one: the mistakes, then the examples whose second most probable digit came nearest. */
export function contrastFigure(x: Explanations, context: FigureContext): Figure {
  const { one, classes } = wordsIn(context);
  const shown = closest(x.examples).slice(0, SHOWN);
  const row = (label: string, mapOf: (example: Example) => PackedMap | null) => ({
    label,
    cells: shown.map((example) => {
      const map = mapOf(example);
      return { digit: fromBase64(example.image), map: map && unpackMap(map) };
    }),
  });
  const questions = shown.map(({ answer, rival }) => question(context, answer, rival));
  return compose(context, {
    name: `explanations-contrast-${x.arm}`,
    title: `Why this ${one} and not that one – ${armLabel(x)}`,
    subtitle: `Integrated gradients from blank paper. The last row is the second less the third: what tips the answer from one ${one} to the other. For a mistake the other ${one} is the true one, else the second most probable.`,
    alt: `Contrasts for ${shown.length} test images: ${listOf(shown.map(({ answer, rival, trueClass }) => `why ${classes[answer]} and not ${classes[rival]}${answer === trueClass ? '' : ' (a mistake)'}`))}.`,
    legend: signedLegend('speaks for', 'speaks against'),
    ...gridPlot(
      questions,
      [
        {
          label: 'Test image',
          cells: shown.map((example) => ({
            digit: fromBase64(example.image),
            map: null,
            caption: example.answer === example.trueClass ? 'right' : 'wrong',
            marked: example.answer !== example.trueClass,
          })),
        },
        row(`For the ${one}\nanswered`, ({ contrast }) => contrast.answer),
        row(`For the other\n${one}`, ({ contrast }) => contrast.rival),
        row('The difference', ({ contrast }) => contrast.difference),
      ],
      { cell: 72, labels: 112 },
      context,
    ),
  });
}

function closest(examples: readonly Example[]): Example[] {
  const wrong = ({ answer, trueClass }: Example): number => Number(answer !== trueClass);
  return [...examples].sort(
    (a, b) => wrong(b) - wrong(a) || b.probabilities[b.rival] - a.probabilities[a.rival] || a.index - b.index,
  );
}

function question(context: FigureContext, answer: number, rival: number): string {
  const words = wordsIn(context);
  return words.one === 'digit' ? `${answer}, not ${rival}` : shortName(words, answer);
}
