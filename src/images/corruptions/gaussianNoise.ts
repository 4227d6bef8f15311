import { normals } from './normals.ts';
import { defineSweep } from './sweep.ts';

/** x + σz with a standard normal z for each pixel. One normal draw a pixel, the same for every σ. */
export const gaussianNoise = defineSweep({
  name: 'gaussian-noise',
  label: 'Gaussian noise',
  kind: 'noise',
  meaning: 'every pixel a little lighter or darker by chance, as from a cheap camera',
  levels: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8],
  axis: 'standard deviation of the noise, 1 = from background to ink',
  setting: (sigma) => `σ = ${sigma}`,
  corrupt(picture, sigma, random) {
    const { values } = picture;
    const noise = normals(values.length, random);
    for (let i = 0; i < values.length; i++) values[i] += sigma * noise[i];
    return picture;
  },
});
