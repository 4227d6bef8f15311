import { defineCorruption } from './corruption.ts';
import { saltAndPepper } from './saltAndPepper.ts';

/** Salt and pepper on a share of the pixels; see `saltAndPepper`. */
export const impulseNoise = defineCorruption<number>({
  name: 'impulse-noise',
  label: 'Impulse noise',
  kind: 'noise',
  meaning: 'single pixels turned fully black or fully white, as from a faulty sensor or line',
  levels: [0.03, 0.06, 0.09, 0.17, 0.27],
  published: 3,
  setting: (share) => `${Math.round(100 * share)} % of pixels`,
  corrupt: saltAndPepper,
});
