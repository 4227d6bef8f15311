/** A network for digits in a CSV, an image a line: `node examples/own-csv.ts digits.csv`. The form is Kaggle's `label,pixel0,…`, or near it. */
import { Dense, Flatten, Input, loadDataset, Rescaling, saveModel, Sequential } from 'dactyl';

const [path, out = 'own.safetensors'] = process.argv.slice(2) as (string | undefined)[];
if (path === undefined) {
  console.error('Usage: node examples/own-csv.ts digits.csv [own.safetensors]');
  process.exit(1);
}
const { train, test, shape, classes, facts } = await loadDataset(path);
console.log(facts.sheet?.notes?.join('\n'));

const model = new Sequential(
  [
    Input(shape),
    Rescaling(1 / 255),
    Flatten(),
    Dense(64, { activation: 'relu' }),
    Dense(classes.length, { activation: 'softmax' }),
  ],
  { seed: 1 },
);
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
await model.fit(train.images, train.labels, {
  epochs: 10,
  validationData: [test.images, test.labels],
  verbose: 2,
});
saveModel(model, out);
