import { expect, test } from 'vitest';
import { withRandomWeights } from '../../../test/support/imageNetworks.ts';
import { referenceEngine } from '../../engine/reference.ts';
import { layerOutputs } from '../layerOutputs.ts';
import {
  Activation,
  BatchNormalization,
  Conv2D,
  Dense,
  Flatten,
  Input,
  LayerNormalization,
  Reshape,
} from '../layers.ts';
import { Sequential } from '../sequential.ts';

const X = { data: Float32Array.from({ length: 32 }, (_, i) => ((7 * i) % 11) - 5), shape: [2, 4, 4] };

test('a convolution reads what Reshape gives, as it reads such inputs', () => {
  const rest = [Conv2D(2, 2, { padding: 'same' }), Flatten(), Dense(2, { activation: 'softmax' })];
  const reshaped = withRandomWeights([Input([4, 4]), Reshape([2, 4, 2]), ...rest]);
  const plain = withRandomWeights([Input([2, 4, 2]), ...rest]);
  expect(reshaped.predict(X).data).toEqual(plain.predict({ ...X, shape: [2, 2, 4, 2] }).data);
});

test('a normalisation behind Flatten is of every value, also behind an activation, within 1e-6', () => {
  const model = withRandomWeights([
    Input([2, 2, 2]),
    Conv2D(2, 1),
    Flatten(),
    Activation('tanh'),
    BatchNormalization({ epsilon: 0.5 }),
    LayerNormalization({ epsilon: 0.5, center: false, scale: false }),
    Dense(2, { activation: 'softmax' }),
  ]);
  const images = { ...X, shape: [4, 2, 2, 2] };
  const [, , gamma, beta, mean, variance] = model.getWeights().map(({ data }) => data);
  expect(gamma).toHaveLength(8);
  const below = layerOutputs(model, images, 'activation').data;
  const normal = layerOutputs(model, images, 'batch_normalization').data;
  normal.forEach((y, i) => {
    const k = i % 8;
    const expected = ((below[i] - mean[k]) / Math.sqrt(variance[k] + 0.5)) * gamma[k] + beta[k];
    expect(y).toBeCloseTo(expected, 6);
  });
  const own = layerOutputs(model, images, 'layer_normalization').data.subarray(0, 8);
  const row = [...normal.subarray(0, 8)];
  const centre = row.reduce((sum, y) => sum + y, 0) / 8;
  const spread = row.reduce((sum, y) => sum + (y - centre) ** 2, 0) / 8;
  own.forEach((y, k) => {
    expect(y).toBeCloseTo((row[k] - centre) / Math.sqrt(spread + 0.5), 6);
  });
});

test('the reference engine reads the same shapes, within 1e-5', () => {
  const layers = [Input([4, 4]), Reshape([4, 4, 1]), Conv2D(2, 2), Flatten(), BatchNormalization(), Dense(2)];
  const model = withRandomWeights(layers);
  const reference = new Sequential(layers, { engine: referenceEngine });
  reference.setWeights(model.getWeights());
  const [own, expected] = [model.predict(X).data, reference.predict(X).data];
  expected.forEach((y, i) => {
    expect(own[i]).toBeCloseTo(y, 5);
  });
});
