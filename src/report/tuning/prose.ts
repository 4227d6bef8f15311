import { capitalised, countOf, fixed, grouped, listOf, percent, points } from '../../study/wording.ts';
import { LEVEL } from '../../study/decision.ts';
import { budgetOf, rungSizes } from '../../study/tuning/halving.ts';
import { type TuningResults } from '../../study/tuning/results.ts';
import { type SearchedTrial, scoreOf } from '../../study/tuning/searchedTrial.ts';
import { PARAMETER_NAMES, searched } from '../../study/tuning/space.ts';
import type { Passage } from '../prose/facts.ts';
import { pText } from '../tables/statistics.ts';
import {
  accuracyInterval,
  heldOut,
  atTheEdge,
  candidateName,
  largestPairedP,
  measureOf,
  type SearchedArm,
  valueOf,
  valueText,
} from './facts.ts';

/** A network that always says the same reaches about 1 / classes, in MNIST at most .112; times so much is no better. */
const GUESSING = 1.2;

/** One paragraph at the head of the page. */
export function answerOf(results: TuningResults, arms: readonly SearchedArm[]): string {
  const { tuning } = results;
  const measure = measureOf(results);
  const found = arms.filter(({ best }) => best !== null);
  if (found.length === 0) return 'Every trial failed, so nothing was found.';
  const levels = found.map(({ label, best }) => `${label} ${measure.text(valueOf(best!, measure)!)}`);
  const start = `The best of ${countOf(tuning.configurations, 'configuration')} for each arm, and of the recipe as it stands, by ${measure.name} on ${grouped(heldOut(results))} held-out training images: ${listOf(levels)}.`;
  const failed = arms.filter(({ best }) => best === null).map(({ label }) => label);
  const without = failed.length === 0 ? '' : ` Of ${listOf(failed)} every trial failed. `;
  return `${start}${without} Each is the best of many noisy numbers and so too good; the study file beside this page measures them anew.`;
}

/** What an arm's search found. */
export function armPassage(results: TuningResults, arm: SearchedArm): Passage {
  const { best, reference, trials, label } = arm;
  const measure = measureOf(results);
  const failed = trials.filter(({ history }) => history === null).length;
  const title = label;
  if (best === null) {
    return {
      title,
      text: `All ${countOf(trials.length, 'trial')} failed; the first said: ${trials[0].message ?? ''} Nothing is known of this arm but that no configuration of this space trains.`,
    };
  }
  const parts = [
    ...(failed === 0 ? [] : [`${capitalised(countOf(failed, 'trial'))} of ${trials.length} failed.`]),
    bestSentence(results, arm),
  ];
  const failedReference = scoreOf(reference) === null;
  if (best.configuration !== null && !failedReference) {
    const gain = scoreOf(best)!.accuracy - scoreOf(reference)!.accuracy;
    parts.push(
      `The recipe as it stands, trained as long as the last rung, reaches ${measure.text(valueOf(reference, measure)!)}${measure.name === 'accuracy' ? `, ${points(-gain)} from it` : ''}.`,
      gainSentence(best, reference, results),
    );
  }
  if (best.configuration !== null && failedReference) parts.push('The recipe as it stands failed.');
  const { accuracy } = scoreOf(best)!;
  if (accuracy <= GUESSING / results.data.classes.length)
    parts.push('That is no better than guessing: no configuration learned anything.');
  const edges = atTheEdge(results, arm);
  if (edges.length > 0) {
    parts.push(
      `${capitalised(
        listOf(
          edges.map(
            ({ parameter, end, value }) =>
              `its ${PARAMETER_NAMES[parameter]} (${valueText(parameter, value)}) lies at the ${end} end of what was searched`,
          ),
        ),
      )}: a wider space may hold a better one.`,
    );
  }
  return { title, text: parts.join(' ') };
}

/** 'p at most .034', 'p < .0001' */
function atMost(p: number): string {
  const text = pText(p);
  return text.startsWith('<') ? `p ${text}` : `p at most ${text}`;
}

/** Tested on the same images, and for the choice among all configurations, which were compared on these very images. */
function gainSentence(best: SearchedTrial, reference: SearchedTrial, results: TuningResults): string {
  const { configurations } = results.tuning;
  const images = heldOut(results);
  const p = largestPairedP(best, reference, images, configurations);
  const test = `McNemar’s test of the two networks on the same ${grouped(images)} images, times ${configurations} for the choice of the best by these very images, gives ${atMost(p)}`;
  return p < LEVEL && scoreOf(best)!.accuracy > scoreOf(reference)!.accuracy
    ? `${test}: with one training each, tuning gained something on these images; how much of the difference is left on others only fresh seeds show, for the best of many looks better than it is.`
    : `${test}, the images that both misread not being known: with one training each it is open whether tuning gained anything, and the best of many looks better than it is.`;
}

function bestSentence(results: TuningResults, { best, candidates }: SearchedArm): string {
  const { tuning } = results;
  const measure = measureOf(results);
  const trial = best!;
  const { low, high } = accuracyInterval(trial, heldOut(results))!;
  const level = `${measure.text(valueOf(trial, measure)!)} after ${countOf(trial.recipe.epochs, 'epoch')}${measure.name === 'accuracy' ? '' : ` (accuracy ${percent(scoreOf(trial)!.accuracy)})`}; interval of the accuracy over the images ${percent(low)} to ${percent(high)}`;
  if (trial.configuration === null) {
    return `No drawn configuration beats the recipe as it stands: ${level}.`;
  }
  const { values } = candidates[trial.configuration];
  const settings = searched(tuning.space).map(
    (parameter) => `${PARAMETER_NAMES[parameter]} ${valueText(parameter, values[parameter]!)}`,
  );
  return `Best is configuration ${candidateName(trial.configuration)} (${settings.join(', ')}${trial.recipe.units ? `; layers of ${trial.recipe.units.join('-')}` : ''}): ${level}.`;
}

