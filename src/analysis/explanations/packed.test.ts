import { expect, test } from 'vitest';
import { packMap, unpackMap } from './packed.ts';

test('a packed map keeps its scale, its signs and its values within half of a level of 127', () => {
  const map = Float32Array.from({ length: 784 }, (_, p) => Math.sin(p) * (p % 5));
  const packed = JSON.parse(JSON.stringify(packMap(map))) as ReturnType<typeof packMap>;
  expect(packed.scale).toBe(map.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  unpackMap(packed).forEach((value, p) => {
    expect(Math.abs(value * packed.scale - map[p])).toBeLessThan(packed.scale * (0.5 / 127 + 1e-6));
  });
  expect([...unpackMap(packMap(new Float32Array(3)))]).toEqual([0, 0, 0]);
});
