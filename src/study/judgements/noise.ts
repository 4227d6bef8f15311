import { judgeMeasured } from './measured.ts';
import type { PaperArms, Verdict } from '../verdict.ts';

/** C7: noise of growing strength, and the whole suite of corruptions. */
export function judgeNoise(arms: PaperArms): Verdict[] {
  return [
    judgeMeasured(arms, {
      test: 'C7 noise',
      statement: 'ReLU keeps more accuracy under noise',
      quantity: 'the mean accuracy under noise',
      measure:
        'Mean over Gaussian and salt-and-pepper noise of the area under accuracy against amount, 1 for a network that noise does not touch',
      direction: 1,
      name: 'noise',
    }),
    judgeMeasured(arms, {
      // The test of C2's last statement.
      test: 'C2 corrupted',
      statement: 'ReLU keeps more accuracy over a suite of corruptions',
      quantity: 'the mean accuracy over the 15 corruptions',
      measure: 'Mean accuracy over the 15 corruptions of the MNIST-C-style suite at their published levels',
      direction: 1,
      name: 'suite',
    }),
  ];
}
