/** A network with an activation that is not built in, from + − × ÷ and a root alone, so that its bits are the same everywhere: `node examples/own-activation.ts`. */
import { Activation, Dense, Flatten, Input, loadMnist, Rescaling, Sequential } from 'dactyl';
import { argumentsOf } from './arguments.ts';

const { epochs } = argumentsOf({ epochs: 3 });

/** The inverse square root unit, x / √(1 + x²) (Carlile et al. 2017). */
const isru = Activation({
  name: 'isru',
  forward: (x) => x / Math.sqrt(1 + x * x),
  derivative: (_, y) => (1 - y * y) * Math.sqrt(1 - y * y),
});

const { train, test } = loadMnist();
const model = new Sequential(
  [
    Input([28, 28]),
    Rescaling(1 / 255),
    Flatten(),
    Dense(64),
    isru,
    Dense(32),
    isru,
    Dense(10, { activation: 'softmax' }),
  ],
  { seed: 1 },
);
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
await model.fit(train.images, train.labels, { epochs, verbose: 2 });
console.log(`Test accuracy ${model.evaluate(test.images, test.labels).accuracy.toFixed(4)}`);
