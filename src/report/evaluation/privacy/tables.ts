import type { PrivacyAudit } from '../../../analysis/privacy/lossThreshold.ts';
import type { ArmMembership, Membership } from '../../../analysis/privacy/membership.ts';
import type { PriceOfPrivacy } from '../../../analysis/privacy/price.ts';
import { armLabel } from '../../../study/arm.ts';
import { activationName, fixed, grouped, percent, points } from '../../../study/wording.ts';
import type { Table } from '../../table.ts';
import { leastOthers, ratioOf, surenessOf } from './findings.ts';
import { epsilonText } from './priceFigure.ts';

const area = (value: number) => fixed(value, 3);
const rate = (value: number) => percent(value);

export function thresholdTable({ arms, runs, others, falsePositives }: PrivacyAudit): Table {
  const few = others < leastOthers(falsePositives);
  const single = arms.every(({ auc }) => auc.n === 1);
  return {
    name: 'privacy-threshold',
    caption: `The loss-threshold attack: area under the curve (0.5 is guessing) and training images recognised when ${percent(falsePositives, 1)} of the test images are accused by mistake${few ? `, of which ${grouped(others)} are too few` : ''}. 95 % intervals ${single ? 'over the images' : 'over the networks'}`,
    columns: [
      { label: 'Arm' },
      { label: 'Networks' },
      { label: 'Train − test accuracy', format: (value) => points(value) },
      { label: 'Area', format: area },
      { label: 'from', format: area },
      { label: 'to', format: area },
      { label: 'Recognised', format: rate },
      { label: 'from', format: rate },
      { label: 'to', format: rate },
    ],
    rows: arms.map(({ arm, activation, gap, auc, truePositive }) => {
      const [run] = runs.filter((one) => one.arm === arm);
      const [a, t] = auc.n === 1 ? [run.auc, run.truePositive] : [auc, truePositive];
      return [
        armLabel(arm, activation),
        auc.n,
        gap.mean,
        auc.mean,
        a.low,
        a.high,
        ...(few
          ? [null, null, null]
          : [truePositive.mean, t.low === null ? null : Math.max(0, t.low), t.high]),
      ];
    }),
  };
}

export function membershipTable(membership: Membership): Table {
  const { arms, falsePositives } = membership;
  const isFew = (arm: ArmMembership): boolean => surenessOf(ratioOf(arm, membership)) === 'few';
  return {
    name: 'privacy-membership',
    caption: `Attacks on networks that each saw a random half of the images: area under the curve (0.5 is guessing) and training images recognised at ${percent(falsePositives, 1)} false accusations, means over the networks with 95 % intervals${arms.some(isFew) ? `. No rate where there are fewer than ${grouped(leastOthers(falsePositives))} others` : ''}`,
    columns: [
      { label: 'Attack' },
      { label: 'Networks' },
      { label: 'Area', format: area },
      { label: 'from', format: area },
      { label: 'to', format: area },
      { label: 'Recognised', format: rate },
      { label: 'from', format: rate },
      { label: 'to', format: rate },
    ],
    rows: arms.flatMap((own) => {
      const { arm, activation, ratio, loss, writers } = own;
      const few = isFew(own);
      const label = armLabel(arm, activation);
      return [
        ...(
          [
            ['likelihood ratio', ratio],
            ['loss threshold', loss],
          ] as const
        ).map(([attack, { auc, truePositive: t }]) => [
          `${label}, ${attack}`,
          auc.n,
          auc.mean,
          auc.low,
          auc.high,
          ...(few ? [null, null, null] : [t.mean, t.low === null ? null : Math.max(0, t.low), t.high]),
        ]),
        [
          `${label}, unseen training images against test images (no membership)`,
          writers.n,
          writers.mean,
          writers.low,
          writers.high,
          null,
          null,
          null,
        ],
      ];
    }),
  };
}

export function priceTable({ points: all, delta, conversion }: PriceOfPrivacy): Table {
  return {
    name: 'privacy-price',
    caption: `Test accuracy by ε at δ = ${delta} (Rényi accountant, ${conversion} conversion); 95 % Student intervals over seeds`,
    columns: [
      { label: 'Arm' },
      { label: 'Activation' },
      { label: 'Noise' },
      { label: 'Steps' },
      { label: 'ε', format: epsilonText },
      { label: 'Seeds' },
      { label: 'Accuracy', format: rate },
      { label: 'from', format: rate },
      { label: 'to', format: rate },
    ],
    rows: all.map(({ arm, activation, noiseMultiplier, steps, epsilon, accuracy }) => [
      arm,
      activationName(activation),
      noiseMultiplier ?? 'no privacy',
      steps,
      epsilon ?? '∞',
      accuracy.n,
      accuracy.mean,
      accuracy.low,
      accuracy.high === null ? null : Math.min(1, accuracy.high),
    ]),
  };
}

export function differencesTable({ differences }: PriceOfPrivacy): Table {
  return {
    name: 'privacy-price-differences',
    caption:
      'Accuracy of two activations at the same ε, first minus second, over paired seeds; 95 % Student intervals, not adjusted for their number',
    columns: [
      { label: 'ε', format: epsilonText },
      { label: 'First' },
      { label: 'Second' },
      { label: 'Seeds' },
      { label: 'Difference', format: (value) => points(value) },
      { label: 'from', format: (value) => points(value) },
      { label: 'to', format: (value) => points(value) },
    ],
    rows: differences.map(({ epsilon, first, second, difference: { n, mean, low, high } }) => [
      epsilon ?? '∞',
      activationName(first),
      activationName(second),
      n,
      mean,
      low,
      high,
    ]),
  };
}
