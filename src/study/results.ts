import { Type, type Static } from 'typebox';
import { isMnist, numberNames } from '../data/identity.ts';
import { Study } from './configuration.ts';
import { DataAbout, MNIST_DATA } from './dataAbout.ts';

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in hexadecimal' });
const Fractions = Type.Array(Type.Number(), { description: 'one value per epoch' });

const closed = { additionalProperties: false } as const;

const History = Type.Object(
  { loss: Fractions, accuracy: Fractions, val_loss: Fractions, val_accuracy: Fractions },
  closed,
);

const trialProperties = {
  key: Hash,
  activation: Type.String(),
  seed: Type.Integer(),
  history: History,
  testAccuracy: Type.Number({
    description: 'share of the images kept out (the test images, or the fold), with the final weights',
  }),
  testLoss: Type.Number({ description: 'mean categorical cross-entropy in nats' }),
  confusionMatrix: Type.Array(Type.Array(Type.Integer()), {
    description: '[true class][predicted class], counts',
  }),
  weightsHash: Type.Array(Hash, { description: 'after each epoch' }),
  seconds: Type.Number({ description: 'wall time of training and evaluation' }),
};

/** What one trained network came to; shared by all studies that contain the trial. */
export const TrialResult = Type.Object(trialProperties, closed);

const place = {
  arm: Type.String(),
  fold: Type.Union([Type.Integer(), Type.Null()], {
    description: 'repeat × folds + the fold kept out, from 0; null without folds',
  }),
};

/** A trial in its place in a study. */
export const StudyTrial = Type.Object({ ...place, ...trialProperties }, closed);

const Failure = Type.Object(
  { ...place, key: Hash, activation: Type.String(), seed: Type.Integer(), message: Type.String() },
  closed,
);

const Spread = Type.Object(
  {
    mean: Type.Number(),
    sd: Type.Union([Type.Number(), Type.Null()], {
      description: 'n - 1 in the denominator; null for one seed',
    }),
    min: Type.Number(),
    max: Type.Number(),
  },
  closed,
);

const ArmAggregate = Type.Object(
  { arm: Type.String(), runs: Type.Integer(), testAccuracy: Spread, testLoss: Spread },
  closed,
);

const PairedDifference = Type.Object(
  {
    measure: Type.Union([Type.Literal('testAccuracy'), Type.Literal('testLoss')]),
    first: Type.String(),
    second: Type.String(),
    differences: Type.Array(Type.Number(), {
      description: 'first minus second, one per pair of runs, in the order of seeds and folds',
    }),
    mean: Type.Number(),
    sd: Type.Union([Type.Number(), Type.Null()]),
    interval: Type.Union([Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), Type.Null()], {
      description:
        '95 % interval of the mean difference: Student’s; with folds by the t-test that Nadeau and Bengio corrected; the always-valid one where the study stops when decided; null for too few seeds',
    }),
  },
  closed,
);

/** `results.json` of a comparison. */
export const Results = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    format: Type.Literal('dactyl-results/2'),
    study: Study,
    studyHash: Hash,
    judgement: Type.Integer({
      minimum: 1,
      description: 'version of the measures and default rules by which the claims are judged',
    }),
    environment: Type.Object(
      {
        dactyl: Type.String({ description: 'version of the package' }),
        numerics: Type.Integer({ description: 'raised only when bits change' }),
        convolution: Type.Optional(
          Type.Integer({ description: 'the same of convolution and pooling, where a network has them' }),
        ),
        runtime: Type.String(),
        platform: Type.String(),
        processor: Type.String(),
        workers: Type.Integer({ description: 'trials run at the same time' }),
      },
      closed,
    ),
    data: DataAbout,
    parameters: Type.Record(Type.String(), Type.Integer(), {
      description: 'trainable parameters of each arm’s network',
    }),
    failures: Type.Array(Failure, { description: 'trials that failed, such as by a loss that became NaN' }),
    trials: Type.Array(StudyTrial),
    aggregates: Type.Array(ArmAggregate),
    comparisons: Type.Array(PairedDifference),
  },
  { additionalProperties: false, title: 'Results of a study of Dactyl' },
);

/** `dactyl-results/1` as this version writes it: it named the files of ten classes of 28 × 28 pixels. What it does not say stays unsaid. */
export function presentResults(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { format, data } = value;
  if (format !== 'dactyl-results/1' || !Array.isArray(data)) return { ...value };
  const identity = (data as { readonly sha256?: unknown }[]).map(({ sha256 }) => String(sha256));
  const other = { ...MNIST_DATA, name: 'Images of its own', identity, classes: numberNames(10) };
  delete other.images;
  return { ...value, format: 'dactyl-results/2', data: isMnist(identity) ? MNIST_DATA : other };
}

/** The JSON Schema of `results.json` as text; published as `schemas/results.schema.json` and beside every `results.json`. */
export function resultsSchema(): string {
  return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...Results }, null, 2)}\n`;
}

export type TrialResult = Static<typeof TrialResult>;
export type StudyTrial = Static<typeof StudyTrial>;
export type ArmAggregate = Static<typeof ArmAggregate>;
export type PairedDifference = Static<typeof PairedDifference>;
export type Results = Static<typeof Results>;
