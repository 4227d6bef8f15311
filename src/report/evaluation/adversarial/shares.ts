import type { Adversarial, AttackedSubject } from '../../../analysis/adversarial/measure.ts';
import type { AttackedShare } from '../../../analysis/adversarial/intervals.ts';
import type { Norm } from '../../../analysis/adversarial/ball.ts';
import { grouped } from '../../../study/wording.ts';
import type { ArmOf } from './arms.ts';

export type AttackedArm = ArmOf<AttackedSubject>;
export type Attack = 'fast' | 'best';

/** Right answers of an arm's networks at ε, of all images attacked there; ε = 0 is the images as they are. */
export function armShare(
  { arm }: Pick<AttackedArm, 'arm'>,
  norm: Norm,
  epsilon: number,
  attack: Attack,
  { arms }: Adversarial,
): AttackedShare {
  const { clean, rungs } = arms.find((one) => one.arm === arm)!;
  return epsilon === 0 ? clean : rungs[norm].find((one) => one.epsilon === epsilon)![attack];
}

/** How many images were attacked at ε. */
export function imagesAt(norm: Norm, epsilon: number, { arms, images }: Adversarial): number {
  return arms[0].rungs[norm].find((one) => one.epsilon === epsilon)?.images ?? images;
}

/** '10,000 test images at 5 %, 200 at every other size' */
export function imagesText(result: Adversarial): string {
  const { settings, images } = result;
  const { ladders, reference } = settings;
  const others = new Set(
    (['linf', 'l2'] as const).flatMap((norm) =>
      ladders[norm]
        .filter((epsilon) => norm !== 'linf' || epsilon !== reference)
        .map((epsilon) => imagesAt(norm, epsilon, result)),
    ),
  );
  const [few = images] = others;
  return few === images
    ? `${grouped(images)} test images`
    : `${grouped(images)} test images at L∞ ${reference}, ${grouped(few)} of them at every other size`;
}

/** What the intervals of these arms are about. */
export function intervalsText(arms: readonly AttackedArm[]): string {
  const several = arms.map(({ subjects }) => subjects.length > 1);
  if (several.every(Boolean)) return 'over seeds and images together (crossed bootstrap)';
  return several.some(Boolean)
    ? 'over seeds and images together (crossed bootstrap), or over images for an arm with one network'
    : 'over images';
}

export const NORM_NAMES = { linf: 'L∞', l2: 'L2' } as const satisfies Record<Norm, string>;
