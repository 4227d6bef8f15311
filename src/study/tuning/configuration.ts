import { type Static, Type } from 'typebox';
import { canonicalJson } from '../../util/canonicalJson.ts';
import { DactylError } from '../../util/errors.ts';
import { sha256Hex } from '../../util/hash.ts';
import { requireFields } from '../../util/options.ts';
import {
  checkedStudy,
  Data,
  DEFAULT_RULES,
  formAhead,
  orderedNames,
  resolveStudy,
  Study,
  type StudyFile,
} from '../configuration.ts';
import { publishedSchema } from '../publishedSchema.ts';
import { Recipe } from '../recipe.ts';
import { sampleConfigurations } from './sample.ts';
import { checkGiven } from '../studyFileProblem.ts';
import { type Parameter, SearchSpace } from './space.ts';

const closed = { additionalProperties: false } as const;

const Rungs = Type.Array(Type.Integer({ minimum: 1, maximum: 100_000 }), {
  minItems: 1,
  maxItems: 20,
  description: 'epochs of each rung, growing; one rung is plain random search',
});

const Objective = Type.Union([Type.Literal('val_accuracy'), Type.Literal('val_loss')], {
  description:
    'what is best after the last epoch, on the held-out training images, one in ten; val_accuracy by default',
});

/** The rungs say how long a configuration trains, and end the poor ones early. */
const Settings = Type.Omit(Recipe, ['epochs', 'earlyStopping']);

/** A search as it is run: everything said, nothing by default. */
export const Tuning = Type.Object(
  {
    name: Study.properties.name,
    question: Type.String(),
    arms: Study.properties.arms,
    space: SearchSpace,
    configurations: Type.Integer({ minimum: 1 }),
    rungs: Rungs,
    reduction: Type.Integer({ minimum: 2 }),
    objective: Objective,
    seed: Type.Integer(),
    confirmation: Type.Integer({ minimum: 1 }),
    data: Type.Optional(Data),
    quick: Type.Boolean({ description: 'a short taste; its numbers are not the result' }),
  },
  closed,
);
export type Tuning = Static<typeof Tuning>;

/** A search as a file says it: `studies/tuning.json`. What is left out is the paper's. */
export const TuningFile = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    name: Study.properties.name,
    question: Type.String({ minLength: 1, description: 'what the search is to answer' }),
    recipe: Type.Optional(
      Type.Partial(Settings, {
        ...closed,
        description: 'of all arms, where the space says nothing; the paper’s where nothing is said',
      }),
    ),
    arms: Type.Record(Study.properties.name, Type.Partial(Settings, closed), {
      minProperties: 1,
      description: 'what each arm does otherwise; each gets the same budget',
    }),
    space: SearchSpace,
    configurations: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description: 'drawn; the same for every arm',
    }),
    rungs: Rungs,
    reduction: Type.Optional(
      Type.Integer({
        minimum: 2,
        maximum: 100,
        description: 'one in so many goes on to the next rung; 3 by default',
      }),
    ),
    objective: Type.Optional(Objective),
    seed: Type.Optional(
      Type.Integer({
        minimum: -(2 ** 52),
        maximum: 2 ** 52,
        description: 'of the draws, the hold-out and every training; 1 by default',
      }),
    ),
    confirmation: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: 'fresh seeds of the study file that is written with the best of each arm; 10 by default',
      }),
    ),
    data: Type.Optional(Data),
  },
  { ...closed, title: 'A search for hyperparameters, run by dactyl tune' },
);
export type TuningFile = Static<typeof TuningFile>;

/** What `--quick` leaves. */
const QUICK = { configurations: 6, rungs: [1, 2] };

/**
 * The search that a file says, everything said. Throws E_ARGUMENT as `resolveStudy` does, and for rungs that do not grow, a parameter that is
 * both searched and an arm's own, distillation, and a space with fewer configurations than are to be drawn.
 */
