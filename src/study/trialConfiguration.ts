import { type Static, Type } from 'typebox';
import { canonicalJson } from '../util/canonicalJson.ts';
import { sha256Hex } from '../util/hash.ts';
import { CONVOLUTION_NUMERICS } from '../engine/ops/numerics.ts';
import { extraIdentity } from './extraData.ts';
import { networkLayers, usesConvolution } from './network.ts';
import { NUMERICS_VERSION } from './numerics.ts';
import { type Recipe, TrialRecipe } from './recipe.ts';

const closed = { additionalProperties: false } as const;

/** Which images train, which validate, and which are kept out to the end. */
export const TrialSplit = Type.Union([
  Type.Object({ kind: Type.Literal('test') }, closed),
  Type.Object({ kind: Type.Literal('holdout') }, closed),
  Type.Object({ kind: Type.Literal('half') }, closed),
  Type.Object(
    {
      kind: Type.Literal('fold'),
      groups: Type.Union([Type.Literal('images'), Type.Literal('writers')]),
      folds: Type.Integer(),
      repeat: Type.Integer({ description: 'which division into folds, from 0' }),
      fold: Type.Integer({ description: 'the fold kept out, from 0' }),
    },
    closed,
  ),
]);
export type TrialSplit = Static<typeof TrialSplit>;

/** All that decides a trial's result; its hash is the trial's key. */
export const TrialConfiguration = Type.Object(
  {
    numerics: Type.Integer({ description: 'version of the arithmetic' }),
    convolution: Type.Optional(
      Type.Integer({ description: 'version of that of convolution and pooling, where the network has them' }),
    ),
    data: Type.Array(Type.String(), { description: 'SHA-256 of the data files, in a fixed order' }),
    extraData: Type.Optional(
      Type.Array(Type.String(), { description: 'SHA-256 of images and labels of the recipe’s extraData' }),
    ),
    recipe: TrialRecipe,
    split: TrialSplit,
    seed: Type.Integer(),
  },
  closed,
);
export type TrialConfiguration = Static<typeof TrialConfiguration>;

const known = new WeakMap<object, boolean>();

/** What a recipe's trials depend on beside the recipe: the versions of the arithmetic, and the images that it adds. */
export function versionsOf(
  recipe: Recipe,
): Pick<TrialConfiguration, 'numerics' | 'convolution' | 'extraData'> {
  return {
    numerics: NUMERICS_VERSION,
    ...(isConvolutional(recipe) && { convolution: CONVOLUTION_NUMERICS }),
    ...extraIdentity(recipe),
  };
}

/** Asked for every trial of a study, whose arms are few. */
function isConvolutional(recipe: Recipe): boolean {
  if (!recipe.layers) return false;
  const convolutional = known.get(recipe.layers) ?? usesConvolution(networkLayers(recipe));
  known.set(recipe.layers, convolutional);
  return convolutional;
}

/** Keys of the trials whose networks teach this one; none without distillation. */
export function teachersOf(configuration: TrialConfiguration): string[] {
  const { distillation, ...recipe } = configuration.recipe;
  if (!distillation) return [];
  const { teachers } = distillation;
  if ('arm' in teachers) throw new Error(`a trial whose teachers are an arm: ${teachers.arm}`);
  return teachers.map((teacher) =>
    typeof teacher === 'string' ? teacher : trialKey({ ...configuration, recipe, seed: teacher }),
  );
}

export function trialKey(configuration: TrialConfiguration): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(configuration)));
}
