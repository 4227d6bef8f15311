import type { ArmDrawings, Drawings as Measured, DrawnChange } from '../../../analysis/drawings/measure.ts';
import { mean } from '../../../stats/describe.ts';
import { armLabel, coloursOf } from '../../../study/arm.ts';
import { countOf, listOf, percent } from '../../../study/wording.ts';
import type { Theme } from '../../theme.ts';
import type { Estimate } from '../../../study/evaluation/evidence.ts';
import { changeText } from '../estimate.ts';

/** As measured, and what is known of how the arms were trained. */
export interface Drawings extends Measured {
  /** Arms that were trained on the very drawings (`extraData`): what they read of them is not what they read of strangers. */
  readonly learnt?: readonly string[];
}

/** An arm as it is written and coloured. */
export interface ShownArm extends ArmDrawings {
  readonly label: string;
  /** It was trained on the drawings. */
  readonly learnt: boolean;
  /** Mean error on the test images. */
  readonly testError: number;
  readonly colour: string;
  colourIn(theme: Theme): string;
}

/** More arms than this are in the tables only. */
const MOST_DRAWN = 4;

export function shownArms({ arms, learnt = [] }: Drawings): ShownArm[] {
  const colours = coloursOf(arms.map(({ arm, activation }) => ({ name: arm, activation })));
  return arms.map((arm, i) => ({
    ...arm,
    label: `${armLabel(arm.arm, arm.activation)}${learnt.includes(arm.arm) ? ' (trained on them)' : ''}`,
    learnt: learnt.includes(arm.arm),
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
export function drawnText(change: DrawnChange): string {
  return changeText(estimateOf(change));
}

export function estimateOf({ networks, differ, mean: value, low, high }: DrawnChange): Estimate {
  return { n: networks, differ, mean: value, low, high };
}

/** Which arms were trained on the drawings, and what their numbers are then; null where none was. */
export function learntSentence({ arms, learnt = [] }: Drawings): string | null {
  const own = arms.filter(({ arm }) => learnt.includes(arm));
  if (own.length === 0) return null;
  const [who, were] = [
    listOf(own.map(({ arm, activation }) => armLabel(arm, activation))),
    own.length === 1 ? 'was' : 'were',
  ];
  return `${who} ${were} trained on these very drawings (extraData): what ${own.length === 1 ? 'it reads' : 'they read'} of them is an accuracy on training images, and no measure of how strangers’ digits are read.`;
}
