import type { Adversarial } from '../../../analysis/adversarial/measure.ts';
import { grouped, percent } from '../../../study/wording.ts';
import type { Table } from '../../table.ts';
import { armsOfSubjects, seedsText } from './arms.ts';
import { checksOf } from './checks.ts';
import { armShare, type AttackedArm, imagesAt, intervalsText, NORM_NAMES } from './shares.ts';

const share = (value: number): string => percent(value, 1);

export function accuracyTable(arms: readonly AttackedArm[], result: Adversarial): Table {
  const { ladders } = result.settings;
  return {
    name: 'attack-accuracy',
    caption: `Share of the test images attacked that are answered rightly, ${seedsText(arms)}, with 95\u00a0% intervals ${intervalsText(arms)}. Size: the largest change of a pixel (L∞) or the root of the sum of squared changes (L2), each pixel counted from 0 (paper) to 1 (ink); 0 is the images as they are.`,
    columns: [
      { label: 'Arm' },
      { label: 'Measure of size' },
      { label: 'Size', format: String },
      { label: 'Images', format: grouped },
      { label: 'Single step', format: share },
      { label: 'Best of all attacks', format: share },
      { label: 'Low', format: share },
      { label: 'High', format: share },
    ],
    rows: arms.flatMap((arm) =>
      (['linf', 'l2'] as const).flatMap((norm) =>
        [...(norm === 'linf' ? [0] : []), ...ladders[norm]].map((epsilon) => {
          const best = armShare(arm, norm, epsilon, 'best', result);
          const fast = armShare(arm, norm, epsilon, 'fast', result);
          return [
            arm.label,
            epsilon === 0 ? 'unchanged' : NORM_NAMES[norm],
            epsilon,
            imagesAt(norm, epsilon, result),
            fast.mean,
            best.mean,
            best.low,
            best.high,
          ];
        }),
      ),
    ),
  };
}

export function checksTable({ sanity, subjects }: Adversarial): Table {
  const labels = new Map(armsOfSubjects(subjects).map(({ arm, label }) => [arm, label]));
  return {
    name: 'attack-checks',
    caption:
      'Checks of the attacks, on images that the first network of each arm answers rightly. A network can look robust because the attack does not work; each check would show one way in which that happens.',
    columns: [{ label: 'Arm' }, { label: 'What has to hold' }, { label: 'Passed' }, { label: 'Found' }],
    rows: sanity.flatMap((one) =>
      checksOf(one).map(({ title, passed, found }) => [
        labels.get(one.arm) ?? one.arm,
        title,
        passed === null ? 'not judged' : passed ? 'yes' : 'no',
        found.slice(0, 1).toUpperCase() + found.slice(1),
      ]),
    ),
  };
}
