import { isMnist } from '../../data/identity.ts';
import { mean } from '../../stats/describe.ts';
import { PAPER, recipeContrast, recipeDifferences } from '../../study/paper.ts';
import { PAPER_RECIPE } from '../../study/recipe.ts';
import { networkPhrase, networkWords, widthsText } from '../../study/network.ts';
import { RULE_WORDS } from '../../engine/rules/words.ts';
import { heldOutImages } from '../../study/dataAbout.ts';
import { trialLabel } from '../../study/arm.ts';
import type { Results } from '../../study/results.ts';
import { activationName, capitalised, countOf, fixed, grouped, listOf } from '../../study/wording.ts';
import { sizeOf } from '../../util/tensor.ts';
import { factsOf } from './facts.ts';
import type { Facts, Passage } from './facts.ts';

/** What was trained, how it was paired, what validation means, and how long it took. */
export function whatWasDone(results: Results): Passage[] {
  const facts = factsOf(results);
  const { arms, pairs } = facts;
  const { study, environment } = results;
  const differences = recipeDifferences(results, arms);
  const seconds = mean(arms.flatMap(({ trials }) => trials.map((trial) => trial.seconds)));
  return [
    { title: 'The experiment', text: experiment(facts, differences) },
    ...(results.failures.length === 0 ? [] : [failed(results)]),
    ...(arms.length === 1
      ? []
      : [
          {
            title: pairs === 'seed' ? 'Paired seeds' : 'Paired folds',
            text: `Runs with the same ${pairs} share the split, the order of the batches and the random draws behind their initial weights. So the arms are compared pair by pair, and what one lucky start gives to both of them cancels out.`,
          },
        ]),
    {
      title: pairs === 'seed' ? 'What validation means here' : 'What the folds are',
      text: validation(facts),
    },
    {
      title: 'Time',
      text: `A run took ${fixed(seconds, 1)} seconds on average, ${atATime(environment.workers)}on ${environment.processor}.${
        differences.length === 0
          ? ` The paper reports about ${fixed(PAPER.secondsPerEpoch * PAPER_RECIPE.epochs, 0)} seconds for one run, on hardware it does not state.`
          : ''
      }`,
    },
    ...(study.quick
      ? [
          {
            title: 'Quick',
            text: 'This was a quick taste of the programme, shortened to take seconds. Its numbers are not the result of the study and should not be quoted.',
          },
        ]
      : []),
  ];
}

function experiment({ names, arms, seeds, unit, results }: Facts, differences: readonly string[]): string {
  const { study, parameters, data } = results;
  const task = isMnist(data.identity)
    ? 'learnt to read the handwritten digits of MNIST'
    : `learnt to tell the ${data.classes.length} classes of ${data.name} apart`;
  const [inputs, outputs] = [grouped(sizeOf(data.shape)), data.classes.length];
  const [{ recipe: c, name }] = arms;
  const runs = arms.reduce((sum, { trials }) => sum + trials.length, 0);
  const size = `(${grouped(parameters[name] ?? 0)} trainable parameters)`;
  const own = arms.map((arm) => recipeContrast(arm.recipe, c, ['activation']));
  const alike = own.every((list) => list.length === 0);
  const activations = [...new Set(arms.map(({ activation }) => activationName(activation)))];
  const places =
    study.split.kind === 'folds'
      ? `${countOf(study.split.folds, 'fold')}${study.split.repeats === 1 ? '' : `, divided anew ${countOf(study.split.repeats, 'time')}`}`
      : countOf(seeds, unit);
  const first = alike
    ? c.layers
      ? `A network of the layers ${networkWords(c)} ${size} ${task} with ${places}: ${countOf(runs, 'run')} in all.`
      : `A network with ${inputs} inputs, ${widthsText(c.units ?? [])} and ${outputs} softmax outputs ${size} ${task}, with ${listOf(activations)} in its hidden layers${activations.length > 1 ? ' in turn' : ''}, each with ${places}: ${countOf(runs, 'run')} in all.`
    : `${capitalised(countOf(arms.length, 'arm'))}${arms.some(({ recipe }) => recipe.layers) ? '' : ' of one network'}, ${listOf(names)}, ${task}, each with ${places}: ${countOf(runs, 'run')} in all. The first, ${names[0]}, has ${c.layers ? networkPhrase(c) : `${inputs} inputs, ${networkPhrase(c)} and ${outputs} softmax outputs`} ${size}.`;
  const training = `Training used ${RULE_WORDS[c.optimizer]} with learning rate ${c.learningRate}, batches of ${c.batchSize} and ${countOf(c.epochs, 'epoch')}${c.dropout === undefined ? '' : c.dropout === 0 ? ', without dropout' : `, with dropout ${c.dropout}`}${alike ? '' : `, in ${names[0]}`}.`;
  const others = arms.flatMap(({ label }, i) =>
    own[i].length === 0 ? [] : [`${label} has ${listOf(own[i])}`],
  );
  const paper =
    differences.length === 0
      ? `This is the paper's recipe ${seeds > 1 ? 'with more runs' : 'with one run each, as there'}${activations.some((one) => one !== 'ReLU' && one !== 'Tanh') ? ' and with other activations too' : ''}.`
      : `It differs from the paper's recipe: ${listOf(differences)}.`;
  if (alike) return `${first} ${training} ${paper}`;
  const same = recipeContrast(c, PAPER_RECIPE, ['activation']).length === 0;
  return `${first} ${training} ${others.length === 0 ? '' : `Against it ${others.join('; ')}. `}${same ? `The recipe of ${names[0]} is the paper's.` : paper}`;
}

