import type { Examples } from '../data/examples.ts';
import { Sequential } from '../nn/sequential.ts';
import type { Study } from '../study/configuration.ts';
import type { Recipe } from '../study/recipe.ts';
import { optimizerOf } from '../study/recipeOptimizer.ts';
import { networkLayers } from '../study/network.ts';
import { DactylError } from '../util/errors.ts';
import { sizeOf } from '../util/tensor.ts';
import { warn } from './terminal.ts';

/** Images that a probe trains on. */
const PROBE_IMAGES = 6_000;

/** Seconds that an epoch over all of these images should take: a part of it is trained twice, and the second time measured. `arms`: those that may teach. */
export async function secondsOfEpoch(
  recipe: Recipe,
  { images: all, labels: given, classes }: Examples,
  signal: AbortSignal,
  arms: Study['arms'] = [],
): Promise<number> {
  const { distillation } = recipe;
  const [n, ...shape] = all.shape;
  const model = new Sequential(networkLayers(recipe, shape, classes));
  const teacher = new Sequential(networkLayers(teacherOf(recipe, arms), shape, classes));
  model.compile({ optimizer: optimizerOf(recipe), loss: 'sparseCategoricalCrossentropy' });
  const count = Math.min(PROBE_IMAGES, n);
  const images = { data: all.data.subarray(0, sizeOf(shape) * count), shape: [count, ...shape] };
  const labels = { data: given.subarray(0, count), shape: [count] };
  const { batchSize } = recipe;
  const probe = {
    batchSize,
    verbose: 0,
    signal,
    // What a teacher costs does not depend on what it knows, nor on whether it is another one.
    ...(distillation && {
      distillation: {
        teachers: Array.from({ length: teachersIn(distillation) }, () => teacher),
        weight: distillation.weight,
      },
    }),
  } as const;
  try {
    await model.fit(images, labels, probe);
    const start = performance.now();
    await model.fit(images, labels, probe);
    return ((performance.now() - start) / 1000) * (n / count);
  } finally {
    model.dispose();
    teacher.dispose();
  }
}

function teacherOf(recipe: Recipe, arms: Study['arms']): Recipe {
  const teachers = recipe.distillation?.teachers;
  const arm = teachers && 'arm' in teachers ? arms.find(({ name }) => name === teachers.arm) : undefined;
  return arm?.recipe ?? recipe;
}

function teachersIn({ teachers }: NonNullable<Recipe['distillation']>): number {
  return ('arm' in teachers ? teachers.seeds : teachers).length;
}

/** Undefined for an arm whose numbers run away while it is timed, of which a warning tells: its trials may well fail, as those of a run do. */
export async function probed(arm: string, probe: () => Promise<number>): Promise<number | undefined> {
  try {
    return await probe();
  } catch (error) {
    if (!(error instanceof DactylError && error.code === 'E_NUMERIC')) throw error;
    warn(`${arm}: could not be timed, and its trials may fail alike: ${error.message}`);
    return undefined;
  }
}

/** Of a trial; `?` where it could not be timed. */
export function secondsText(seconds: number | undefined): string {
  return seconds === undefined ? '?' : `${seconds.toFixed(1)} s`;
}
