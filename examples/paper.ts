/** The paper's experiment with Dactyl, line by line as paper.py: `node examples/paper.ts`. */
import {
  confusionMatrix,
  Dense,
  Flatten,
  Input,
  loadMnist,
  Rescaling,
  saveModel,
  Sequential,
  toCategorical,
} from 'dactyl';
import { argumentsOf } from './arguments.ts';

const { epochs, out } = argumentsOf({ epochs: 10, out: '.' });

const { train, test } = loadMnist();
console.log('Training data shape:', train.images.shape);
console.log('Test data shape:', test.images.shape);

const targets = toCategorical(train.labels, 10);
const testTargets = toCategorical(test.labels, 10);

function build(activation: 'relu' | 'tanh', seed: number): Sequential {
  const model = new Sequential(
    [
      Input([28, 28]),
      Rescaling(1 / 255),
      Flatten(),
      Dense(128, { activation }),
      Dense(64, { activation }),
      Dense(32, { activation }),
      Dense(10, { activation: 'softmax' }),
    ],
    { seed },
  );
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

for (const [name, activation] of [
  ['ReLU', 'relu'],
  ['Tanh', 'tanh'],
] as const) {
  const model = build(activation, 1);
  console.log(model.summary());
  const { history } = await model.fit(train.images, targets, {
    epochs,
    batchSize: 32,
    validationData: [test.images, testTargets],
    verbose: 2,
  });
  const probabilities = model.predict(test.images);
  const predicted = Array.from(test.labels, (_, i) => {
    const row = probabilities.data.subarray(10 * i, 10 * i + 10);
    return row.indexOf(Math.max(...row));
  });
  const right = predicted.filter((digit, i) => digit === test.labels[i]).length;
  console.log(`Accuracy with ${name}: ${(right / predicted.length).toFixed(4)}`);
  console.table(confusionMatrix(test.labels, predicted));
  console.log(
    'Validation accuracy by epoch:',
    history.val_accuracy!.map((value) => value.toFixed(4)).join(' '),
  );
  const wrong = [...predicted.keys()].filter((i) => predicted[i] !== test.labels[i]).slice(0, 5);
  console.log(
    'First mistakes:',
    wrong.map((i) => `${i}: true ${test.labels[i]}, read as ${predicted[i]}`),
  );
  saveModel(model, `${out}/${activation}.safetensors`);
  model.dispose();
}
