import type { Example } from '../../../analysis/explanations/examples.ts';
import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { unpackMap } from '../../../analysis/explanations/packed.ts';
import { fixed, listOf } from '../../../study/wording.ts';
import { fromBase64 } from '../../../util/base64.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { differenceOf } from './changeFigure.ts';
import { type GridRow, gridPlot, signedLegend } from './grid.ts';
import { armLabel, METHOD_LABELS, preferredMethod, sureness } from './words.ts';
import { shortName, wordsIn } from '../../dataWords.ts';

const NEIGHBOURS = 3;

/** The example answered wrongly with most confidence, and the first one answered correctly; each only where there is one. */
export function shownDecisions({ examples }: Explanations): Example[] {
  const right = examples.find(({ answer, trueClass }) => answer === trueClass);
  const wrong = examples
    .filter(({ answer, trueClass }) => answer !== trueClass)
    .reduce<Example | undefined>(
      (surest, one) =>
        surest === undefined || one.probabilities[one.answer] > surest.probabilities[surest.answer]
          ? one
          : surest,
      undefined,
    );
  return [right, wrong].filter((one) => one !== undefined);
}

/** Single decisions as a user would get them explained: reasons, contrast, smallest change, training images. */
export function decisionFigure(x: Explanations, context: FigureContext): Figure {
  const words = wordsIn(context);
  const { classes } = words;
  const name = (label: number): string => shortName(words, label);
  const a = words.one === 'digit' ? 'a ' : '';
  const decisions = shownDecisions(x);
  const method = preferredMethod(x);
  const rows = decisions.map((example): GridRow => {
    const digit = fromBase64(example.image);
    const { counterfactual: change, neighbours } = example;
    return {
      label: `Read as ${name(example.answer)},\n${sureness(example)} sure;\n${example.answer === example.trueClass ? 'correct' : `in truth ${name(example.trueClass)}`}`,
      cells: [
        { digit, map: null, caption: `test image ${example.index}` },
        { digit, map: unpackMap(example.maps[method]!), caption: `why ${name(example.answer)}` },
        { digit, map: unpackMap(example.contrast.difference), caption: `and not ${name(example.rival)}` },
        {
          digit,
          map: differenceOf(digit, change && fromBase64(change.image)),
          caption:
            change === null ? 'no change found' : `${a}${name(change.after)} by ${fixed(change.distance, 2)}`,
        },
        ...(neighbours ?? []).slice(0, NEIGHBOURS).map(({ image, label }) => ({
          digit: fromBase64(image),
          map: null,
          caption: `${a}${name(label)}`,
          marked: label !== example.answer,
        })),
      ],
    };
  });
  return compose(context, {
    name: `explanations-decision-${x.arm}`,
    title: `Single decisions, explained – ${armLabel(x)}`,
    subtitle: `From left to right: the image; what speaks for and against the answer (${METHOD_LABELS[method]}); what decides between it and the next ${words.one}; the smallest change found that turns the answer; the most similar training images with their labels.`,
    alt: `Explained decisions: ${listOf(
      decisions.map(
        ({ index, answer, trueClass, rival, counterfactual }) =>
          `test image ${index} read as ${classes[answer]}${answer === trueClass ? ', correctly' : `, in truth ${classes[trueClass]}`}, contrasted with ${classes[rival]}, ${counterfactual === null ? 'no change found that turns it' : `turned to ${classes[counterfactual.after]} by a change of ${fixed(counterfactual.distance, 2)}`}`,
      ),
    )}.`,
    legend: signedLegend('speaks for the answer, or ink added', 'speaks against, or ink removed'),
    ...gridPlot([], rows, { cell: 86, labels: 112 }, context),
  });
}
