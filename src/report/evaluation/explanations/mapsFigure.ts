import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { methodsOf } from '../../../analysis/explanations/methods.ts';
import { unpackMap } from '../../../analysis/explanations/packed.ts';
import { fromBase64 } from '../../../util/base64.ts';
import { listOf } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { gridPlot, signedLegend } from './grid.ts';
import { answerText, armLabel, METHOD_HEADS } from './words.ts';

/** Every method's map of every example. */
export function mapsFigure(x: Explanations, context: FigureContext): Figure {
  const { examples } = x;
  const methods = methodsOf(examples[0]?.maps ?? {});
  const digits = examples.map(({ image }) => fromBase64(image));
  const rows = [
    {
      label: 'Test image,\nand the answer',
      cells: examples.map((example, i) => ({
        digit: digits[i],
        map: null,
        caption: answerText(context, example),
        marked: example.answer !== example.trueClass,
      })),
    },
    ...methods.map((method) => ({
      label: METHOD_HEADS[method],
      cells: examples.map(({ maps }, i) => ({ digit: digits[i], map: unpackMap(maps[method]!) })),
    })),
  ];
  return compose(context, {
    name: `explanations-maps-${x.arm}`,
    title: `Which pixels the answers rest on, by every method – ${armLabel(x)}`,
    subtitle:
      'One column for each test image, fixed by rule and not picked. Blue: the pixel speaks for the answer given; orange: against it. Every picture is scaled for itself, so colours compare pixels of one picture, not pictures.',
    alt: `For ${examples.length} test images, answered ${listOf(examples.map((example) => answerText(context, example)))}, maps of ${methods.length} methods that mark which pixels speak for and against the answer. How far each method can be trusted stands in the table of checks.`,
    legend: signedLegend('speaks for the answer', 'speaks against it'),
    ...gridPlot([], rows, { cell: 44, labels: 146 }, context),
  });
}
