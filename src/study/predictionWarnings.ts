import type { AlignedPredictions, ModelRun } from '../analysis/alignPredictions.ts';
import { wilson } from '../stats/wilson.ts';
import { areCopies } from './pairRuns.ts';
import { countOf, grouped, percent } from './wording.ts';

/** From this share of right answers on another numbering of labels or order of rows is told of. */
const EXPLAINS = 0.5;

/**
 * What makes accuracies say little of the models: images of one class, and answers below chance (Wilson's interval at 95 % below one in k of the k
 * classes), as labels that are off by one or rows in another order give.
 */
export function predictionWarnings(predictions: AlignedPredictions): string[] {
  const { labels, classes, models } = predictions;
  const present = new Set(labels);
  const warnings: string[] = [];
  if (present.size === 1) {
    warnings.push(
      `${labels.length === 1 ? 'The only image is' : `All ${countOf(labels.length, 'image')} are`} of the class ${classes[labels[0]]}: images of one class cannot tell a model that reads from one that gives this answer to everything.`,
    );
  }
  for (const { name, runs } of models) {
    if (areCopies(runs)) {
      warnings.push(
        `${name}: all ${countOf(runs.length, 'run')} give the same answers: does the seed reach the training? Copies are no evidence about seeds.`,
      );
    }
    const low = runs.find((run) => wilson(rightOf(run), labels.length).high < 1 / classes.length);
    if (low === undefined) continue;
    warnings.push(
      `${name}${low.seed === null ? '' : `, seed ${low.seed}`}: ${grouped(rightOf(low))} of ${countOf(labels.length, 'image')} right is below the ${percent(1 / classes.length, 1)} of guessing among ${classes.length} classes. ${explanation(low, predictions)}`,
    );
  }
  return warnings;
}

function rightOf({ right }: ModelRun): number {
  return right.reduce((sum, one) => sum + one, 0);
}

/** What would make many more right, if anything does. */
function explanation({ predicted }: ModelRun, { labels, classes }: AlignedPredictions): string {
  const numbers = classes.map(Number);
  const share = (right: (i: number) => boolean): number =>
    predicted.reduce((sum, _, i) => sum + (right(i) ? 1 : 0), 0) / predicted.length;
  const moved = (by: number) => share((i) => numbers[predicted[i]] + by === numbers[labels[i]]);
  const shifted = (by: number) => share((i) => predicted[i] === labels[i + by]);
  const found = [
    { share: moved(1), text: 'were each prediction one higher' },
    { share: moved(-1), text: 'were each prediction one lower' },
    { share: shifted(1), text: 'were each prediction about the next row' },
    { share: shifted(-1), text: 'were each prediction about the row before' },
  ].find((one) => one.share >= EXPLAINS);
  return found === undefined
    ? 'Are labels and predictions numbered alike, and the rows in one order?'
    : `${percent(found.share, 1)} would be right ${found.text}: number both alike, and keep the rows in one order.`;
}
