import { judgeMeasured } from './measured.ts';
import type { PaperArms, Verdict } from '../verdict.ts';

/** C2: new writers, corrected labels, images that were moved, and corrupted ones. */
export function judgeGeneralisation(arms: PaperArms): Verdict[] {
  return [
    judgeMeasured(arms, {
      // The test of C1: nobody who wrote a test image wrote a training image.
      test: 'C1',
      statement: 'ReLU is the more accurate on new writers',
      quantity: 'the accuracy on images by new writers',
      measure: 'Accuracy on the 10,000 test images, none of whose 297 writers wrote a training image',
      direction: 1,
      name: 'accuracy',
    }),
    judgeMeasured(arms, {
      test: 'C2 corrected',
      statement: 'ReLU is the more accurate on corrected labels',
      quantity: 'the accuracy on corrected labels',
      measure: 'Accuracy on the 9,997 test images whose class raters agree on, 12 of them relabelled',
      direction: 1,
      name: 'corrected',
    }),
    judgeMeasured(arms, {
      test: 'C2 shifted',
      statement: 'ReLU is the more accurate on shifted images',
      quantity: 'the accuracy on shifted images',
      measure: 'Accuracy on test images shifted by three pixels along both axes',
      direction: 1,
      name: 'shifted',
    }),
    judgeMeasured(arms, {
      test: 'C2 corrupted',
      statement: 'ReLU is the more accurate on corrupted images',
      quantity: 'the mean accuracy over the 15 corruptions',
      measure: 'Mean accuracy over the 15 corruptions of the MNIST-C-style suite at their published levels',
      direction: 1,
      name: 'suite',
    }),
  ];
}
