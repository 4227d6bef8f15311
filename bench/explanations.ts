import { gradient } from '../src/analysis/explanations/gradient.ts';
import { integratedGradients } from '../src/analysis/explanations/integratedGradients.ts';
import { METHOD_NAMES, METHODS } from '../src/analysis/explanations/methods.ts';
import type { DataSet } from '../src/data/dataSet.ts';
import { Sequential } from '../src/nn/sequential.ts';
import { PAPER_RECIPE } from '../src/study/recipe.ts';
import { networkLayers } from '../src/study/network.ts';
import { median } from './recipe.ts';

const IMAGES = 1000;
const STEPS = 50;
const CHECKED = 5;

/**
 * Median seconds for the maps of 1,000 test images by each method (integrated gradients of 50 steps), after one epoch of training. First the
 * fast way to integrated gradients is held to 50 plain gradients of each of a few images: 1e-4 of the largest value.
 */
export async function measureExplanations({
  train,
  test,
}: DataSet): Promise<[method: string, seconds: number][]> {
  const model = new Sequential(networkLayers(PAPER_RECIPE), { seed: 1 });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  await model.fit(train.images, { data: train.labels, shape: [train.labels.length] }, { verbose: 0 });
  const images = { data: test.images.data.subarray(0, IMAGES * 784), shape: [IMAGES, 28, 28] };
  const target = { classes: test.labels.subarray(0, IMAGES) };
  checkAgainstPlainGradients(model, images.data, target.classes);
  const settings = { mean: new Float32Array(784).fill(33), steps: STEPS, tolerance: Infinity, seed: 0 };
  return METHOD_NAMES.map((method) => {
    const seconds = Array.from({ length: 5 }, () => {
      const start = performance.now();
      METHODS[method](model, images, target, settings);
      return (performance.now() - start) / 1000;
    });
    return [method, median(seconds)];
  });
}

function checkAgainstPlainGradients(model: Sequential, bytes: Uint8Array, labels: Uint8Array): void {
  const data = bytes.subarray(0, CHECKED * 784);
  const shape = [CHECKED, 28, 28];
  const target = { classes: labels.subarray(0, CHECKED) };
  const baseline = { data: new Uint8Array(784), shape: [1, 28, 28] };
  const { maps } = integratedGradients(model, { data, shape }, target, { baseline, steps: STEPS });
  const sums = new Float64Array(maps.length);
  for (let k = 0; k < STEPS; k++) {
    const part = Float32Array.from(data, (byte) => ((k + 0.5) / STEPS) * byte);
    gradient(model, { data: part, shape }, target).forEach((value, i) => (sums[i] += value));
  }
  const plain = sums.map((sum, i) => ((sum / STEPS) * data[i]) / 255);
  const largest = plain.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const wrong = plain.findIndex((value, i) => !(Math.abs(value - maps[i]) <= 1e-4 * largest));
  if (wrong >= 0) throw new Error(`Integrated gradients: expected ${plain[wrong]}, received ${maps[wrong]}.`);
}
