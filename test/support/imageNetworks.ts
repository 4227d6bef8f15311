import {
  Activation,
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  Input,
  type Layer,
  MaxPooling2D,
  Rescaling,
  Reshape,
} from '../../src/nn/layers.ts';
import { Sequential } from '../../src/nn/sequential.ts';
import { Random } from '../../src/util/random.ts';
import type { Tensor } from '../../src/util/tensor.ts';

const END = [Flatten(), Dropout(0.2), Dense(10, { activation: 'softmax' })];

/** Networks with convolutions that take the three shapes that 28 × 28 pixels may have. */
export const IMAGE_NETWORKS: Readonly<Record<string, readonly Layer[]>> = {
  'one convolution': [
    Input([28, 28, 1]),
    Rescaling(1 / 255),
    Conv2D(4, 5, { strides: 2, activation: 'relu' }),
    MaxPooling2D(2),
    ...END,
  ],
  'a normalisation, and an activation of its own': [
    Input([28, 28]),
    Rescaling(1 / 127.5, -1),
    Reshape([28, 28, 1]),
    Conv2D(4, 3, { strides: 3, useBias: false }),
    BatchNormalization(),
    Activation('tanh'),
    ...END,
  ],
  'a convolution of flat rows': [
    Input([784]),
    Rescaling(1 / 255),
    Reshape([28, 28, 1]),
    Conv2D(4, 4, { strides: 4, activation: 'relu' }),
    Flatten(),
    Dense(8, { activation: 'relu' }),
    Dense(10, { activation: 'softmax' }),
  ],
};

/** Trained for seconds on the images given. */
export async function trainedOn(
  layers: readonly Layer[],
  { images, labels }: { readonly images: Tensor; readonly labels: Uint8Array },
  epochs: number,
): Promise<Sequential> {
  const model = new Sequential(layers, { seed: 1 });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const size = images.data.length / labels.length;
  const shaped = model.inputShape.length === 1 ? { ...images, shape: [labels.length, size] } : images;
  await model.fit(shaped, { data: labels, shape: [labels.length] }, { epochs, verbose: 0 });
  return model;
}

/** Every weight random, moving variances above 0. */
export function withRandomWeights(layers: readonly Layer[], seed = 1): Sequential {
  const model = new Sequential(layers, { seed });
  const random = new Random(seed, 'weights');
  model.setWeights(
    model.getWeights().map(({ data, shape }) => {
      const variance = shape.length === 1 && data.every((value) => value === 1);
      return { data: data.map(() => (variance ? 0.5 + random.uniform() : 0.6 * random.normal())), shape };
    }),
  );
  return model;
}
