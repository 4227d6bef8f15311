import type { ArmRobustness, Estimate, Robustness } from '../../../analysis/robustness/result.ts';
import { armLabel, coloursOf } from '../../../study/arm.ts';
import { countOf, fixed, grouped, NO_BREAK_SPACE, percent } from '../../../study/wording.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';

/** An arm with its name and the activation whose colour it has. */
export interface ShownArm extends ArmRobustness {
  readonly label: string;
  readonly colour: string;
}

export function shownArms({ arms }: Robustness): ShownArm[] {
  const colours = coloursOf(arms.map(({ arm, activation }) => ({ name: arm, activation })));
  return arms.map((arm, i) => ({ ...arm, label: armLabel(arm.arm, arm.activation), colour: colours[i] }));
}

/** Up to twice the share that blind guessing reads, or half way from it to all, a network's losses say nothing. */
export function isGuessing({ clean }: ArmRobustness, worded: Worded = {}): boolean {
  const guessed = 1 / wordsIn(worded).classes.length;
  return clean.mean < Math.min(2 * guessed, (1 + guessed) / 2);
}

/** '10 %': the share that blind guessing reads. */
export function guessText(worded: Worded): string {
  return percent(1 / wordsIn(worded).classes.length, 0);
}

/** '74.1 % (73.2 to 75.0 %)', the interval where there is one. */
export function shareText({ mean, low, high }: Estimate, digits = 1): string {
  if (low === null || high === null) return percent(mean, digits);
  return `${percent(mean, digits)} (${fixed(100 * clip(low), digits)} to ${percent(clip(high), digits)})`;
}

/** '74.1 % (95 % interval 73.2 to 75.0 %)'. */
export function toldText(estimate: Estimate): string {
  return shareText(estimate).replace('(', `(95${NO_BREAK_SPACE}% interval `);
}

/** A corruption's name within a sentence: 'shot noise', but 'Gaussian noise'. */
export function inSentence(label: string): string {
  return label.startsWith('Gaussian') ? label : label.toLowerCase();
}

/** Student's interval of a share may reach beyond 0 and 1, where no share is. */
export function clip(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** 'all 10,000 test images' or '2,000 of the 10,000 test images'. */
export function imagesText({ images, available }: Robustness): string {
  return images === available
    ? `all ${grouped(images)} test images`
    : `${grouped(images)} of the ${grouped(available)} test images`;
}

/** What bars and bands are. */
export function intervalsText(arms: readonly ShownArm[]): string {
  const per = `95${NO_BREAK_SPACE}% intervals`;
  const kinds = new Set(arms.map(({ intervals }) => intervals));
  if (kinds.size > 1) {
    return `${per}: over seeds where an arm has several, over images where it has one network`;
  }
  if (kinds.has('images')) {
    return `One network${arms.length > 1 ? ' each' : ''}; ${per} for other images, as if each were by a writer of its own, and not for other seeds`;
  }
  const seeds = arms.map((arm) => arm.seeds.length);
  const [least, most] = [Math.min(...seeds), Math.max(...seeds)];
  const number = least === most ? countOf(most, 'seed') : `${least} to ${countOf(most, 'seed')}`;
  return `Means of ${number}${arms.length > 1 ? ' each' : ''}; ${per} for other seeds on these images`;
}
