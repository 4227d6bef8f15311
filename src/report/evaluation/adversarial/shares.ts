import type { Adversarial, AttackedSubject } from '../../../analysis/adversarial/measure.ts';
import type { Norm } from '../../../analysis/adversarial/ball.ts';
import { shareOf, type Share } from '../estimate.ts';
import type { ArmOf } from './arms.ts';

export type AttackedArm = ArmOf<AttackedSubject>;
export type Attack = 'fast' | 'best';

/** Right answers of one network at ε, of all images attacked; ε = 0 is the images as they are. */
export function rightShare(
  { clean, rungs }: AttackedSubject,
  norm: Norm,
  epsilon: number,
  attack: Attack,
  images: number,
): number {
  const rung = rungs[norm].find((one) => one.epsilon === epsilon);
  return (epsilon === 0 || rung === undefined ? clean : rung[attack]) / images;
}

/** Over the networks of an arm. */
export function armShare(
  { subjects }: AttackedArm,
  norm: Norm,
  epsilon: number,
  attack: Attack,
  { images }: Adversarial,
): Share {
  return shareOf(
    subjects.map((subject) => rightShare(subject, norm, epsilon, attack, images)),
    images,
  );
}

export const NORM_NAMES = { linf: 'L∞', l2: 'L2' } as const satisfies Record<Norm, string>;
