import { judgeClaims } from '../../study/judge.ts';
import type { Results } from '../../study/results.ts';
import { capitalised, countOf, grouped, listOf } from '../../study/wording.ts';
import { factsOf } from './facts.ts';
import type { Passage } from './facts.ts';

/** What these runs cannot show. */
export function limits(results: Results): Passage[] {
  const { seeds, testImages } = factsOf(results);
  const { configuration } = results;
  return [
    ...(configuration.quick
      ? [
          {
            title: 'A quick taste',
            text: 'The runs were shortened to take seconds; their numbers are not the result of the study.',
          },
        ]
      : []),
    {
      title: 'Seeds',
      text:
        seeds < 2
          ? 'One seed for each activation gives a difference, but nothing to compare it with: another seed may turn its sign.'
          : `${capitalised(countOf(seeds, 'seed'))} for each activation measure the play of chance in the start and in the order of the batches${seeds < 20 ? ', roughly; an interval from so few runs is wide and leans on the assumption of a normal distribution' : ''}. The intervals hold only where the number of seeds was fixed beforehand, not raised until something came out.`,
    },
    {
      title: 'One test set',
      text: `All runs are judged on the same ${grouped(testImages)} images. The intervals over seeds say how a new start would change the result, not how new images would. This test set has been used by the whole field for decades, and human raters reject 15 of its labels.`,
    },
    configuration.validation === 'test'
      ? {
          title: 'Validation is the test set',
          text: 'The curves called validation show the test set, as in the paper. Since nothing was chosen by them the last values are fair, but picking the best epoch from them would not be.',
        }
      : {
          title: 'A held-out part',
          text: 'The held-out images come from writers who also occur in the training images, so they are a little easier than images of new writers.',
        },
    {
      title: 'One recipe',
      text: `One learning rate (${configuration.learningRate}), one architecture and one number of epochs were used for every activation. Another learning rate may suit one of them better; a fair choice needs the same search for each.`,
    },
    ...severalTests(results),
    {
      title: 'Not measured',
      text: 'Noise, shifted or corrupted images, other writers, calibration, sensitivity to the input and fairness between groups of writers are not measured in this version.',
    },
  ];
}

function severalTests(results: Results): Passage[] {
  const verdicts = judgeClaims(results).flatMap(({ verdicts }) => verdicts);
  const judged = verdicts.filter(
    ({ state }) => state !== 'not measured' && state !== 'not applicable',
  ).length;
  if (judged < 2) return [];
  return [
    {
      title: 'Many questions at once',
      text: `${judged} statements are judged from the same runs, each at the 95\u00a0% level and without a correction for their number. If every difference were zero in truth, about one interval in twenty would still miss it.`,
    },
  ];
}

/** What the paper itself could not show, whatever these runs say. */
export function paperWeaknesses(): Passage[] {
  return [
    {
      title: 'One run',
      text: 'Each activation was trained once. A difference of .0033, 33 of 10,000 images, between two single runs is about one standard error once the play of seeds is counted beside that of the test set, and no evidence.',
    },
    {
      title: 'Test set as validation set',
      text: 'The test set was watched in every epoch under the name of validation, so there is no untouched set left to report on.',
    },
    { title: 'No seed', text: 'No seed is stated, so the runs cannot be repeated.' },
    {
      title: 'Counts instead of rates',
      text: 'The digits are ranked by the number recognised. The test set has 1,135 ones and 892 fives, so a count says more about the test set than about the model.',
    },
    {
      title: 'Statements that exclude each other',
      text: `Each of ${listOf(['stability', 'overfitting'])} is credited to either activation in different places (C4 and C5 above), and the second part gives accuracies (97.8 and 97.7\u00a0%) that are not the last values of the first part's table.`,
    },
    {
      title: 'Claims without a measurement',
      text: 'That ReLU resists noise better, that it generalises better and that Tanh is the more sensitive is said, not measured.',
    },
  ];
}
