import { type Static, type TSchema, Type } from 'typebox';
import { type OptimizerName, RULES } from '../engine/rules/rules.ts';
import '../nn/all.ts';
import type { LayerData } from '../nn/layers/layer.ts';
import { Consented, ExtraData } from './extraData.ts';

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

const several = { minItems: 1, maxItems: 64, uniqueItems: true };
const Seeds = (description: string) => Type.Array(Type.Integer(), { ...several, description });

const OwnTeachers = Seeds(
  'seeds of the networks that teach: the runs with these seeds of the arm that has the same recipe without distillation',
);
const TeachersOfArm = Type.Object(
  {
    arm: Type.String({ description: 'whose networks teach: one without distillation' }),
    seeds: Seeds('of its runs'),
  },
  closed,
);
const TeachersByKey = Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), {
  ...several,
  description: 'keys of the trials whose networks teach',
});

/** Keys are for trials only, which this refuses; the type has them, so that a trial's recipe is one as well. */
const ArmTeachers = Type.Unsafe<number[] | string[] | Static<typeof TeachersOfArm>>(
  Type.Union([OwnTeachers, TeachersOfArm]),
);

const distillationBy = <T extends TSchema>(teachers: T) =>
  Type.Object(
    {
      teachers,
      weight: Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'share of the teachers’ mean answers in every target; the labels have the rest',
      }),
    },
    {
      ...closed,
      description:
        'training towards what other networks of the study answer to the very images that are shown',
    },
  );

/** A layer as plain data, the form in which models are saved: its type, and what its function takes. */
export type RecipeLayer = LayerData | { readonly type: string; readonly [field: string]: unknown };

const Layers = Type.Unsafe<readonly RecipeLayer[]>(
  Type.Array(Type.Object({ type: Type.String() }, { additionalProperties: true }), {
    minItems: 1,
    maxItems: 1000,
    description:
      'the whole network, from Input of 784 values to a softmax over 10 classes, instead of activation, units, initializer, dropout and l2; what is left out of a layer has its default',
  }),
);

/** What describes the usual dense network: in every recipe but those with `layers`. */
const Dense = {
  activation: Type.String({ description: 'of the hidden layers' }),
  units: Type.Array(Type.Integer({ minimum: 1, maximum: 65_536 }), {
    minItems: 1,
    description: 'widths of the hidden layers',
  }),
  initializer: Type.String({ description: 'of the kernels' }),
  dropout: Type.Number({ minimum: 0, exclusiveMaximum: 1, description: 'rate after each hidden layer' }),
  l2: Type.Number({ minimum: 0, description: 'weight penalty l2 Σw², on every kernel' }),
};

export type DenseField = keyof typeof Dense;
export const DENSE_FIELDS = Object.keys(Dense) as DenseField[];

/** Options of optimizers, absent where they have their default; the optimizer that is given one says what it may be. */
const OptimizerOptions = {
  weightDecay: Type.Optional(Type.Number({ description: 'before each step w −= w · weightDecay · rate' })),
  clipnorm: Type.Optional(
    Type.Number({ description: 'largest L2 norm of the gradient of each weight array' }),
  ),
  globalClipnorm: Type.Optional(Type.Number({ description: 'largest L2 norm of all gradients together' })),
  clipvalue: Type.Optional(Type.Number({ description: 'largest magnitude of a gradient' })),
  nesterov: Type.Optional(Type.Boolean({ description: 'Nesterov’s form of momentum, of sgd' })),
  beta1: Type.Optional(Type.Number({ description: 'decay of the mean gradient, of adam, adamW and lion' })),
  beta2: Type.Optional(Type.Number({ description: 'the second decay, of adam, adamW and lion' })),
  rho: Type.Optional(Type.Number({ description: 'decay of the mean square, of rmsprop' })),
};

export type OptimizerField = keyof typeof OptimizerOptions;
export const OPTIMIZER_FIELDS = Object.keys(OptimizerOptions) as OptimizerField[];

const RECIPE = {
  activation: Type.Optional(Dense.activation),
  units: Type.Optional(Dense.units),
  initializer: Type.Optional(Dense.initializer),
  dropout: Type.Optional(Dense.dropout),
  l2: Type.Optional(Dense.l2),
  layers: Type.Optional(Layers),
  optimizer: Type.Unsafe<OptimizerName>(Type.Union(Object.keys(RULES).map((name) => Type.Literal(name)))),
  learningRate: Type.Number({ exclusiveMinimum: 0 }),
  momentum: Type.Number({ minimum: 0, exclusiveMaximum: 1, description: 'of sgd and rmsprop' }),
  ...OptimizerOptions,
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
  extraData: Type.Optional(ExtraData),
  consented: Type.Optional(Consented),
};

/** What an arm may differ in: the network and how it is trained. */
export const Recipe = Type.Object(
  { ...RECIPE, distillation: Type.Optional(distillationBy(ArmTeachers)) },
  closed,
);
export type Recipe = Static<typeof Recipe>;

/** The recipe of a trial: an arm's, with teachers of another arm by their keys, so that arms may be called otherwise. */
export const TrialRecipe = Type.Unsafe<Recipe>(
  Type.Object(
    { ...RECIPE, distillation: Type.Optional(distillationBy(Type.Union([OwnTeachers, TeachersByKey]))) },
    closed,
  ),
);

/** A recipe for the usual dense network. */
export type DenseRecipe = Omit<Recipe, DenseField | 'layers'> & Required<Pick<Recipe, DenseField>>;

/** The paper's, with Keras' defaults. */
export const PAPER_RECIPE: DenseRecipe = {
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

/**
 * The paper's recipe with what each part says otherwise, the last one first. A part with `layers` takes the place of all that describes a dense
 * network, one with `units` that of layers.
 */
export function recipeOf(...parts: readonly Partial<Recipe>[]): Recipe {
  const merged: Partial<Recipe> = { ...PAPER_RECIPE };
  for (const part of parts) {
    if (part.layers) for (const field of DENSE_FIELDS) delete merged[field];
    else if (part.units && merged.layers) {
      delete merged.layers;
      for (const field of DENSE_FIELDS) Object.assign(merged, { [field]: PAPER_RECIPE[field] });
    }
    Object.assign(merged, part);
  }
  return merged as Recipe;
}
