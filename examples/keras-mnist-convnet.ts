/** Keras' own first example, 'Simple MNIST convnet', with Dactyl: `node examples/keras-mnist-convnet.ts`. */
import {
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  Input,
  loadMnist,
  MaxPooling2D,
  Rescaling,
  Sequential,
  toCategorical,
} from 'dactyl';
import { argumentsOf } from './arguments.ts';

const { epochs } = argumentsOf({ epochs: 15 });

const { train, test } = loadMnist();
const model = new Sequential(
  [
    Input([28, 28, 1]),
    Rescaling(1 / 255),
    Conv2D(32, 3, { activation: 'relu' }),
    MaxPooling2D(2),
    Conv2D(64, 3, { activation: 'relu' }),
    MaxPooling2D(2),
    Flatten(),
    Dropout(0.5),
    Dense(10, { activation: 'softmax' }),
  ],
  { seed: 1 },
);
console.log(model.summary());
model.compile({ loss: 'categoricalCrossentropy', optimizer: 'adam', metrics: ['accuracy'] });
await model.fit(train.images, toCategorical(train.labels, 10), {
  batchSize: 128,
  epochs,
  validationSplit: 0.1,
  verbose: 2,
});
const { loss, accuracy } = model.evaluate(test.images, toCategorical(test.labels, 10));
console.log(`Test loss ${loss.toFixed(4)}`);
console.log(`Test accuracy ${accuracy.toFixed(4)}`);
