import { differing } from '../../stats/differing.ts';
import { folderOf } from '../wording.ts';
import { pairedDifferences } from '../arm.ts';
import { judgeMeasured } from './measured.ts';
import { decide, isOfTooFew } from '../decision.ts';
import type { PaperArms, Verdict } from '../verdict.ts';
import { ACCURACY, ropeText, tooFewText } from '../verdict.ts';

/** C2: new writers, corrected labels, images that were moved, and corrupted ones. */
export function judgeGeneralisation(arms: PaperArms): Verdict[] {
  return [
    judgeNewWriters(arms),
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

/** Of writers who were not drawn an interval over seeds says nothing, so it has to be crossed with writers. */
function judgeNewWriters({ relu, tanh, study, folder, rules, overWriters }: PaperArms): Verdict {
  const verdict = {
    test: 'C2 writers',
    statement: 'ReLU is the more accurate on new writers',
    measure: 'Accuracy on the 10,000 test images, none of whose 297 writers wrote a training image',
    rule: `The 95\u00a0% bootstrap interval of ReLU minus Tanh, crossed over seeds and writers: above zero supports the statement, below zero contradicts it, within ${ropeText(rules)} counts as equivalent, anything else, and every sign from fewer than six seeds in which they differ, is undecided.`,
  };
  if (overWriters === undefined) {
    return {
      ...verdict,
      state: 'undecided',
      numbers: [],
      sentence: `Who wrote which test image is not known here, so nothing can be said of other writers; C1 is about these images. dactyl evaluate ${folderOf(study, folder)} --writers with the QMNIST label file of the test images (dactyl data writers fetches it) decides it.`,
      p: null,
    };
  }
  const { mean, low, high, p } = overWriters;
  const differences = pairedDifferences(relu, tanh, (trial) => trial.testAccuracy);
  const differ = differing(differences.map(({ difference }) => difference));
  const summary = { n: differences.length, differ, mean, spread: { sd: 0, low, high, p } };
  const state = decide(summary, rules.rope);
  return {
    ...verdict,
    state,
    numbers: [{ label: 'ReLU − Tanh', value: ACCURACY.difference(mean) }],
    sentence: `ReLU minus Tanh is ${ACCURACY.difference(mean)} (95\u00a0% interval over other seeds and other writers ${ACCURACY.plain(low)} to ${ACCURACY.difference(high)})${isOfTooFew(summary) ? `, ${tooFewText(summary)}` : ''}.`,
    p,
  };
}
