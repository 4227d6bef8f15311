import { countOf } from '../study/wording.ts';
import type { DataWords } from './dataWords.ts';

/** A term of the report in plain words. */
export interface GlossaryEntry {
  readonly term: string;
  readonly meaning: string;
}

export function glossary({ one, classes }: Pick<DataWords, 'one' | 'classes'>): readonly GlossaryEntry[] {
  const scores = countOf(classes.length, '', '').trim();
  return [
    {
      term: 'Accuracy',
      meaning: `The share of images that are given the right ${one}. 97.62 % means 238 errors among 10,000 images.`,
    },
    {
      term: 'Activation function',
      meaning:
        'The simple curve through which each unit of a network passes its sum. Without it all layers together could draw only straight boundaries.',
    },
    { term: 'ReLU', meaning: 'An activation: negative values become zero, positive ones stay as they are.' },
    { term: 'Tanh', meaning: 'An activation: an S-shaped curve that squeezes every value between −1 and 1.' },
    {
      term: 'Adam',
      meaning: 'A rule for changing the weights in training that adapts the size of the step to each weight.',
    },
    {
      term: 'Batch',
      meaning: 'A small group of images after which the weights are changed once; 32 in the paper.',
    },
    {
      term: 'Epoch',
      meaning: 'One pass of training through all training images.',
    },
    {
      term: 'Loss (cross-entropy)',
      meaning:
        'How surprised the model is by the right answer, on average, in nats: 0 for certain and right, growing without bound for certain and wrong. Training makes it small.',
    },
    {
      term: 'Training, validation and test set',
      meaning:
        'Images to learn from; images to watch progress on; and images kept aside to judge the finished model. The paper uses the last for both of the latter purposes.',
    },
    {
      term: 'Overfitting',
      meaning:
        'Learning the training images so closely that new ones are read less well: the training loss still falls while the validation loss rises.',
    },
    {
      term: 'Seed',
      meaning:
        'The number from which all random choices of a run follow: initial weights, order of images. The same seed gives the same run.',
    },
    {
      term: 'Paired difference',
      meaning:
        'The result of one activation minus that of the other with the same seed, so that luck common to both cancels out.',
    },
    {
      term: 'Standard deviation (SD)',
      meaning: 'How far single runs typically lie from their mean.',
    },
    {
      term: '95 % interval',
      meaning:
        'A range computed so that in 95 of 100 such studies it contains the true mean difference. One that includes zero leaves the sign open.',
    },
    {
      term: 'Region of practical equivalence (ROPE)',
      meaning:
        'Differences too small to matter, fixed beforehand: ±0.1 percentage points of accuracy, 10 of 10,000 images, and ±0.004 nats of loss, where the study says nothing else.',
    },
    {
      term: 'p-value',
      meaning:
        'How often a difference at least as large as the one seen would turn up if there were none in truth. A small one speaks against chance; it does not say how large or how useful the difference is.',
    },
    {
      term: 'Permutation test',
      meaning:
        'Swaps the two results of each pair in every possible way and counts how often the difference is as large as the one seen. With five pairs its p cannot go below .0625, with six not below .0313; equal pairs carry nothing. So fewer than six that differ decide no sign.',
    },
    {
      term: 'Bootstrap',
      meaning:
        'Draws from the data again and again, with replacement, to see how far a result would vary. Crossed: seeds and test images are drawn both, so that the interval speaks of other images too.',
    },
    {
      term: "Holm's correction",
      meaning:
        'Raises the p-values of many tests made at once, so that the chance of even one false alarm among them stays below 5 %. A verdict that holds only without it is undecided.',
    },
    {
      term: 'Simultaneous intervals (max-t)',
      meaning:
        'Intervals of several differences, wide enough that all of them together are right in 95 of 100 such studies.',
    },
    {
      term: 'Fold (cross-validation)',
      meaning:
        'A part of the training images that is kept out while the network learns from the other parts, and then judges it. Each part takes its turn.',
    },
    {
      term: 'Confusion matrix',
      meaning: `A table of what each ${one} was taken for: one row for each true ${one}, one column for each answer. Right answers stand on the diagonal.`,
    },
    {
      term: 'Recall',
      meaning: `Of all images of a ${one}, the share that is recognised as that ${one}.`,
    },
    {
      term: 'Parameter, weight',
      meaning: 'One of the numbers that training adjusts.',
    },
    {
      term: 'Softmax',
      meaning: `The last step of the network: turns ${scores} scores into ${scores} probabilities that sum to one.`,
    },
    {
      term: 'Weights hash',
      meaning:
        'A fingerprint (SHA-256) of all weights after training. Two runs with the same hash are the same to the last bit.',
    },
  ];
}
