/** Prints the weights' hashes after long trainings on all of MNIST: dense networks, by bytes and floats, and a small convolutional one. */
import { Conv2D, Dense, Flatten, Input, type Layer, MaxPooling2D, Rescaling } from '../../src/nn/layers.ts';
import { Sequential } from '../../src/nn/sequential.ts';
import { loadMnist } from '../../src/store/mnist.ts';

const { images, labels } = loadMnist().train;
const floats = { ...images, data: Float32Array.from(images.data, (byte) => byte / 255 - 0.1307) };
const hidden = (activation: string): Layer[] => [
  Flatten(),
  ...[128, 64, 32].map((units) => Dense(units, { activation })),
];
const RUNS = {
  'ReLU, 8 epochs': {
    inputs: images,
    layers: [Rescaling(1 / 255), ...hidden('relu')],
    epochs: 8,
    batchSize: 32,
  },
  'Tanh, 4 epochs': {
    inputs: images,
    layers: [Rescaling(1 / 255), ...hidden('tanh')],
    epochs: 4,
    batchSize: 32,
  },
  'GELU, dense floats, 1 epoch': { inputs: floats, layers: hidden('gelu'), epochs: 1, batchSize: 50 },
  'convolution, 1 epoch': {
    inputs: images,
    layers: [
      Rescaling(1 / 255),
      Conv2D(6, 5, { padding: 'same', activation: 'relu' }),
      MaxPooling2D(2),
      Conv2D(16, 5, { activation: 'tanh' }),
      MaxPooling2D(2),
      Flatten(),
      Dense(84, { activation: 'relu' }),
    ],
    epochs: 1,
    batchSize: 32,
  },
};

for (const [name, { inputs, layers, epochs, batchSize }] of Object.entries(RUNS)) {
  const shape = name.startsWith('convolution') ? [28, 28, 1] : [28, 28];
  const model = new Sequential([Input(shape), ...layers, Dense(10, { activation: 'softmax' })], { seed: 1 });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const x = { data: inputs.data, shape: [labels.length, ...shape] };
  await model.fit(x, { data: labels, shape: [labels.length] }, { epochs, batchSize, verbose: 0 });
  console.log(`${name}: ${model.weightsHash()}`);
  model.dispose();
}
