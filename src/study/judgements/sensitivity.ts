import type { PaperArms, Scale, Verdict } from '../verdict.ts';
import { fixed, signed } from '../wording.ts';
import { judgeMeasured } from './measured.ts';

const SLOPE: Scale = {
  level: (value) => fixed(value, 3),
  difference: (value) => signed(value, 3),
  plain: (value) => signed(value, 3),
};
/** C8: how much the loss and the margin change with the input, and how little of a change turns the answer. */
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
      test: 'C8 slope',
      statement: 'Tanh changes the faster around an image',
      quantity: 'the relative slope of the margin',
      measure:
        'The steepest slope of the margin between the two largest outputs before softmax found within half a unit of an image, over the size of the margin at the image, so that the scale of the outputs cancels out; median over a fixed sample of test images',
      scale: SLOPE,
      direction: -1,
      name: 'relativeSlope',
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
  ];
}