/** Which parameters matter, as far as can be told from chance. */
export function importanceSentence({ tuning }: TuningResults, { importance }: SearchedArm): string {
  if (importance === null) {
    return 'How much each parameter matters cannot be told: there are fewer than ten configurations, or they all came to the same.';
  }
  const { parameters, shares, p, points: count } = importance;
  const told = parameters
    .map((parameter, k) => ({ parameter, share: shares[k], p: p[k] }))
    .filter((one) => one.p <= 0.05)
    .sort((a, b) => b.share - a.share);
  const after = `after ${countOf(tuning.rungs[0], 'epoch')}`;
  if (told.length === 0) {
    return `With ${count} configurations no parameter stands out from chance in the order ${after}.`;
  }
  return `${capitalised(listOf(told.map(({ parameter, share }) => `${PARAMETER_NAMES[parameter]} (${percent(share, 0)})`)))} ${told.length === 1 ? 'explains' : 'explain'} more of the order of the configurations ${after} than chance would${told.length === parameters.length ? '' : '; of the other parameters this search cannot tell'}.`;
}

/** How it was searched. */
export function methodPassages(results: TuningResults): Passage[] {
  const { tuning } = results;
  const { rungs, configurations, reduction, seed, space } = tuning;
  const sizes = rungSizes(tuning);
  const { trials, epochs } = budgetOf(tuning);
  const ladder = rungs.map((length, r) => `${sizes[r]} for ${countOf(length, 'epoch')}`);
  return [
    {
      title: 'Search',
      text: `${capitalised(countOf(configurations, 'configuration'))} drawn at random, the same for every arm${rungs.length === 1 ? `, each trained for ${countOf(rungs[0], 'epoch')}` : `; the best one in ${reduction} of each rung goes on to the next, trained from the start: ${listOf(ladder)}`}. Searched: ${listOf(searched(space).map((parameter) => PARAMETER_NAMES[parameter]))}${rungs.length === 1 ? '' : ', and the epochs by the rungs'}.`,
    },
    {
      title: 'Equal budget',
      text: `Each arm may spend ${trials} trials and ${grouped(epochs)} epochs, the recipe as it stands included. Trials that fail count; what a rung lacks because too few were left is not spent elsewhere.`,
    },
    {
      title: 'Test set',
      text: `Never looked at by the search: every number here is of ${grouped(heldOut(results))} training images that were kept out of training (seed ${seed}). All trials share them, the order of the batches as far as their size allows, and the draws of the first weights.`,
    },
    ...(rungs.length === 1
      ? []
      : [
          {
            title: 'What halving misses',
            text: `A configuration that starts slowly is given up after ${countOf(rungs[0], 'epoch')}, even if it would have been the best in the end. Low learning rates and strong dropout are at a disadvantage.`,
          },
        ]),
  ];
}

/** What follows, and what does not. */
export function conclusions(
  results: TuningResults,
  arms: readonly SearchedArm[],
): { follows: string[]; doesNot: string[] } {
  const found = arms.filter(({ best }) => best !== null);
  const follows: string[] = [];
  const accuracyOf = (arm: SearchedArm): number => scoreOf(arm.best!)!.accuracy;
  if (found.length > 1) {
    const order = found.toSorted((a, b) => accuracyOf(b) - accuracyOf(a));
    const [first, last] = [order[0], order[order.length - 1]];
    const gap = accuracyOf(first) - accuracyOf(last);
    const p = largestPairedP(first.best!, last.best!, heldOut(results));
    follows.push(
      gap === 0
        ? `After equal tuning the best of ${listOf(order.map(({ label }) => label))} are equally accurate on the images held out.`
        : `After equal tuning ${first.label} is ${fixed(100 * gap, 2)} points above ${last.label} on the images held out; McNemar’s test of these two networks on the same images gives ${atMost(p)}${p < LEVEL ? ', more than the choice of these images explains; but each is the best of many, with one seed' : ', which does not tell them apart'}.`,
    );
    const [relu, tanh] = ['relu', 'tanh'].map((name) => found.find((arm) => arm.name === name));
    if (relu && tanh) {
      follows.push(
        `The paper gave ReLU and Tanh one untuned recipe and found ReLU 0.33 points ahead on the test set, in one run each. With the best recipe found for each, ReLU − Tanh is ${points(accuracyOf(relu) - accuracyOf(tanh))} here, on other images.`,
      );
    }
  }
  const failed = arms.reduce(
    (sum, { trials }) => sum + trials.filter(({ history }) => history === null).length,
    0,
  );
  if (failed > 0)
    follows.push(
      `${capitalised(countOf(failed, 'trial'))} failed and ${failed === 1 ? 'is' : 'are'} listed with the others.`,
    );
  return {
    follows,
    doesNot: [
      'How good the best configurations are: each was picked because it looked best, with one seed. The study file trains them with fresh seeds and looks at the test set once.',
      ...(found.length > 1
        ? [
            'That one arm is better: that takes many seeds and the test of the study, not the best single runs.',
          ]
        : []),
      'That nothing better exists: only this space was searched, with this budget.',
    ],
  };
}
