import { type Static, type TSchema, Type } from 'typebox';
import { Recipe } from '../recipe.ts';

const closed = { additionalProperties: false } as const;
const kind = <K extends string>(name: K, description: string) => Type.Literal(name, { description });

const Uniform = Type.Object(
  { kind: kind('uniform', 'every value alike'), from: Type.Number(), to: Type.Number() },
  closed,
);
const LogUniform = Type.Object(
  {
    kind: kind('logUniform', 'every power of ten alike'),
    from: Type.Number({ exclusiveMinimum: 0 }),
    to: Type.Number({ exclusiveMinimum: 0 }),
  },
  closed,
);
const Integer = Type.Object(
  { kind: kind('integer', 'every whole number alike'), from: Type.Integer(), to: Type.Integer() },
  closed,
);
const LogInteger = Type.Object(
  {
    kind: kind('logInteger', 'whole numbers, every power of ten alike'),
    from: Type.Integer({ minimum: 1 }),
    to: Type.Integer({ minimum: 1 }),
  },
  closed,
);
const Numbers = Type.Object(
  {
    kind: kind('choice', 'each alike'),
    values: Type.Array(Type.Number(), { minItems: 1, uniqueItems: true }),
  },
  closed,
);
const Names = Type.Object(
  {
    kind: kind('choice', 'each alike'),
    values: Type.Array(Type.String(), { minItems: 1, uniqueItems: true }),
  },
  closed,
);

const real = (description: string) =>
  Type.Optional(Type.Union([Uniform, LogUniform, Numbers], { description }));
const whole = (description: string) =>
  Type.Optional(Type.Union([Integer, LogInteger, Numbers], { description }));
const name = (description: string) =>
  Type.Optional(Type.Object(Names.properties, { ...closed, description }));

/** What a search draws, each parameter by itself; the rest is the recipe's. Epochs are searched by the rungs. */
export const SearchSpace = Type.Object(
  {
    learningRate: real('of the optimizer'),
    batchSize: whole('images per step'),
    depth: whole('number of hidden layers'),
    width: whole('of the first hidden layer'),
    narrowing: real('width of each further hidden layer as a share of the one before; the paper’s is 0.5'),
    dropout: real('rate after each hidden layer'),
    l2: real('weight penalty'),
    labelSmoothing: real('share of every target that is spread over all classes'),
    averaging: real('decay of the averaged weights'),
    activation: name('of the hidden layers'),
    initializer: name('of the kernels'),
    schedule: name('of the learning rate, over the whole training'),
  },
  { ...closed, minProperties: 1 },
);
export type SearchSpace = Static<typeof SearchSpace>;

export type Parameter = keyof SearchSpace;
/** In the order in which they are shown. */
const PARAMETERS = Object.keys(SearchSpace.properties) as Parameter[];

export type Distribution = NonNullable<SearchSpace[Parameter]>;

/** What a value may be, whatever the space says. */
export const LIMITS: Readonly<Record<Parameter, TSchema>> = {
  ...Recipe.properties,
  depth: Type.Integer({ minimum: 1, maximum: 20 }),
  width: Type.Integer({ minimum: 1, maximum: 4096 }),
  narrowing: Type.Number({ exclusiveMinimum: 0, maximum: 2 }),
};

export const PARAMETER_NAMES: Readonly<Record<Parameter, string>> = {
  learningRate: 'learning rate',
  batchSize: 'batch size',
  depth: 'depth',
  width: 'width',
  narrowing: 'narrowing',
  dropout: 'dropout',
  l2: 'l2',
  labelSmoothing: 'label smoothing',
  averaging: 'averaging',
  activation: 'activation',
  initializer: 'initializer',
  schedule: 'schedule',
};

/** The parameters of a space, in order. */
export function searched(space: SearchSpace): Parameter[] {
  return PARAMETERS.filter((parameter) => space[parameter] !== undefined);
}