function validation({ testImages, results }: Facts): string {
  const { study, data } = results;
  const { split } = study;
  const mnist = isMnist(data.identity);
  const all = data.images?.train;
  const images = `${all === undefined ? '' : `${grouped(all)} `}training images`;
  const alike = `in proportion to class${mnist ? ' and group of writers' : ''}`;
  switch (split.kind) {
    case 'test':
      return `As in the paper, the curves called validation are computed on the ${grouped(testImages)} images of the test set. Nothing was selected on it: the number of epochs was fixed beforehand and every result is that of the last epoch, not of the best one.`;
    case 'holdout': {
      const held = heldOutImages(data);
      const part = held === null ? 'one in ten' : grouped(held);
      const seen =
        all === undefined || held === null
          ? ''
          : ` So each network saw ${grouped(all - held)} images${mnist ? ", the paper's 60,000" : ''}.`;
      return `Of the ${images} ${part} were held out, ${alike}; the curves called validation are computed on them. The ${grouped(testImages)} test images were used once, after the last epoch.${seen}`;
    }
    case 'half':
      return `Each seed drew its own random half of the ${images}, the same for every arm; the curves called validation are computed on the ${grouped(testImages)} images of the test set, and nothing was selected on it. With half the images the networks are a little worse than ${mnist ? "the paper's" : 'with all of them'}. The halves are there for the audit of privacy: for every image there are networks that saw it and networks that did not.`;
    case 'folds':
      return `This is cross-validation: the ${images} were divided into ${countOf(split.folds, 'fold')}${split.repeats === 1 ? '' : `, ${countOf(split.repeats, 'time')} over`}, ${split.groups === 'writers' ? 'no writer in two of them' : alike}. Each fold in turn was kept out of training and every network judged on it; the curves called validation are computed on it too, and nothing was selected by them. The test set was not used. ${strangersText(split, mnist)} The training sets of the folds overlap, so their results are not independent: intervals and p-values are by the t-test that Nadeau and Bengio corrected for it.`;
  }
}

function strangersText({ groups }: { readonly groups: 'images' | 'writers' }, mnist: boolean): string {
  if (groups === 'writers') return 'So each network was judged on writers it had never seen.';
  return mnist
    ? 'Writers occur on both sides, which makes the images kept out a little easier than those of new writers.'
    : 'Whoever or whatever the images have in common is on both sides, which makes those kept out easier than images from elsewhere.';
}

function failed({ failures, study }: Results): Passage {
  const places = failures.map(
    (failure) => `${failure.arm}, ${trialLabel(failure, study)}: ${failure.message}`,
  );
  const shown = places.slice(0, MOST_FAILURES);
  const rest = places.length - shown.length;
  return {
    title: 'Failed runs',
    text: `${capitalised(countOf(failures.length, 'run'))} failed and ${failures.length === 1 ? 'is' : 'are'} not in the numbers (${shown.join('; ')}${rest > 0 ? `; and ${rest} more, listed under Tables` : ''}). An arm whose bad runs fail looks better than it is.`,
  };
}

const MOST_FAILURES = 3;

/** Nothing where it is not known: of trials that were kept and only read again. */
function atATime(workers: number): string {
  if (workers === 0) return '';
  return workers === 1 ? 'one at a time, ' : `up to ${workers} at a time, `;
}
