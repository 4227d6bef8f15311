import type { ComparisonConfiguration, TrialResult } from './results.ts';

type History = TrialResult['history'];

/** What the re-run report says of its own experiment: one run for each activation, hosted notebook, no seed given. */
export const PAPER = {
  recipe: {
    epochs: 10,
    batchSize: 32,
    units: [128, 64, 32],
    optimizer: 'adam',
    learningRate: 0.001,
    dropout: 0,
  },
  testAccuracy: { relu: 0.9762, tanh: 0.9729 },
  secondsPerEpoch: 8.9,
  history: {
    relu: {
      accuracy: [0.9214, 0.967, 0.9755, 0.9814, 0.9852, 0.9872, 0.9891, 0.9899, 0.9919, 0.9923],
      loss: [0.267, 0.1081, 0.078, 0.0587, 0.0467, 0.039, 0.0327, 0.03, 0.0243, 0.023],
      val_accuracy: [0.961, 0.9561, 0.9711, 0.971, 0.9777, 0.9776, 0.9768, 0.9752, 0.9768, 0.9762],
      val_loss: [0.1271, 0.1346, 0.0924, 0.0888, 0.0739, 0.0768, 0.0879, 0.0934, 0.0918, 0.0989],
    },
    tanh: {
      accuracy: [0.9229, 0.9638, 0.9749, 0.9799, 0.9842, 0.9869, 0.9904, 0.9905, 0.9908, 0.9936],
      loss: [0.2727, 0.1212, 0.0845, 0.0645, 0.05, 0.0408, 0.0319, 0.0292, 0.0285, 0.0201],
      val_accuracy: [0.9598, 0.9626, 0.9712, 0.968, 0.9748, 0.9761, 0.9731, 0.9732, 0.9761, 0.9729],
      val_loss: [0.1353, 0.1154, 0.09, 0.0996, 0.0799, 0.0767, 0.0899, 0.0997, 0.089, 0.1013],
    },
  },
  /** The pairs it names as most confused, most frequent first. */
  confusedPairs: {
    relu: [
      [9, 7],
      [5, 3],
      [8, 7],
    ],
    tanh: [
      [4, 9],
      [3, 5],
      [7, 2],
    ],
  },
} as const satisfies {
  recipe: Partial<ComparisonConfiguration>;
  testAccuracy: Record<string, number>;
  secondsPerEpoch: number;
  history: Record<string, History>;
  confusedPairs: Record<string, number[][]>;
};

export type PaperActivation = keyof typeof PAPER.history;

function isPaperActivation(activation: string): activation is PaperActivation {
  return Object.hasOwn(PAPER.history, activation);
}

/** What differs from the paper's recipe, in words; empty where nothing does. `ignoreEpochs` leaves the number of epochs out. */
export function recipeDifferences(
  configuration: ComparisonConfiguration,
  { ignoreEpochs = false } = {},
): string[] {
  const { recipe } = PAPER;
  const differences: string[] = [];
  const compare = (what: string, here: string | number, paper: string | number) => {
    if (here !== paper) differences.push(`${what} ${here} instead of ${paper}`);
  };
  if (configuration.quick) differences.push('a quick taste instead of a full run');
  if (!ignoreEpochs) compare('epochs', configuration.epochs, recipe.epochs);
  compare('batch size', configuration.batchSize, recipe.batchSize);
  compare(
    'units',
    configuration.units.length === 0 ? 'none' : configuration.units.join('-'),
    recipe.units.join('-'),
  );
  compare('optimizer', configuration.optimizer, recipe.optimizer);
  compare('learning rate', configuration.learningRate, recipe.learningRate);
  compare('dropout', configuration.dropout, recipe.dropout);
  return differences;
}

/** The paper's curves for this activation, where the recipe is the paper's and its number of epochs not larger. */
export function paperHistory(activation: string, configuration: ComparisonConfiguration): History | null {
  if (!isPaperActivation(activation) || configuration.epochs > PAPER.recipe.epochs) return null;
  if (recipeDifferences(configuration, { ignoreEpochs: true }).length > 0) return null;
  const cut = (values: readonly number[]) => values.slice(0, configuration.epochs);
  const { accuracy, loss, val_accuracy, val_loss } = PAPER.history[activation];
  return {
    accuracy: cut(accuracy),
    loss: cut(loss),
    val_accuracy: cut(val_accuracy),
    val_loss: cut(val_loss),
  };
}

/** The paper's single test accuracy for this activation, where the whole recipe is the paper's. */
export function paperTestAccuracy(activation: string, configuration: ComparisonConfiguration): number | null {
  if (!isPaperActivation(activation) || recipeDifferences(configuration).length > 0) return null;
  return PAPER.testAccuracy[activation];
}
