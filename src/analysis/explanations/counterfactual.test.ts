import { expect, test } from 'vitest';
import { mostProbable } from '../mostProbable.ts';
import { crossLinear } from './boundary.ts';
import { counterfactuals } from './counterfactual.ts';
import { fixture, fixtureNetworks, network } from './fixtures/networks.ts';

test.each(fixture.nearest)(
  'the nearest point within the range where a linear score fell by $fall is SLSQP’s within 1e-6',
  ({ x, gradient, fall, point }) => {
    const to = new Float64Array(x.length);
    crossLinear(x, gradient, fall, to);
    point.forEach((value, i) => {
      expect(Math.abs(to[i] - value)).toBeLessThan(1e-6);
    });
  },
);

test('where no change suffices the strongest one is given; where none is needed, none', () => {
  const to = new Float64Array(2);
  crossLinear([0.5, 0.5], [1, -1], 9, to);
  expect([...to]).toEqual([0, 1]);
  crossLinear([0.5, 0.5], [1, -1], -1, to);
  expect([...to]).toEqual([0.5, 0.5]);
});

test.each(fixtureNetworks())(
  '$expected.activation: what is found turns the answer, keeps the range, and half of the way does not turn it to the same',
  ({ model, images, expected }) => {
    const found = counterfactuals(model, images);
    found.forEach((change, i) => {
      expect(change).not.toBeNull();
      const { image, before, after, added, removed, distance } = change!;
      const own = images.data.subarray(i * 16, (i + 1) * 16);
      expect(before).toBe(expected.answers[i]);
      expect(mostProbable(model.predict({ data: image, shape: [1, 4, 4] }))[0]).toBe(after);
      expect(after).not.toBe(before);
      const changes = Array.from(image, (byte, p) => (byte - own[p]) / 255);
      expect(added - removed).toBeCloseTo(
        changes.reduce((a, b) => a + b),
        6,
      );
      expect(distance).toBeCloseTo(Math.sqrt(changes.reduce((sum, c) => sum + c * c, 0)), 10);
      const half = Uint8Array.from(own, (byte, p) => Math.round((byte + image[p]) / 2));
      expect(mostProbable(model.predict({ data: half, shape: [1, 4, 4] }))[0]).toBe(before);
    });
  },
);

test('of a linear network the change is the distance to the nearest boundary, margin / ‖difference of weights‖, within 2 %', () => {
  const model = network([3], 'linear', 4, 2);
  // Grey images, so that the range of pixels is not met.
  const images = {
    data: Uint8Array.from({ length: 3 * 16 }, (_, i) => 110 + ((i * 37) % 40)),
    shape: [3, 4, 4],
  };
  const [{ data: kernel }] = model.getWeights();
  const logits = model.withRows(images, (rows) => model.network.logitsOf(rows));
  counterfactuals(model, images).forEach((change, i) => {
    const own = [0, 1, 2].map((c) => logits[i * 3 + c]);
    const best = own.indexOf(Math.max(...own));
    const distances = [0, 1, 2].map((c) => {
      let squares = 0;
      for (let p = 0; p < 16; p++) squares += (kernel[p * 3 + best] - kernel[p * 3 + c]) ** 2;
      return c === best ? Infinity : (own[best] - own[c]) / Math.sqrt(squares);
    });
    const least = Math.min(...distances);
    expect(change!.distance).toBeGreaterThan(0.995 * least - 0.01);
    expect(change!.distance).toBeLessThan(1.02 * least + 0.01);
  });
});

test('of a network that always answers the same no change is found', () => {
  const model = network([7, 3], 'relu');
  model.setWeights(
    model
      .getWeights()
      .map(({ data, shape }, k) => ({ data: k === 3 ? Float32Array.of(0, 1, 0) : data.fill(0), shape })),
  );
  expect(counterfactuals(model, { data: new Uint8Array(32).fill(9), shape: [2, 4, 4] })).toEqual([
    null,
    null,
  ]);
});
