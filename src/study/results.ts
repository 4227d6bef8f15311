import { Type, type Static } from 'typebox';

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in hexadecimal' });
const Fractions = Type.Array(Type.Number(), { description: 'one value per epoch' });

export const ComparisonConfiguration = Type.Object(
  {
    activations: Type.Array(Type.String(), {
      minItems: 2,
      description: 'the arms, in the order of the report',
    }),
    seeds: Type.Array(Type.Integer(), {
      minItems: 1,
      description: 'each seed is run once per activation (paired)',
    }),
    epochs: Type.Integer({ minimum: 1 }),
    batchSize: Type.Integer({ minimum: 1 }),
    units: Type.Array(Type.Integer({ minimum: 1 }), { description: 'widths of the hidden layers' }),
    optimizer: Type.Union([Type.Literal('adam'), Type.Literal('sgd')]),
    learningRate: Type.Number({ exclusiveMinimum: 0 }),
    dropout: Type.Number({ minimum: 0, exclusiveMaximum: 1, description: 'rate after each hidden layer' }),
    validation: Type.Union([Type.Literal('test'), Type.Literal('holdout')], {
      description:
        'test: the curves called validation are the test set (the paper); holdout: 6,000 training images',
    }),
    quick: Type.Boolean({ description: 'a short taste; its numbers are not the result' }),
  },
  { additionalProperties: false },
);

const History = Type.Object(
  { loss: Fractions, accuracy: Fractions, val_loss: Fractions, val_accuracy: Fractions },
  { additionalProperties: false },
);

export const TrialResult = Type.Object(
  {
    key: Hash,
    seed: Type.Integer(),
    activation: Type.String(),
    history: History,
    testAccuracy: Type.Number({ description: 'share of the 10,000 test images, after the last epoch' }),
    testLoss: Type.Number({ description: 'mean categorical cross-entropy in nats' }),
    confusionMatrix: Type.Array(Type.Array(Type.Integer()), {
      description: '[true class][predicted class], counts',
    }),
    weightsHash: Type.Array(Hash, { description: 'after each epoch' }),
    seconds: Type.Number({ description: 'wall time of training and evaluation' }),
  },
  { additionalProperties: false },
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
  { additionalProperties: false },
);

const ArmAggregate = Type.Object(
  { activation: Type.String(), seeds: Type.Integer(), testAccuracy: Spread, testLoss: Spread },
  { additionalProperties: false },
);

const PairedDifference = Type.Object(
  {
    measure: Type.Union([Type.Literal('testAccuracy'), Type.Literal('testLoss')]),
    first: Type.String(),
    second: Type.String(),
    differences: Type.Array(Type.Number(), {
      description: 'first minus second, one per seed, in the order of seeds',
    }),
    mean: Type.Number(),
    sd: Type.Union([Type.Number(), Type.Null()]),
    interval: Type.Union([Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), Type.Null()], {
      description: '95 % Student interval of the mean difference; null for one seed',
    }),
  },
  { additionalProperties: false },
);

/** `results.json` of a comparison. */
export const Results = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    format: Type.Literal('dactyl-results/1'),
    configuration: ComparisonConfiguration,
    environment: Type.Object(
      {
        dactyl: Type.String({ description: 'version of the package' }),
        numerics: Type.Integer({ description: 'raised only when bits change' }),
        runtime: Type.String(),
        platform: Type.String(),
        processor: Type.String(),
        workers: Type.Integer({ description: 'trials run at the same time' }),
      },
      { additionalProperties: false },
    ),
    data: Type.Array(
      Type.Object(
        { file: Type.String(), bytes: Type.Integer(), sha256: Hash },
        { additionalProperties: false },
      ),
    ),
    parameters: Type.Integer({ description: 'trainable parameters of the network' }),
    trials: Type.Array(TrialResult),
    aggregates: Type.Array(ArmAggregate),
    comparisons: Type.Array(PairedDifference),
  },
  { additionalProperties: false, title: 'Results of dactyl compare' },
);

/** The JSON Schema of `results.json` as text; published as `schemas/results.schema.json` and beside every `results.json`. */
export function resultsSchema(): string {
  return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...Results }, null, 2)}\n`;
}

export type ComparisonConfiguration = Static<typeof ComparisonConfiguration>;
export type TrialResult = Static<typeof TrialResult>;
export type ArmAggregate = Static<typeof ArmAggregate>;
export type PairedDifference = Static<typeof PairedDifference>;
export type Results = Static<typeof Results>;
