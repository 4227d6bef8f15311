import { defineCorruption } from './corruption.ts';
import { blur, gaussianKernel, type GaussianKernel } from './gaussianBlur.ts';
import { normals } from './normals.ts';
import { lengthText, scaleOf, withValues } from './picture.ts';

interface Level {
  readonly mean: number;
  readonly sd: number;
  readonly sigma: number;
  readonly threshold: number;
  readonly maskSigma: number;
}

interface Prepared extends Level {
  readonly layer: GaussianKernel;
  readonly mask: GaussianKernel;
}

const LEAST = 0.8;
const MUD = 63 / 255;

/**
 * x·(1 − m) + m·63/255: drops of the grey 63 where m is not 0. A layer of normal draws is blurred; m is 1 where it is above the
 * threshold, else 0; m is blurred, and set to 0 where it is below 0.8. One normal draw a pixel.
 */
export const spatter = defineCorruption<Level, Prepared>({
  name: 'spatter',
  label: 'Spatter',
  kind: 'overlay',
  meaning: 'grey drops, as of mud or coffee',
  levels: [
    level(0.65, 0.3, 4, 0.69, 0.6),
    level(0.65, 0.3, 3, 0.68, 0.6),
    level(0.65, 0.3, 2, 0.68, 0.5),
    level(0.65, 0.3, 1, 0.65, 1.5),
    level(0.67, 0.4, 1, 0.65, 1.5),
  ],
  published: 3,
  prepare: (one, size) => {
    const scale = scaleOf(size);
    return {
      ...one,
      sigma: one.sigma * scale,
      layer: gaussianKernel(one.sigma * scale),
      mask: gaussianKernel(one.maskSigma * scale),
    };
  },
  setting: ({ mean, sd, sigma, threshold }) =>
    `normal ${mean} ± ${sd}, σ = ${lengthText(sigma)}, above ${threshold}`,
  corrupt(picture, { mean, sd, layer, threshold, mask }, random) {
    const { values } = picture;
    const liquid = normals(values.length, random);
    for (let i = 0; i < liquid.length; i++) liquid[i] = mean + sd * liquid[i];
    const drops = blur(withValues(picture, liquid), layer, 'nearest');
    for (let i = 0; i < liquid.length; i++) drops.values[i] = drops.values[i] > threshold ? 1 : 0;
    const covered = blur(drops, mask, 'nearest').values;
    for (let i = 0; i < values.length; i++) {
      const m = covered[i] < LEAST ? 0 : covered[i];
      values[i] = values[i] * (1 - m) + m * MUD;
    }
    return picture;
  },
});

function level(mean: number, sd: number, sigma: number, threshold: number, maskSigma: number): Level {
  return { mean, sd, sigma, threshold, maskSigma };
}
