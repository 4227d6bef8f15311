import { mean } from '../../stats/describe.ts';
import { PAPER, recipeDifferences } from '../../study/paper.ts';
import type { Results } from '../../study/results.ts';
import { countOf, fixed, grouped, listOf } from '../../study/wording.ts';
import { factsOf } from './facts.ts';
import type { Passage } from './facts.ts';

/** How the runs stand to the paper's; held-out images are no part of the recipe, but are said. */
function recipeText(
  differences: readonly string[],
  validation: Results['configuration']['validation'],
  seeds: number,
): string {
  if (differences.length > 0) return `It differs from the paper's recipe: ${listOf(differences)}.`;
  const runs = seeds > 1 ? 'with more runs' : 'with one run each, as there';
  const held = validation === 'holdout' ? ', but on fewer training images: some are held out' : '';
  return `This is the paper's recipe ${runs}${held}.`;
}

/** What was trained, how it was paired, what validation means, and how long it took. */
export function whatWasDone(results: Results): Passage[] {
  const { names, arms, seeds, testImages } = factsOf(results);
  const { configuration: c, environment, parameters } = results;
  const differences = recipeDifferences(c);
  const runs = arms.reduce((sum, { trials }) => sum + trials.length, 0);
  const seconds = mean(arms.flatMap(({ trials }) => trials.map((trial) => trial.seconds)));
  const hidden =
    c.units.length === 0 ? 'no hidden layer' : `hidden layers of ${listOf(c.units.map(grouped))} units`;
  return [
    {
      title: 'The experiment',
      text: `A network with 784 inputs, ${hidden} and 10 softmax outputs (${grouped(parameters)} trainable parameters) learnt to read the handwritten digits of MNIST, with ${listOf(names)} in its hidden layers in turn, each with ${countOf(seeds, 'seed')}: ${countOf(runs, 'run')} in all. Training used ${c.optimizer === 'adam' ? 'Adam' : 'stochastic gradient descent'} with learning rate ${c.learningRate}, batches of ${c.batchSize} and ${countOf(c.epochs, 'epoch')}, ${c.dropout === 0 ? 'without dropout' : `with dropout ${c.dropout}`}. ${recipeText(differences, c.validation, seeds)}`,
    },
    {
      title: 'Paired seeds',
      text: 'Runs with the same seed share the split, the order of the batches and the random draws behind their initial weights. So the activations are compared pair by pair, and what one lucky start gives to both of them cancels out.',
    },
    {
      title: 'What validation means here',
      text:
        c.validation === 'test'
          ? `As in the paper, the curves called validation are computed on the ${grouped(testImages)} images of the test set. Nothing was selected on it: the number of epochs was fixed beforehand and every result is that of the last epoch, not of the best one.`
          : `Of the 60,000 training images 6,000 were held out, in proportion to class and group of writers; the curves called validation are computed on them. The ${grouped(testImages)} test images were used once, after the last epoch. So each network saw 54,000 images, the paper's 60,000.`,
    },
    {
      title: 'Time',
      text: `A run took ${fixed(seconds, 1)} seconds on average, ${environment.workers === 1 ? 'one at a time' : `up to ${environment.workers} at a time`}, on ${environment.processor}.${
        differences.length === 0
          ? ` The paper reports about ${fixed(PAPER.secondsPerEpoch * PAPER.recipe.epochs, 0)} seconds for one run, on hardware it does not state.`
          : ''
      }`,
    },
    ...(c.quick
      ? [
          {
            title: 'Quick',
            text: 'This was a quick taste of the programme, shortened to take seconds. Its numbers are not the result of the study and should not be quoted.',
          },
        ]
      : []),
  ];
}
