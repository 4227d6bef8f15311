import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const Limit = (description: string, maximum: number) => Type.Number({ minimum: 0, maximum, description });

export const DistortionLimits = Type.Object(
  {
    rotation: Limit('radians', 0.5),
    scale: Limit('share, along each axis', 0.5),
    shear: Limit('tangent', 1),
    shift: Limit('pixels, along each axis', 14),
    elastic: Limit('pixels, at each point of a 5 × 5 grid', 14),
  },
  { ...closed, description: 'every number is the limit of a uniform draw, anew for every image and epoch' },
);

const Stopping = Type.Object(
  {
    monitor: Type.Union([Type.Literal('val_loss'), Type.Literal('val_accuracy')]),
    patience: Type.Integer({
      minimum: 1,
      description: 'epochs without improvement after which training ends',
    }),
  },
  { ...closed, description: 'the weights of the best epoch are put back' },
);

const Factor = Type.Integer({ minimum: 2, maximum: 10, description: 'times in every epoch' });

const Reweighting = Type.Object(
  { students: Type.Optional(Factor), employees: Type.Optional(Factor) },
  {
    ...closed,
    minProperties: 1,
    description: 'how often the training images of a writer population are shown; once where nothing is said',
  },
);

const Privacy = Type.Object(
  {
    clip: Type.Number({
      exclusiveMinimum: 0,
      description: "largest L2 norm of one image's gradient, over all layers",
    }),
    noiseMultiplier: Type.Number({
      minimum: 0,
      description: 'standard deviation of the noise on a batch’s summed gradients, in units of clip',
    }),
  },
  {
    ...closed,
    description:
      'training with differential privacy (DP-SGD): every step draws each image with probability batchSize / images. A demonstration: the seed of the noise is public',
  },
);

const Distillation = Type.Object(
  {
    teachers: Type.Array(Type.Integer(), {
      minItems: 1,
      maxItems: 64,
      uniqueItems: true,
      description:
        'seeds of the networks that teach: the runs with these seeds of the arm that has the same recipe without distillation',
    }),
    weight: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'share of the teachers’ mean answers in every target; the labels have the rest',
    }),
  },
  {
    ...closed,
    description: 'training towards what other networks of the study answer to the very images that are shown',
  },
);

/** What an arm may differ in: the network and how it is trained. */
export const Recipe = Type.Object(
  {
    activation: Type.String({ description: 'of the hidden layers' }),
    units: Type.Array(Type.Integer({ minimum: 1, maximum: 65_536 }), {
      minItems: 1,
      description: 'widths of the hidden layers',
    }),
    initializer: Type.String({ description: 'of the kernels' }),
    dropout: Type.Number({ minimum: 0, exclusiveMaximum: 1, description: 'rate after each hidden layer' }),
    l2: Type.Number({ minimum: 0, description: 'weight penalty l2 Σw², on every kernel' }),
    optimizer: Type.Union([Type.Literal('adam'), Type.Literal('sgd')]),
    learningRate: Type.Number({ exclusiveMinimum: 0 }),
    momentum: Type.Number({ minimum: 0, exclusiveMaximum: 1, description: 'of sgd' }),
    schedule: Type.Union([Type.Literal('constant'), Type.Literal('cosine'), Type.Literal('linear')], {
      description: 'of the learning rate, over the whole training',
    }),
    epochs: Type.Integer({ minimum: 1, maximum: 100_000 }),
    batchSize: Type.Integer({ minimum: 1, maximum: 60_000 }),
    labelSmoothing: Type.Number({ minimum: 0, exclusiveMaximum: 1 }),
    averaging: Type.Number({
      minimum: 0,
      exclusiveMaximum: 1,
      description: 'decay of the averaged weights; 0: none',
    }),
    distortion: Type.Union([Type.Null(), DistortionLimits]),
    earlyStopping: Type.Union([Type.Null(), Stopping]),
    // Absent from the recipes that were there before it, whose trials so keep their keys.
    reweighting: Type.Optional(Reweighting),
    privacy: Type.Optional(Privacy),
    distillation: Type.Optional(Distillation),
  },
  closed,
);
export type Recipe = Static<typeof Recipe>;

/** The paper's, with Keras' defaults. */
export const PAPER_RECIPE: Recipe = {
  activation: 'relu',
  units: [128, 64, 32],
  initializer: 'glorotUniform',
  dropout: 0,
  l2: 0,
  optimizer: 'adam',
  learningRate: 0.001,
  momentum: 0,
  schedule: 'constant',
  epochs: 10,
  batchSize: 32,
  labelSmoothing: 0,
  averaging: 0,
  distortion: null,
  earlyStopping: null,
};
