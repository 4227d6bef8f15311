import { isMnist } from '../../data/identity.ts';
import { LEVEL } from '../../study/decision.ts';
import { distinctVerdicts } from '../../study/judge.ts';
import type { Arm } from '../../study/arm.ts';
import type { Results } from '../../study/results.ts';
import { capitalised, countOf, fixed, folderOf, grouped, listOf, seedRange } from '../../study/wording.ts';
import type { ReportInput } from '../input.ts';
import type { ClaimsInput } from '../statistics/claims.ts';
import { judgementsOf } from '../statistics/claims.ts';
import { pairFamily } from '../statistics/pairFamily.ts';
import { factsOf } from './facts.ts';
import type { Passage } from './facts.ts';

/** What these runs cannot show. */
export function limits(input: ClaimsInput): Passage[] {
  const { results, folder, evaluation, seedsBefore, fixedUnder } = input;
  const facts = factsOf(results);
  const { seeds, unit, pairs, noun, keptOut, testImages, arms } = facts;
  const { study } = results;
  const { split } = study;
  const mnist = isMnist(results.data.identity);
  const fairness = mnist ? 'fairness between groups of writers' : 'errors by class';
  return [
    ...(study.quick
      ? [
          {
            title: 'A quick taste',
            text: 'The runs were shortened to take seconds; their numbers are not the result of the study.',
          },
        ]
      : []),
    {
      title: `${capitalised(unit)}s`,
      text:
        seeds < 2
          ? `One ${unit} for each ${noun} gives a difference, but nothing to compare it with: another ${unit} may turn its sign.`
          : `${capitalised(countOf(seeds, unit))} for each ${noun} measure the play of chance in ${pairs === 'seed' ? 'the start and in the order of the batches' : 'the division of the images and in the start'}${seeds < 20 ? ', roughly; an interval from so few runs is wide and leans on the assumption of a normal distribution' : ''}. ${study.stopping ? 'It was looked at after every seed whether the question was decided; the intervals of differences are always-valid ones, which allow that, and wider for it. The distributions of single arms, McNemar’s test and the crossed bootstrap do not know of it.' : 'The intervals hold only where the number of seeds was fixed beforehand, not raised until something came out.'}`,
    },
    ...raised(study, seedsBefore),
    ...judgedAnew(results.judgement, fixedUnder),
    {
      title: pairs === 'seed' ? 'One test set' : 'Overlapping folds',
      text:
        pairs === 'fold'
          ? `Each network is judged on the ${grouped(testImages)} ${keptOut} of one fold, but all share most of their training images; how much results on other training images would vary is estimated, not measured. No test of cross-validated differences is exact.`
          : `All runs are judged on the same ${grouped(testImages)} images. The intervals over seeds say how a new start would change the result, not how new images would.${mnist ? ' This test set has been used by the whole field for decades, and human raters reject 15 of its labels.' : ''}`,
    },
    ...validationLimit(results),
    {
      title: 'The recipe',
      text: oneRecipe(arms),
    },
    ...(mnist && arms.some(({ recipe }) => recipe.distortion !== null) && split.kind !== 'folds'
      ? [
          {
            title: 'Seen before',
            text: 'The limits of distortion that this programme suggests were first tried out on the test set. What an arm with distorted images reaches there is therefore a little flattered.',
          },
        ]
      : []),
    ...severalTests(input),
    {
      title: evaluation === undefined ? 'Not measured yet' : 'The critical evaluation',
      text:
        evaluation === undefined
          ? `Noise, shifted or corrupted images, attacks, calibration, explanations, privacy and ${fairness}: dactyl evaluate ${folderOf(study, folder)} measures them.`
          : `Noise, corrupted images, attacks, calibration, explanations, privacy and ${fairness} have pages of their own, with what they do not show: evaluation.html beside this file.`,
    },
  ];
}

/** Always-valid intervals allow it. */
function raised({ seeds, stopping }: Results['study'], before: ReportInput['seedsBefore'] = []): Passage[] {
  if (before.length === 0 || stopping) return [];
  return [
    {
      title: 'Seeds changed after results',
      text: `The seeds were ${listOf(before.map(seedRange))} before, and are ${seedRange(seeds)} since results were there. Whoever adds seeds until something comes out finds differences where there are none more often than the 95\u00a0% say, so the intervals, p-values and verdicts of this report are a hint only. Fresh seeds, as many as fixed beforehand, would confirm it; a study that stops when decided may be looked at often.`,
    },
  ];
}

/** Verdicts by rules that are younger than the results. */
function judgedAnew(version: number, fixedUnder = version): Passage[] {
  if (fixedUnder === version) return [];
  return [
    {
      title: 'Judged anew',
      text: `This study was fixed, and had results, under version ${fixedUnder} of the measures and rules by which Dactyl judges; here it is judged by version ${version}. What the study itself states is unchanged: its question, arms, split and rules.`,
    },
  ];
}

function validationLimit({ study, data }: Results): Passage[] {
  const mnist = isMnist(data.identity);
  switch (study.split.kind) {
    case 'test':
    case 'half':
      return [
        {
          title: 'Validation is the test set',
          text: `The curves called validation show the test set${mnist ? ', as in the paper' : ''}. Since nothing was chosen by them the last values are fair, but picking the best epoch from them would not be.`,
        },
      ];
    case 'holdout':
      return [
        {
          title: 'A held-out part',
          text: mnist
            ? 'The held-out images come from writers who also occur in the training images, so they are a little easier than images of new writers.'
            : 'The held-out images are drawn from the training images. Whoever or whatever these have in common, a writer or a camera say, they share it, and are then easier than images of others.',
        },
      ];
    case 'folds':
      return [];
  }
}

function oneRecipe(arms: readonly Arm[]): string {
  const rates = [...new Set(arms.map(({ recipe }) => recipe.learningRate))];
  return rates.length === 1
    ? `One learning rate (${rates[0]}) was used for every arm. Another may suit one of them better; a fair choice needs the same search for each.`
    : `The learning rates (${listOf(rates.map(String))}) are those of the study's file. Whether each arm has the one that suits it best is for a search with the same budget for each.`;
}

function severalTests(input: ClaimsInput): Passage[] {
  const judgements = judgementsOf(input);
  const family = pairFamily(input.results, judgements);
  if (family !== null) {
    return [
      {
        title: 'Many questions at once',
        text: `${capitalised(countOf(family.tests, 'difference'))} between arms, of accuracy and of loss, are tested on the same runs. Were all of them zero in truth, about ${fixed(LEVEL * family.tests, 1)} of the 95\u00a0% intervals would be expected to miss it by chance. Under Statistics each says whether it also holds under Holm's correction for their number; what the comparison and the strengths say goes by each interval alone, and so does ‘equivalent’.`,
      },
    ];
  }
  const tests = distinctVerdicts(judgements).filter(({ p }) => p !== null).length;
  if (tests < 2) return [];
  return [
    {
      title: 'Many questions at once',
      text: `${tests} tests of the claims are made on the same runs. If every difference were zero in truth, about one 95\u00a0% interval in twenty would still miss it; therefore a statement counts as supported or contradicted only if it also holds under Holm's correction for their number. ‘Equivalent’ is said by each interval alone.`,
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
