import { defineCorruption } from './corruption.ts';
import { plasma } from './plasma.ts';

interface Level {
  readonly strength: number;
  readonly decay: number;
}

/** (x + a·plasma) · max / (max + a), max the brightest pixel of the image; see `plasma` for its draws. A channel without ink stays as it is. */
export const fog = defineCorruption<Level>({
  name: 'fog',
  label: 'Fog',
  kind: 'light',
  meaning: 'a cloudy veil over the whole image that leaves little contrast',
  levels: [
    { strength: 1.5, decay: 2 },
    { strength: 2, decay: 2 },
    { strength: 2.5, decay: 1.7 },
    { strength: 2.5, decay: 1.5 },
    { strength: 3, decay: 1.4 },
  ],
  published: 4,
  setting: ({ strength, decay }) => `a = ${strength}, decay ${decay}`,
  corrupt(picture, { strength, decay }, random) {
    const { values } = picture;
    let most = 0;
    for (const x of values) most = Math.max(most, x);
    const veil = plasma(decay, random, picture);
    for (let i = 0; i < values.length; i++)
      values[i] = ((values[i] + strength * veil[i]) * most) / (most + strength);
    return picture;
  },
});
