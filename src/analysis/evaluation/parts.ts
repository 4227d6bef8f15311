import { attackEach, type Attacked, concludeAttacks, measureAdversarial } from '../adversarial/measure.ts';
import { measureCalibration } from '../calibration/measure.ts';
import { measureDrawings } from '../drawings/measure.ts';
import { measureEquity } from '../equity/measure.ts';
import { measureExplanations } from '../explanations/measure.ts';
import { lookAtInputs } from '../inputs/look.ts';
import { measureLabelErrors } from '../labelErrors/measure.ts';
import { measurePrivacy } from '../privacy/lossThreshold.ts';
import { measureMembership, membershipTrial } from '../privacy/membership.ts';
import { measureRobustness } from '../robustness/measureRobustness.ts';
import { measureSensitivity } from '../sensitivity/measure.ts';
import { measureUntouched } from '../untouched/measure.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkStopped } from '../subject.ts';
import { measureAnswers } from './answers.ts';
import { part } from './part.ts';

/** Every part of the evaluation, by the name it has on the command line. */
export const PARTS = {
  inputs: part({
    title: 'Images and labels',
    version: 1,
    scope: 'all',
    needs: [],
    seconds: 0.2,
    first: true,
    measure: ({ subjects, data }, work) => lookAtInputs(subjects, data, work),
  }),
  answers: part({
    title: 'Answers on the test images',
    version: 1,
    scope: 'all',
    needs: [],
    seconds: 0.3,
    measure: ({ subjects, data }, work) => measureAnswers(subjects, data.test, work),
  }),
  robustness: part({
    title: 'Corruptions and noise',
    version: 2,
    scope: 'all',
    needs: ['images'],
    seconds: 30,
    measure: ({ subjects, data, quick }, work) => measureRobustness(subjects, data, { quick }, work),
  }),
  adversarial: part({
    title: 'Attacks',
    version: 2,
    scope: 'all',
    needs: ['images'],
    seconds: 40,
    fewer: true,
    measure: ({ subjects, data, quick }, work) => measureAdversarial(subjects, data, { quick }, work),
    shared: {
      each: ({ subjects, data, quick }, work, range) => attackEach(subjects, data, { quick }, work, range),
      conclude: ({ subjects, data, quick }, work, attacked: readonly Attacked[]) =>
        concludeAttacks(subjects, data, { quick, attacked }, work),
    },
  }),
  sensitivity: part({
    title: 'Gradients and units',
    version: 3,
    scope: 'all',
    needs: [],
    seconds: 8,
    measure: ({ subjects, data, quick }, work) => measureSensitivity(subjects, data, { quick }, work),
  }),
  labelErrors: part({
    title: 'Doubtful labels',
    version: 1,
    scope: 'all',
    needs: [],
    outOfFold: true,
    seconds: 5,
    measure: ({ subjects, data, outOfFold }, work) =>
      measureLabelErrors(subjects, data, outOfFold ? { trainProbabilities: outOfFold } : {}, work),
  }),
  equity: part({
    title: 'Errors by group',
    version: 3,
    scope: 'all',
    needs: [],
    seconds: 8,
    measure: ({ subjects, data, quick, writers }, work) =>
      measureEquity(subjects, data, { quick, ...(writers && { writers }) }, work),
  }),
  drawings: part({
    title: 'Digits that other people drew',
    version: 1,
    scope: 'all',
    needs: ['ownTest', 'mnistLike'],
    seconds: 0.8,
    drawn: true,
    measure: ({ subjects, data, quick, drawn }, work) =>
      measureDrawings(subjects, data, drawn!, { quick }, work),
  }),
  untouched: part({
    title: 'Images that nobody tuned on',
    version: 1,
    scope: 'all',
    needs: ['ownTest', 'mnist'],
    seconds: 2,
    untouched: true,
    measure: ({ subjects, data, quick, untouched }, work) =>
      measureUntouched(subjects, data, untouched!, { quick }, work),
  }),
  explanations: part({
    title: 'Explanations',
    version: 1,
    scope: 'one',
    needs: ['images'],
    seconds: 30,
    fewer: true,
    measure: ({ subjects: [subject], data, quick }, work) =>
      measureExplanations(subject, data, { quick }, work),
  }),
  calibration: part({
    title: 'Calibration and abstention',
    version: 1,
    scope: 'all',
    needs: ['hundred'],
    seconds: 4,
    measure: ({ subjects, data, quick }, work) => measureCalibration(subjects, data, { quick }, work),
  }),
  mitigation: part({
    title: 'Mitigation of gaps',
    version: 3,
    scope: { study: 'mitigation', own: false },
    needs: ['population'],
    seconds: 2,
    measure: ({ subjects, data, quick, writers }, work) =>
      measureEquity(subjects, data, { quick, ...(writers && { writers }) }, work),
  }),
  privacy: part({
    title: 'Privacy audit',
    version: 1,
    scope: 'all',
    needs: ['ownTest'],
    seconds: 1,
    measure: ({ subjects, data, quick, trainedOn }, work) =>
      measurePrivacy(subjects, data, { quick, ...(trainedOn && { trainedOn }) }, work),
  }),
  membership: part({
    title: 'Membership by likelihood ratio',
    version: 1,
    scope: { study: 'membership', own: true },
    needs: ['ownTest'],
    seconds: 1.5,
    measure: async ({ subjects, data, trainedOn }, work) => {
      const trials = [];
      for (const subject of subjects) {
        checkStopped(work);
        trials.push(membershipTrial(subject, data, trainedOn!(subject)));
        work.onProgress?.((0.9 * trials.length) / subjects.length);
        await yieldToEvents();
      }
      return measureMembership(trials, data.train, work.signal ? { signal: work.signal } : {});
    },
  }),
};

export type PartName = keyof typeof PARTS;
export type PartResult<N extends PartName> = Awaited<ReturnType<(typeof PARTS)[N]['measure']>>;

export const PART_NAMES = Object.keys(PARTS) as PartName[];
