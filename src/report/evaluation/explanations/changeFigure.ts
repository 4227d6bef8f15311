import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { fixed, listOf } from '../../../study/wording.ts';
import { fromBase64 } from '../../../util/base64.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { gridPlot, signedLegend } from './grid.ts';
import { answerText, armLabel } from './words.ts';
import { shortName, wordsIn } from '../../dataWords.ts';

/** The smallest change found that turns each example's answer, as ink added and removed. */
export function changeFigure(x: Explanations, context: FigureContext): Figure {
  const { examples } = x;
  const digits = examples.map(({ image }) => fromBase64(image));
  const changed = examples.map(({ counterfactual }) => counterfactual && fromBase64(counterfactual.image));
  const name = (label: number): string => wordsIn(context).classes[label];
  const described = examples.map((example) =>
    example.counterfactual === null
      ? `image ${example.index}: none found`
      : `image ${example.index} from ${name(example.answer)} to ${name(example.counterfactual.after)} by ${fixed(example.counterfactual.distance, 2)}`,
  );
  return compose(context, {
    name: `explanations-change-${x.arm}`,
    title: `The smallest change found that turns the answer – ${armLabel(x)}`,
    subtitle:
      'Size: the square root of the sum of squared changes, where 1 is one pixel from paper to full ink. The middle row shows the change by itself, its colours scaled to its largest values; the bottom row is what the network then answers otherwise. A smaller change may exist.',
    alt: `Smallest changes found: ${listOf(described)}.`,
    legend: signedLegend('ink added', 'ink removed'),
    ...gridPlot(
      [],
      [
        {
          label: 'Test image,\nand the answer',
          cells: examples.map((example, i) => ({
            digit: digits[i],
            map: null,
            caption: answerText(context, example),
            marked: example.answer !== example.trueClass,
          })),
        },
        {
          label: 'The change,\nand its size',
          cells: examples.map(({ counterfactual }, i) => ({
            digit: null,
            map: differenceOf(digits[i], changed[i]),
            caption: counterfactual === null ? 'none' : fixed(counterfactual.distance, 2),
          })),
        },
        {
          label: 'Changed image,\nand the answer',
          cells: examples.map(({ counterfactual }, i) => ({
            digit: changed[i],
            map: null,
            caption: counterfactual === null ? '–' : shortName(wordsIn(context), counterfactual.after),
          })),
        },
      ],
      { cell: 46, labels: 118 },
      context,
    ),
  });
}

export function differenceOf(before: Uint8Array, after: Uint8Array | null): Float32Array | null {
  return after && Float32Array.from(after, (byte, p) => byte - before[p]);
}
