import type { PaperArms, Scale, Verdict } from '../verdict.ts';
import { fixed, percent, points, signed } from '../wording.ts';
import { judgeMeasured } from './measured.ts';

const SLOPE: Scale = {
  level: (value) => fixed(value, 3),
  difference: (value) => signed(value, 3),
  plain: (value) => signed(value, 3),
};
const SHARE: Scale = {
  level: (value) => percent(value, 1),
  difference: (value) => points(value, 1),
  plain: (value) => signed(100 * value, 1),
};

/** C8: how much the outputs change with the input, how little of a change turns the answer, and how many units are saturated. */
export function judgeSensitivity(arms: PaperArms): Verdict[] {
  return [
    judgeMeasured(arms, {
      test: 'C8 gradient',
      statement: 'Tanh has the larger input gradients',
      quantity: 'the mean norm of the input gradient',
      measure:
        'Euclidean norm of the gradient of the loss with respect to the pixels, in nats per unit; mean over a fixed sample of test images',
      scale: SLOPE,
      direction: -1,
      name: 'gradientNorm',
    }),
    judgeMeasured(arms, {
      test: 'C8 Lipschitz',
      statement: 'Tanh changes the faster around an image',
      quantity: 'the local Lipschitz estimate',
      measure:
        'Local Lipschitz estimate: the steepest slope of the margin between the two largest outputs before softmax found within half a unit of an image, mean over a fixed sample of test images',
      scale: SLOPE,
      direction: -1,
      name: 'lipschitz',
    }),
    judgeMeasured(arms, {
      test: 'C8 adversarial',
      statement: 'Tanh is fooled the more easily',
      quantity: 'the accuracy under attack',
      measure:
        'Accuracy on a fixed sample of test images under the strongest attack tried, no pixel changed by more than .05 of its range',
      direction: 1,
      name: 'adversarial',
    }),
    judgeMeasured(arms, {
      test: 'C8 flat',
      statement: 'Tanh has the more saturated units',
      quantity: 'the share of outputs of hidden units that are on a flat end',
      measure:
        'Share of the outputs of hidden units, over a fixed sample of test images, where the activation is flat: |output| of .99 and more for Tanh, zero for ReLU',
      scale: SHARE,
      direction: -1,
      name: 'flat',
    }),
  ];
}
