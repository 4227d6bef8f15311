import type { ArmUntouched, CrossedMean, Untouched } from '../../../analysis/untouched/measure.ts';
import { mean } from '../../../stats/describe.ts';
import { armLabel, coloursOf } from '../../../study/arm.ts';
import { tooFewText } from '../../../study/verdict.ts';
import { countOf, fixed, grouped, NO_BREAK_SPACE, percent, points } from '../../../study/wording.ts';
import { changeText, fewText, signOf } from '../estimate.ts';

/** An arm as it is written and coloured. */
export interface ShownArm extends ArmUntouched {
  readonly label: string;
  readonly colour: string;
  readonly accuracy: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
}

/** More arms than this are in the tables only. */
export const MOST_DRAWN = 4;

export function shownArms({ arms }: Untouched): ShownArm[] {
  const colours = coloursOf(arms.map(({ arm, activation }) => ({ name: arm, activation })));
  return arms.map((arm, i) => ({
    ...arm,
    label: armLabel(arm.arm, arm.activation),
    colour: colours[i],
    accuracy: 1 - (arm.error.rate ?? 1),
    testAccuracy: mean(arm.networks.map(({ testAccuracy }) => testAccuracy)),
    testLoss: mean(arm.networks.map(({ testLoss }) => testLoss)),
  }));
}

export function networksText({ arms }: Untouched): string {
  const counts = arms.map(({ networks }) => networks.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return arms.length === 1 ? 'one network' : 'one network of each arm';
  const number = least === most ? countOf(most, 'seed') : `${least} to ${countOf(most, 'seed')}`;
  return `mean over ${number}${arms.length === 1 ? '' : ' of each arm'}`;
}

/** What intervals are over. */
export function unitsText({ arms }: Untouched): string {
  return arms.some(({ networks }) => networks.length > 1) ? 'seeds and writers' : 'writers';
}

/** How an arm does on these images, beside the published ones. */
export function armSentence({ images, testImages }: Untouched, arm: ShownArm): string {
  const { label, error, accuracy, testAccuracy, loss, testLoss, change } = arm;
  const range =
    error.interval === null
      ? ''
      : ` (95${NO_BREAK_SPACE}% interval ${fixed(100 * (1 - error.interval[1]), 2)} to ${percent(1 - error.interval[0])})`;
  const side = {
    above: 'more than there',
    below: 'less than there',
    few: tooFewText(estimate(change)),
    open: 'not shown to be another share than there',
  }[signOf(estimate(change))];
  return `${label} reads ${percent(accuracy)}${range} of the ${grouped(images)} images that nobody tuned on, and ${percent(testAccuracy)} of the ${grouped(testImages)} published ones: ${changeText(estimate(change))}, ${side}. Its loss is ${lossText(loss)}, and ${fixed(testLoss, 4)} there.`;
}

/** '0.1034 (95 % interval 0.1001 to 0.1067)' */
function lossText({ mean: value, low, high }: CrossedMean): string {
  return `${fixed(value, 4)} (95${NO_BREAK_SPACE}% interval ${fixed(low, 4)} to ${fixed(high, 4)})`;
}

function estimate({ networks, differ, mean: value, low, high }: CrossedMean): Parameters<typeof signOf>[0] {
  return { n: networks, differ, mean: value, low, high };
}

/** What of the gain on the published images is left, of each other arm against the first. */
export function gainSentences(untouched: Untouched): string[] {
  const labels = new Map(shownArms(untouched).map(({ arm, label }) => [arm, label]));
  return untouched.differences.map(({ first, second, test, accuracy, loss, change }) => {
    const [a, b] = [labels.get(first)!, labels.get(second)!];
    const levels = `${a} minus ${b}: ${points(test)} on the published images, ${changeText(estimate(accuracy))} on those that nobody tuned on; loss ${signedLoss(loss)}.`;
    return `${levels} ${survivalText(test, accuracy, change)}`;
  });
}

function signedLoss({ mean: value, low, high }: CrossedMean): string {
  const sign = (x: number): string => `${x < 0 ? '−' : '+'}${fixed(Math.abs(x), 4)}`;
  return `${sign(value)} (95${NO_BREAK_SPACE}% interval ${sign(low)} to ${sign(high)})`;
}

function survivalText(test: number, accuracy: CrossedMean, change: CrossedMean): string {
  if (test === 0) return 'On the published images there is no gain that could be lost.';
  const left = accuracy.mean / test;
  const kept =
    change.high - change.low > 2 * Math.abs(test)
      ? 'The gain on the published images is smaller than what is left open of its change, so that no share of it is told'
      : left <= 0
        ? 'Nothing of the gain is left'
        : `${percent(left, 0)} of the gain is left`;
  const moved = signOf(estimate(change));
  const shrinks = test > 0 ? 'below' : 'above';
  const certain =
    moved === 'open' || moved === 'few'
      ? 'that it changes is not shown'
      : moved === shrinks
        ? 'that it shrinks is shown'
        : 'that it grows is shown';
  return `${kept}; ${certain} (change ${changeText(estimate(change))}${fewText(estimate(change))}).`;
}
