import { isMnist } from '../data/identity.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import type { Arm } from './arm.ts';
import { consentedWords } from './extraData.ts';
import { networkPhrases, networkWords } from './network.ts';
import { DENSE_FIELDS, OPTIMIZER_FIELDS, PAPER_RECIPE, type Recipe } from './recipe.ts';
import type { Results, TrialResult } from './results.ts';
import { listOf } from './wording.ts';

type History = TrialResult['history'];

/** What the re-run report says of its own experiment: one run for each activation, hosted notebook, no seed given. */
export const PAPER = {
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
  /** The digits it names as recognised worst, by counts. */
  lowestDigits: { relu: [8, 6], tanh: [6] },
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
  testAccuracy: Record<string, number>;
  secondsPerEpoch: number;
  history: Record<string, History>;
  lowestDigits: Record<string, number[]>;
  confusedPairs: Record<string, number[][]>;
};

export type PaperActivation = keyof typeof PAPER.history;

function isPaperActivation(activation: string): activation is PaperActivation {
  return Object.hasOwn(PAPER.history, activation);
}

const WORDS: Readonly<Record<keyof Recipe, string>> = {
  activation: 'activation',
  epochs: 'epochs',
  batchSize: 'batch size',
  units: 'units',
  layers: 'layers',
  optimizer: 'optimizer',
  learningRate: 'learning rate',
  momentum: 'momentum',
  weightDecay: 'weight decay',
  clipnorm: 'largest norm of a gradient',
  globalClipnorm: 'largest norm of all gradients',
  clipvalue: 'largest magnitude of a gradient',
  nesterov: 'Nesterov’s momentum',
  beta1: 'beta 1',
  beta2: 'beta 2',
  rho: 'rho',
  schedule: 'learning-rate schedule',
  dropout: 'dropout',
  l2: 'L2 penalty',
  labelSmoothing: 'label smoothing',
  initializer: 'initializer',
  averaging: 'averaged weights',
  distortion: 'distorted images',
  earlyStopping: 'early stopping',
  reweighting: 'times a population is shown in an epoch',
  privacy: 'differential privacy',
  distillation: 'distillation',
  extraData: 'further training images',
  consented: 'images trained with by consent',
};

/** One setting of a recipe in words. */
export function settingText(recipe: Recipe, key: keyof Recipe): string {
  if (key === 'layers') {
    return recipe.layers ? networkWords(recipe) : 'none';
  }
  if (key === 'consented') return recipe.consented ? consentedWords(recipe.consented) : 'none';
  if (recipe[key] === undefined && (OPTIMIZER_FIELDS as string[]).includes(key)) return 'the default';
  return recipeValue(recipe[key]);
}

function recipeValue(value: Recipe[Exclude<keyof Recipe, 'layers' | 'consented'>]): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join('-');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, own]) => `${key} ${key === 'teachers' ? teachersText(own as Teachers) : own}`)
    .join(', ');
}

type Teachers = NonNullable<Recipe['distillation']>['teachers'];

function teachersText(teachers: Teachers): string {
  if ('arm' in teachers) return `${teachers.arm} ${teachers.seeds.join(' ')}`;
  return teachers
    .map((teacher) => (typeof teacher === 'string' ? `${teacher.slice(0, 12)}…` : teacher))
    .join(' ');
}

/** Settings in which two recipes differ, in words: 'dropout 0.2 instead of 0'. */
export function recipeContrast(
  recipe: Recipe,
  other: Recipe,
  ignored: readonly (keyof Recipe)[] = [],
): string[] {
  const ownLayers = recipe.layers !== undefined || other.layers !== undefined;
  const network = canonicalJson(recipe.layers ?? null) !== canonicalJson(other.layers ?? null);
  const keys = (Object.keys(WORDS) as (keyof Recipe)[]).filter((key) => !(ownLayers && isOfNetwork(key)));
  return [
    ...(network ? [networkPhrases(recipe, other).join(' instead of ')] : []),
    ...keys.flatMap((key) => {
      const [here, there] = [settingText(recipe, key), settingText(other, key)];
      return here === there || ignored.includes(key) ? [] : [`${WORDS[key]} ${here} instead of ${there}`];
    }),
  ];
}

