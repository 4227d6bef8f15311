import type { ArmDrawings, Drawings, DrawnChange } from '../../../analysis/drawings/measure.ts';
import { mean } from '../../../stats/describe.ts';
import { armLabel, coloursOf } from '../../../study/arm.ts';
import { countOf, percent } from '../../../study/wording.ts';
import type { Theme } from '../../theme.ts';
import { changeText } from '../estimate.ts';

/** An arm as it is written and coloured. */
export interface ShownArm extends ArmDrawings {
  readonly label: string;
  /** Mean error on the test images. */
  readonly testError: number;
  readonly colour: string;
  colourIn(theme: Theme): string;
}

/** More arms than this are in the tables only. */
const MOST_DRAWN = 4;

export function shownArms({ arms }: Drawings): ShownArm[] {
  const colours = coloursOf(arms.map(({ arm, activation }) => ({ name: arm, activation })));
  return arms.map((arm, i) => ({
    ...arm,
    label: armLabel(arm.arm, arm.activation),
    testError: mean(arm.networks.map(({ testError }) => testError)),
    colour: colours[i],
    colourIn: (theme) => theme.arm(colours[i]),
  }));
}

export function drawnArms(drawings: Drawings): ShownArm[] {
  return shownArms(drawings).slice(0, MOST_DRAWN);
}

export function networksText({ arms }: Drawings): string {
  const counts = arms.map(({ networks }) => networks.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return arms.length === 1 ? 'one network' : 'one network of each arm';
  const number = least === most ? countOf(most, 'seed') : `${least} to ${countOf(most, 'seed')}`;
  return `mean over ${number}${arms.length === 1 ? '' : ' of each arm'}`;
}

/** What intervals are over. */
export function unitsText({ arms }: Drawings): string {
  return arms.some(({ networks }) => networks.length > 1) ? 'seeds and writers' : 'writers';
}

/** The share read correctly, with its interval. */
export function readText({ error: { rate, interval } }: ArmDrawings): string {
  const range =
    interval === null ? '' : ` (${(100 * (1 - interval[1])).toFixed(2)} to ${percent(1 - interval[0])})`;
  return `${percent(1 - (rate ?? 1))}${range}`;
}

/** '+0.33 points (95 % interval …)' */
export function drawnText({ networks, mean: value, low, high }: DrawnChange): string {
  return changeText({ n: networks, mean: value, low, high });
}
