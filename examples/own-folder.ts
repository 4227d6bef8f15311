/** A convolutional network for pictures in folders, one a class: `node examples/own-folder.ts scans 28`, with scans/seven/001.png and so on. */
import {
  Conv2D,
  Dense,
  Flatten,
  Input,
  loadDataset,
  MaxPooling2D,
  Rescaling,
  saveModel,
  Sequential,
} from 'dactyl';

const [path, size = '28', out = 'own.safetensors'] = process.argv.slice(2) as (string | undefined)[];
if (path === undefined) {
  console.error('Usage: node examples/own-folder.ts scans [28] [own.safetensors]');
  process.exit(1);
}
const { train, test, shape, classes, facts } = await loadDataset(path, { size: Number(size) });
console.log(facts.sheet?.notes?.join('\n'));

const [rows, columns, channels = 1] = shape;
const model = new Sequential(
  [
    Input([rows, columns, channels]),
    Rescaling(1 / 255),
    Conv2D(16, 3, { activation: 'relu' }),
    MaxPooling2D(2),
    Conv2D(32, 3, { activation: 'relu' }),
    MaxPooling2D(2),
    Flatten(),
    Dense(classes.length, { activation: 'softmax' }),
  ],
  { seed: 1 },
);
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
await model.fit(train.images, train.labels, { epochs: 10, verbose: 2 });
console.log(`Test accuracy ${model.evaluate(test.images, test.labels).accuracy.toFixed(4)}`);
saveModel(model, out);
