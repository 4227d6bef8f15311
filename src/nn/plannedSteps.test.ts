import { expect, test } from 'vitest';
import { multiplyAdds } from './plannedSteps.ts';
import {
  BatchNormalization,
  Conv2D,
  Dense,
  DepthwiseConv2D,
  Dropout,
  Flatten,
  Input,
  MaxPooling2D,
} from './layers.ts';

test("products of one answer, by hand: the paper's network, and Keras' own example for MNIST", () => {
  expect(
    multiplyAdds([
      Input([28, 28]),
      Flatten(),
      Dense(128, { activation: 'relu' }),
      Dense(64, { activation: 'relu' }),
      Dense(32, { activation: 'relu' }),
      Dense(10, { activation: 'softmax' }),
    ]),
  ).toBe(784 * 128 + 128 * 64 + 64 * 32 + 32 * 10);
  expect(
    multiplyAdds([
      Input([28, 28, 1]),
      Conv2D(32, 3, { activation: 'relu' }),
      MaxPooling2D(2),
      Conv2D(64, 3, { activation: 'relu' }),
      MaxPooling2D(2),
      Flatten(),
      Dropout(0.5),
      Dense(10, { activation: 'softmax' }),
    ]),
  ).toBe(26 * 26 * 32 * 9 + 11 * 11 * 64 * 9 * 32 + 1600 * 10);
});

test('products of strided, padded, depthwise and normalised layers, by hand', () => {
  const depthwise = DepthwiseConv2D([3, 2], { strides: 2, padding: 'same', depthMultiplier: 2 });
  expect(multiplyAdds([Input([7, 7, 3]), BatchNormalization(), depthwise])).toBe(4 * 4 * 6 * 6);
});
