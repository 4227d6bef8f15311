import { exponential } from '../../util/exponential.ts';
import type { Random } from '../../util/random.ts';
import { defineCorruption } from './corruption.ts';

/** Poisson(c·x) / c: grain that is stronger where there is more ink. One uniform draw for each pixel that is not 0. */
export const shotNoise = defineCorruption<number>({
  name: 'shot-noise',
  label: 'Shot noise',
  kind: 'noise',
  meaning: 'grain inside the strokes, as in a photograph taken in very little light',
  levels: [60, 25, 12, 5, 3],
  published: 4,
  setting: (c) => `c = ${c}`,
  corrupt(picture, c, random) {
    const { values } = picture;
    for (let i = 0; i < values.length; i++) {
      if (values[i] > 0) values[i] = poissonUpTo(c, c * values[i], random) / c;
    }
    return picture;
  },
});

/** min(most, N) with N Poisson of mean λ: the smallest n whose P(N ≤ n) exceeds a uniform draw. */
function poissonUpTo(most: number, mean: number, random: Random): number {
  const uniform = random.uniform();
  let probability = exponential(-mean);
  let cumulative = probability;
  let n = 0;
  while (n < most && uniform >= cumulative) {
    n++;
    probability *= mean / n;
    cumulative += probability;
  }
  return n;
}
