import { expect, test } from 'vitest';
import { flatKind, type SensitiveArm } from './summary.ts';

const armOf = (...activations: string[]): SensitiveArm => {
  const layers = activations.map((activation, k) => ({
    layer: k + 1,
    activation,
    units: 4,
    low: activation === 'softmax' ? null : 0.1,
    high: 0,
    dead: 0,
  }));
  return { subjects: [{ layers }] } as unknown as SensitiveArm;
};

test('what flat means is told by the activations of the layers, whatever the network is called', () => {
  expect(flatKind(armOf('tanh', 'sigmoid', 'linear'))).toBe('bounded');
  expect(flatKind(armOf('relu', 'softmax'))).toBe('open');
  expect(flatKind(armOf('relu', 'tanh'))).toBe('both');
  expect(flatKind(armOf('linear', 'softmax'))).toBe('never');
});
