import type { PartName } from '../../../analysis/evaluation/parts.ts';
import type { Point } from '../part.ts';

/** The paper's points of critical evaluation: a short title, and the point in one sentence. */
export const POINTS = {
  E1: {
    title: 'Real, noisy data',
    paper: 'Results on clean images may not hold on real and noisy ones.',
  },
  E2: {
    title: 'Tuning',
    paper:
      'The number of units, the batch size and the number of epochs have to be tuned, and again for other data.',
  },
  E3: {
    title: 'Overfitting',
    paper: 'Overfitting needs a closer look, for example with dropout.',
  },
  E4: {
    title: 'Equity',
    paper:
      'Age, education and other differences between people may bias what a model learns; bias has to be found and acted against.',
  },
  E5: {
    title: 'Privacy',
    paper: 'Anonymity, consent, security and the GDPR have to be respected.',
  },
  E6: {
    title: 'Transparency',
    paper: 'Each decision has to be explained so that a person is convinced.',
  },
  E7: {
    title: 'Responsibility',
    paper: 'Somebody has to answer for critical decisions that a model takes part in.',
  },
  E8: {
    title: 'Training on real data',
    paper: 'Before it is used a model should be trained on noisy, real data.',
  },
  E9: {
    title: 'Supervision',
    paper: 'A model in use has to be supervised: frequent tests, cross-validation, monitoring.',
  },
  E10: {
    title: 'Explanations for users',
    paper: 'Users and managers need explanations of what the model does.',
  },
  E11: {
    title: 'Law',
    paper: 'Deployment has to comply with the law on privacy.',
  },
  E12: {
    title: 'Kinds of data',
    paper: 'A variety of data types should be used.',
  },
  E13: {
    title: 'Social and economic effects',
    paper: 'The social and economic effects of a model have to be considered.',
  },
} as const satisfies Record<Point, { title: string; paper: string }>;

export const POINT_NAMES = Object.keys(POINTS) as Point[];

/** The parts whose measurements are on a point's page: named where they were not run. */
export const PARTS_OF: Partial<Record<Point, readonly PartName[]>> = {
  E1: ['robustness', 'adversarial', 'sensitivity', 'labelErrors'],
  E3: ['untouched'],
  E4: ['equity', 'drawings'],
  E6: ['explanations'],
  E7: ['calibration'],
  E8: ['drawings'],
  E10: ['explanations'],
  E12: ['drawings'],
};
