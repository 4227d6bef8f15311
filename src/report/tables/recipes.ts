import { DENSE_FIELDS, PAPER_RECIPE, type Recipe } from '../../study/recipe.ts';
import { armLabel } from '../../study/arm.ts';
import { activationOf } from '../../study/network.ts';
import { settingName, settingText } from '../../study/paper.ts';
import type { Results } from '../../study/results.ts';
import { grouped } from '../../study/wording.ts';
import type { Table } from '../table.ts';

/** Every setting of every arm, the paper's beside it: one row for each setting. */
export function recipesTable({ study, parameters }: Results): Table {
  const { arms } = study;
  const recipes: Recipe[] = [PAPER_RECIPE, ...arms.map(({ recipe }) => recipe)];
  const keys = [...new Set(recipes.flatMap((recipe) => Object.keys(recipe) as (keyof Recipe)[]))];
  return {
    name: 'recipes',
    caption: 'What the arms are: every setting, and the paper’s',
    columns: [
      { label: 'Setting' },
      ...arms.map(({ name, recipe }) => ({ label: armLabel(name, activationOf(recipe)) })),
      { label: 'Paper' },
    ],
    rows: [
      ...keys.map((key) => [
        settingName(key),
        ...arms.map(({ recipe }) => cell(recipe, key)),
        key === 'activation' ? 'relu and tanh' : cell(PAPER_RECIPE, key),
      ]),
      [
        'parameters',
        ...arms.map(({ name }) => (parameters[name] === undefined ? '' : grouped(parameters[name]))),
        grouped(111_146),
      ],
    ],
  };
}

/** What only the other kind of network has is no setting of this one. */
function cell(recipe: Recipe, key: keyof Recipe): string {
  const own = recipe.layers ? !(DENSE_FIELDS as string[]).includes(key) : key !== 'layers';
  return own ? settingText(recipe, key) : '–';
}