function isOfNetwork(key: keyof Recipe): boolean {
  return key === 'layers' || (DENSE_FIELDS as string[]).includes(key);
}

export function settingName(key: keyof Recipe): string {
  return WORDS[key];
}

/** What the paper's protocol is compared with. */
type Protocol = Pick<Results, 'study' | 'data'>;

function protocolDifferences({ study: { quick, split }, data }: Protocol): string[] {
  const mnist = isMnist(data.identity);
  return [
    ...(mnist ? [] : [`${data.name} instead of MNIST`]),
    ...(quick ? ['a quick taste instead of a full run'] : []),
    ...(split.kind === 'holdout'
      ? [
          mnist
            ? '54,000 training images and 6,000 for validation instead of 60,000 and the test set'
            : 'one in ten training images for validation instead of the test set',
        ]
      : []),
    ...(split.kind === 'half' ? ['a random half of the training images instead of all'] : []),
    ...(split.kind === 'folds' ? ['cross-validation on the training images instead of the test set'] : []),
  ];
}

/** What differs from the paper's recipe apart from the activation, in words; empty where nothing does. */
export function recipeDifferences(
  results: Protocol,
  arms: readonly Pick<Arm, 'label' | 'recipe'>[],
  { ignoreEpochs = false } = {},
): string[] {
  const ignored = ['activation' as const, ...(ignoreEpochs ? ['epochs' as const] : [])];
  const own = arms.map(({ recipe }) => recipeContrast(recipe, PAPER_RECIPE, ignored));
  const shared = own[0].filter((difference) => own.every((list) => list.includes(difference)));
  return [
    ...protocolDifferences(results),
    ...shared,
    ...arms.flatMap(({ label }, i) => {
      const alone = own[i].filter((difference) => !shared.includes(difference));
      return alone.length === 0 ? [] : [`for ${label} ${listOf(alone)}`];
    }),
  ];
}

/** The paper's curves for this arm's activation, where the recipe is the paper's and its number of epochs not larger. */
export function paperHistory(arm: Arm, results: Protocol): History | null {
  const { activation, recipe } = arm;
  if (!isPaperActivation(activation) || recipe.epochs > PAPER_RECIPE.epochs) return null;
  if (recipeDifferences(results, [arm], { ignoreEpochs: true }).length > 0) return null;
  const cut = (values: readonly number[]) => values.slice(0, recipe.epochs);
  const { accuracy, loss, val_accuracy, val_loss } = PAPER.history[activation];
  return {
    accuracy: cut(accuracy),
    loss: cut(loss),
    val_accuracy: cut(val_accuracy),
    val_loss: cut(val_loss),
  };
}

/** The paper's single test accuracy for this arm's activation, where the whole recipe is the paper's. */
export function paperTestAccuracy(arm: Arm, results: Protocol): number | null {
  if (!isPaperActivation(arm.activation) || recipeDifferences(results, [arm]).length > 0) return null;
  return PAPER.testAccuracy[arm.activation];
}

/**
 * The arms that the claims are about: those named `relu` and `tanh`, or else the only ones with these activations; never one with layers of its
 * own. Null where either is missing or there are several.
 */
export function paperArms(arms: readonly Arm[]): { relu: Arm; tanh: Arm } | null {
  const find = (activation: PaperActivation) => {
    const candidates = arms.filter((arm) => arm.activation === activation && !arm.recipe.layers);
    return (
      candidates.find(({ name }) => name === activation) ??
      (candidates.length === 1 ? candidates[0] : undefined)
    );
  };
  const [relu, tanh] = [find('relu'), find('tanh')];
  return relu === undefined || tanh === undefined ? null : { relu, tanh };
}
