import { canonicalJson } from '../util/canonicalJson.ts';
import { DactylError } from '../util/errors.ts';
import type { Recipe } from './recipe.ts';

interface Arm {
  readonly name: string;
  readonly recipe: Recipe;
}

/** Teachers are trials of the study, so that they are trained, kept and reported like all others. */
export function requireTeachers({ name, recipe }: Arm, arms: readonly Arm[], seeds: readonly number[]): void {
  if (!recipe.distillation) return;
  const { teachers } = recipe.distillation;
  if ('arm' in teachers) requireTeachingArm(name, teachers.arm, arms);
  else requireOwnTeacher(name, recipe, arms);
  const taught: readonly (number | string)[] = 'arm' in teachers ? teachers.seeds : teachers;
  const missing = taught.filter((seed) => !(seeds as typeof taught).includes(seed));
  if (missing.length > 0) {
    throw new DactylError(
      'E_ARGUMENT',
      `${name}: expected teachers that are seeds of the study (${seeds[0]} … ${seeds[seeds.length - 1]}); received ${missing.join(', ')}.`,
    );
  }
}

function requireOwnTeacher(name: string, { distillation: _, ...recipe }: Recipe, arms: readonly Arm[]): void {
  const wanted = canonicalJson(recipe);
  if (arms.some((arm) => canonicalJson(arm.recipe) === wanted)) return;
  throw new DactylError(
    'E_ARGUMENT',
    `${name}: expected an arm with the same recipe without distillation, whose networks teach this one; received none. Add one, or name the arm that teaches: "teachers": { "arm": …, "seeds": […] }.`,
  );
}

function requireTeachingArm(name: string, teacher: string, arms: readonly Arm[]): void {
  const recipe = arms.find((arm) => arm.name === teacher)?.recipe;
  const teaching = arms.filter((arm) => !arm.recipe.distillation).map((arm) => arm.name);
  if (recipe && !recipe.distillation) return;
  const received = recipe ? `${teacher}, which is taught itself` : teacher;
  throw new DactylError(
    'E_ARGUMENT',
    `${name}: expected as teachers' arm one of the study without distillation (${teaching.join(', ') || 'there is none'}); received ${received}.`,
  );
}
