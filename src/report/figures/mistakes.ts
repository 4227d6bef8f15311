import type { Arm } from '../../study/arm.ts';
import { countOf } from '../../study/wording.ts';
import { imagePng } from '../imagePng.ts';
import type { ReportInput } from '../input.ts';
import type { Figure, FigureContext } from './figure.ts';
import { compose, FIGURE_WIDTH } from './figure.ts';
import { tilePlot } from './samples.ts';
import { cut, wordsIn } from '../dataWords.ts';

const SHOWN = 12;

/** A test image that at least one run gets wrong. */
export interface Mistake {
  readonly index: number;
  readonly trueClass: number;
  /** The wrong class given by most runs; the smaller one where they tie. */
  readonly predictedClass: number;
  /** Runs that are wrong, whatever they say. */
  readonly wrongRuns: number;
}

/** All mistakes of the arm's runs, in the order of the test set. */
export function mistakesOf(arm: Arm, labels: Uint8Array, predictions: ReportInput['predictions']): Mistake[] {
  const runs = arm.trials.flatMap((trial) => predictions.get(trial.key) ?? []);
  const mistakes: Mistake[] = [];
  for (let index = 0; index < labels.length; index++) {
    const trueClass = labels[index];
    const wrong = runs.map((run) => run[index]).filter((predicted) => predicted !== trueClass);
    if (wrong.length === 0) continue;
    const votes = new Map<number, number>();
    for (const predicted of wrong) votes.set(predicted, (votes.get(predicted) ?? 0) + 1);
    const [[predictedClass]] = [...votes].sort(([a, m], [b, n]) => n - m || a - b);
    mistakes.push({ index, trueClass, predictedClass, wrongRuns: wrong.length });
  }
  return mistakes;
}

/** Those that more than half of the runs get wrong; all, where there are none such. */
export function typicalMistakes(mistakes: readonly Mistake[], runs: number): readonly Mistake[] {
  const typical = mistakes.filter(({ wrongRuns }) => 2 * wrongRuns > runs);
  return typical.length > 0 ? typical : mistakes;
}

export interface MistakesData {
  readonly arm: Arm;
  readonly test: ReportInput['test'];
  readonly predictions: ReportInput['predictions'];
}

/** The first test images that most seeds get wrong, with the true and the most frequent wrong class. */
export function mistakesFigure(
  { arm, test, predictions }: MistakesData,
  context: FigureContext,
  columns = 4,
): Figure {
  const words = wordsIn(context);
  const name = (label: number, most: number): string => cut(words.classes[label], most);
  const runs = arm.trials.filter(({ key }) => predictions.has(key)).length;
  const shown = typicalMistakes(mistakesOf(arm, test.labels, predictions), runs).slice(0, SHOWN);
  const tiles = shown.map(({ index, trueClass, predictedClass, wrongRuns }, i) => ({
    label:
      words.one === 'digit'
        ? `True: ${trueClass} / Pred: ${predictedClass}`
        : `${name(trueClass, 8)} → ${name(predictedClass, 8)}`,
    detail: runs > 1 ? `${wrongRuns} of ${runs} seeds` : `image ${index}`,
    src: imagePng(test.images, index, words),
    column: i % columns,
    row: Math.floor(i / columns),
  }));
  const described = shown.map(
    ({ index, trueClass, predictedClass, wrongRuns }) =>
      `image ${index}, ${words.one === 'digit' ? `${article(trueClass)} ` : ''}${words.classes[trueClass]} taken for ${words.classes[predictedClass]}${runs > 1 ? ` (wrong with ${countOf(wrongRuns, 'seed')})` : ''}`,
  );
  const layout = tilePlot(tiles, context, columns, 2);
  return compose(context, {
    name: `mistakes-${arm.name}`,
    title: `Misclassified images – ${arm.label}`,
    subtitle:
      runs > 1
        ? `The first ${shown.length} test images that most of ${runs} seeds get wrong.`
        : `The first ${shown.length} test images that are classified wrongly.`,
    alt:
      shown.length === 0
        ? `${arm.label} makes no mistake.`
        : `Misclassified by ${arm.label}: ${described.join('; ')}.`,
    ...layout,
    width: Math.max(layout.width, FIGURE_WIDTH),
  });
}

function article(digit: number): string {
  return digit === 8 ? 'an' : 'a';
}