export function resolveTuning(said: TuningFile, quick = false, form = formAhead(said)): Tuning {
  checkGiven(TuningFile, said, 'the search');
  // The study of the best is an object too.
  orderedNames(said.arms);
  const { space, reduction = 3, objective = 'val_accuracy', seed = 1, confirmation = 10 } = said;
  const configurations = quick ? Math.min(QUICK.configurations, said.configurations) : said.configurations;
  const rungs = quick ? QUICK.rungs.slice(0, said.rungs.length) : said.rungs;
  const { name, question, recipe = {}, arms: own, data } = said;
  checkRungs(rungs);
  if (recipe.layers) refuseBoth('recipe', { layers: recipe.layers }, space);
  for (const [arm, settings] of Object.entries(own)) refuseBoth(`arms.${arm}`, settings, space);
  if ([recipe, ...Object.values(own)].some(({ distillation }) => distillation !== undefined)) {
    throw new DactylError(
      'E_ARGUMENT',
      'A search trains networks that learn from the labels; expected no distillation in recipe and arms. Search first, and put it into the study of the best.',
    );
  }
  const study: StudyFile = {
    name,
    question,
    recipe: { ...recipe, epochs: rungs[rungs.length - 1] },
    arms: own,
    seeds: 1,
    split: { kind: 'holdout' },
  };
  const { arms } = resolveStudy(study, undefined, form);
  sampleConfigurations(space, configurations, seed);
  return {
    name: quick ? `${name.slice(0, 114)}-quick` : name,
    question,
    arms,
    space,
    configurations,
    rungs,
    reduction,
    objective,
    seed,
    confirmation,
    ...(data !== undefined && { data }),
    quick,
  };
}

/** A search that a program gives with everything said, held to the same as a file. Throws E_ARGUMENT. */
export function checkedTuning(given: Tuning, form = formAhead(given)): Tuning {
  checkGiven(Tuning, given, 'the search');
  checkRungs(given.rungs);
  sampleConfigurations(given.space, given.configurations, given.seed);
  const { name, question, arms } = given;
  checkedStudy({ ...SEARCHED, name, question, arms }, form);
  return given;
}

/** What a search has in common with a study of its arms. */
const SEARCHED: Omit<Study, 'name' | 'question' | 'arms'> = {
  seeds: [1],
  split: { kind: 'holdout' },
  rules: DEFAULT_RULES,
  quick: false,
};

function checkRungs(rungs: readonly number[]): void {
  rungs.forEach((epochs, r) => {
    if (r === 0 || epochs > rungs[r - 1]) return;
    throw new DactylError(
      'E_ARGUMENT',
      `rungs: expected more epochs on each than on the one before; received ${rungs.join(', ')}.`,
    );
  });
}

/** What the widths of hidden layers follow from. */
const SHAPE: readonly Parameter[] = ['width', 'depth', 'narrowing'];

function refuseBoth(place: string, settings: object, space: SearchSpace): void {
  const parts: Readonly<Record<string, readonly Parameter[]>> = {
    units: SHAPE,
    layers: [...SHAPE, 'activation', 'initializer', 'dropout', 'l2'],
  };
  for (const key of Object.keys(settings)) {
    const both = (parts[key] ?? [key as Parameter]).find((parameter) => space[parameter] !== undefined);
    if (both === undefined) continue;
    throw new DactylError(
      'E_ARGUMENT',
      `${place} says its ${key}, and space.${both} would draw it; expected one of them.`,
    );
  }
}

/** The identity of all that decides what is found. */
export function tuningHash(tuning: Tuning): string {
  requireFields('tuningHash: tuning', ['question', 'arms'], tuning);
  const { question, arms, space, configurations, rungs, reduction, objective, seed } = tuning;
  const fixed = { question, arms, space, configurations, rungs, reduction, objective, seed };
  return sha256Hex(new TextEncoder().encode(canonicalJson(fixed)));
}

/** The JSON Schema of such a file as text; published as `schemas/tuning.schema.json`. */
export function tuningFileSchema(): string {
  return publishedSchema(TuningFile);
}
