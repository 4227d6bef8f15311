import { saltAndPepper } from './saltAndPepper.ts';
import { defineSweep } from './sweep.ts';

/** Impulse noise over a wider range; see `saltAndPepper`. */
export const saltAndPepperNoise = defineSweep({
  name: 'salt-and-pepper',
  label: 'Salt and pepper',
  kind: 'noise',
  meaning: 'single pixels turned fully black or fully white',
  levels: [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5],
  axis: 'share of pixels turned black or white',
  setting: (share) => `${Math.round(100 * share)} % of pixels`,
  corrupt: saltAndPepper,
});
