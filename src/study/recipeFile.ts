import { Type } from 'typebox';
import { requireText } from '../util/options.ts';
import { Recipe } from './recipe.ts';
import { checkedValue, hasKey, readSource, withPlace, wrong } from './sourceFile.ts';

/** A recipe as a file says it; what is left out has its default. */
const RecipeFile = Type.Partial(
  Type.Object({ $schema: Type.String(), ...Recipe.properties }, { additionalProperties: false }),
);

/**
 * What a file's text says of a recipe, in the form of "recipe" in study files, handed to `use`, whose refusals are given the file's name. Throws E_FORMAT
 * naming file, line and key, and a valid key or value that is near.
 */
export function parseRecipe<T>(text: string, file: string, use: (recipe: Partial<Recipe>) => T): T {
  requireText('parseRecipe: text', text);
  requireText('parseRecipe: file', file);
  const source = readSource(text, file, 'recipe');
  if (hasKey(source, 'arms')) {
    throw wrong(source, ['arms'], `"arms" makes this a study; run it with dactyl study run ${file}`, true);
  }
  const { $schema: _, ...recipe } = checkedValue(source, RecipeFile, 'recipe');
  return withPlace(source, [], () => use(recipe as Partial<Recipe>));
}
