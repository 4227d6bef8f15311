/**
 * Trains the paper's ReLU network with seeds 0 … 4 and measures its errors on all 10,000 test images under the MNIST-C-style
 * corruptions at their published levels: src/analysis/robustness/replication.ts.
 *
 * Usage: node scripts/robustness-reference.ts && npx prettier --write src/analysis/robustness/replication.ts
 */
import { writeFileSync } from 'node:fs';
import { measureRobustness } from '../src/analysis/robustness/measureRobustness.ts';
import { mean } from '../src/stats/describe.ts';
import { Dense, Flatten, Input, Rescaling } from '../src/nn/layers.ts';
import { Sequential } from '../src/nn/sequential.ts';
import { loadMnist } from '../src/store/mnist.ts';

const SEEDS = [0, 1, 2, 3, 4];
const { train, test } = loadMnist();
const labels = { data: train.labels, shape: [train.labels.length] };
const subjects = [];
for (const seed of SEEDS) {
  const hidden = [128, 64, 32].map((units) => Dense(units, { activation: 'relu' }));
  const model = new Sequential(
    [Input([28, 28]), Rescaling(1 / 255), Flatten(), ...hidden, Dense(10, { activation: 'softmax' })],
    { seed },
  );
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(train.images, labels, { epochs: 10, batchSize: 32, verbose: 0 });
  subjects.push({ arm: 'relu', activation: 'relu', seed, hash: model.weightsHash(), model });
}
const {
  images,
  corruptions,
  subjects: measured,
} = await measureRobustness(subjects, { test }, { images: 10_000 });
const error = (counts: number[]) => Number(mean(counts.map((count) => 1 - count / images)).toFixed(6));
const corrupted = corruptions.map(
  ({ name, published }, c) =>
    `    '${name}': ${error(measured.map(({ correct }) => correct[c][published]))},\n`,
);
const file = new URL('../src/analysis/robustness/replication.ts', import.meta.url);
writeFileSync(
  file,
  `/**
 * Mean errors, as shares of the test images, of the paper's ReLU network trained with its recipe over these seeds, under the
 * corruptions at their published levels, seed 0 of the corruptions. Made by scripts/robustness-reference.ts.
 */
export const REPLICATION: {
  readonly seeds: readonly number[];
  readonly images: number;
  readonly clean: number;
  readonly corrupted: Readonly<Record<string, number>>;
} = {
  seeds: [${SEEDS.join(', ')}],
  images: ${images},
  clean: ${error(measured.map(({ clean }) => clean))},
  corrupted: {
${corrupted.join('')}  },
};
`,
);
