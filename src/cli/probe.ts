import type { Dataset } from '../datasets/dataset.ts';
import { Sequential } from '../nn/sequential.ts';
import type { Recipe } from '../study/recipe.ts';
import { optimizerOf } from '../study/recipeOptimizer.ts';
import { networkLayers } from '../study/network.ts';

/** Images that a probe trains on. */
const PROBE_IMAGES = 6_000;

/** Seconds that an epoch over all of these images should take: a part of it is trained twice, and the second time measured. */
export async function secondsOfEpoch(
  recipe: Recipe,
  { images: all, labels: given }: Dataset,
  signal: AbortSignal,
): Promise<number> {
  const model = new Sequential(networkLayers(recipe));
  model.compile({ optimizer: optimizerOf(recipe), loss: 'sparseCategoricalCrossentropy' });
  const count = Math.min(PROBE_IMAGES, given.length);
  const images = { data: all.data.subarray(0, 784 * count), shape: [count, 28, 28] };
  const labels = { data: given.subarray(0, count), shape: [count] };
  const { batchSize, distillation } = recipe;
  const probe = {
    batchSize,
    verbose: 0,
    signal,
    // It teaches itself: what teachers cost does not depend on what they know.
    ...(distillation && {
      distillation: { teachers: distillation.teachers.map(() => model), weight: distillation.weight },
    }),
  } as const;
  try {
    await model.fit(images, labels, probe);
    const start = performance.now();
    await model.fit(images, labels, probe);
    return ((performance.now() - start) / 1000) * (given.length / count);
  } finally {
    model.dispose();
  }
}
