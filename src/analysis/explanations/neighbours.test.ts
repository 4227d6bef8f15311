import { weightedLayers } from '../../nn/layerOutputs.ts';
import { expect, test } from 'vitest';
import type { Tensor } from '../../util/tensor.ts';
import { fixtureNetworks, network } from './fixtures/networks.ts';
import { firstLayerWeights, hiddenUnits } from './hiddenUnits.ts';
import { nearestTraining } from './neighbours.ts';

const [{ model, images }] = fixtureNetworks();
const training = { data: Uint8Array.from({ length: 20 * 16 }, (_, i) => (i * 97) % 251), shape: [20, 4, 4] };
const outputs = (tensor: Tensor, layer: number): number[][] => {
  const data = model.withRows(tensor, (rows) =>
    model.network.outputsOf(rows, weightedLayers(model)[layer].steps),
  );
  const units = data.length / tensor.shape[0];
  return Array.from({ length: tensor.shape[0] }, (_, i) => [...data.subarray(i * units, (i + 1) * units)]);
};

test('nearest training images are those of a full sort of all distances, within 1e-9', () => {
  const [own, known] = [outputs(images, 1), outputs(training, 1)];
  nearestTraining(model, images, training, 4)!.forEach(({ indices, distances }, i) => {
    const all = known.map((other) => Math.sqrt(other.reduce((sum, y, j) => sum + (y - own[i][j]) ** 2, 0)));
    const order = [...all.keys()].sort((a, b) => all[a] - all[b] || a - b).slice(0, 4);
    expect([...indices]).toEqual(order);
    order.forEach((t, k) => {
      expect(distances[k]).toBeCloseTo(all[t], 9);
    });
  });
});

test('an image of the training set is its own nearest; fewer images than asked for are all given; no hidden layer, no neighbours', () => {
  const [, second] = nearestTraining(model, training, training, 1)!;
  expect([...second.indices]).toEqual([1]);
  expect([...second.distances]).toEqual([0]);
  const two = { data: training.data.subarray(0, 32), shape: [2, 4, 4] };
  expect(nearestTraining(model, images, two, 5)![0].indices).toHaveLength(2);
  expect(nearestTraining(network([3], 'linear'), images, training, 5)).toBeNull();
});

test('units are described by the images of their largest outputs and by these images’ classes; dead ones are constant', () => {
  const labels = Uint8Array.from({ length: 20 }, (_, i) => i % 3);
  const layers = hiddenUnits(model, training, labels, { top: 3, share: 0.2 });
  expect(layers.map(({ layer, count }) => [layer, count])).toEqual([
    [0, 7],
    [1, 6],
  ]);
  layers.forEach(({ layer, constant, units }) => {
    const all = outputs(training, layer);
    let still = 0;
    units.forEach(({ unit, top, classShares }) => {
      const own = all.map((row) => row[unit]);
      if (own.every((value) => value === own[0])) {
        still++;
        expect(top).toEqual([]);
        return;
      }
      const order = [...own.keys()].sort((a, b) => own[b] - own[a] || a - b);
      expect(top).toEqual(order.slice(0, 3));
      const counts = [0, 0, 0];
      for (const i of order.slice(0, 4)) counts[labels[i]] += 0.25;
      expect(classShares).toEqual(counts);
    });
    expect(constant).toBe(still);
  });
});

test('the first layer’s weights as images are the columns of its kernel', () => {
  const [{ data }] = model.getWeights();
  const weights = firstLayerWeights(model)!;
  expect(weights.data[2 * 16 + 5]).toBe(data[5 * 7 + 2]);
  expect(weights.shape).toEqual([7, 4, 4]);
});
