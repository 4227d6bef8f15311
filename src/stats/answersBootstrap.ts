import type { Random } from '../util/random.ts';
import { quantile, standardDeviation } from './describe.ts';
import { requireCount } from './requirements.ts';

export interface AnswersBootstrap {
  readonly standardError: number;
  /** The 95 % percentile interval. */
  readonly low: number;
  readonly high: number;
}

/**
 * The bootstrap of the difference in accuracy of two classifiers over n images drawn one by one: (B − C)/n, where B and C, the images
 * that only the first or only the second gets right, are multinomial with the shares seen. Drawn as two binomials, so that it costs as much for a million
 * images as for a hundred. Throws E_ARGUMENT for counts that are not whole, or more than there are images.
 */
export function answersBootstrap(
  {
    onlyFirst,
    onlySecond,
    images,
  }: { readonly onlyFirst: number; readonly onlySecond: number; readonly images: number },
  { random, resamples }: { readonly random: Pick<Random, 'uniform'>; readonly resamples: number },
): AnswersBootstrap {
  requireCount(onlyFirst, 0, 'A bootstrap of answers, images only the first got right');
  requireCount(onlySecond, 0, 'A bootstrap of answers, images only the second got right');
  requireCount(images, Math.max(1, onlyFirst + onlySecond), 'A bootstrap of answers, images');
  requireCount(resamples, 2, 'A bootstrap of answers, resamples');
  const first = binomial(images, onlyFirst / images);
  // Of the images that are not among the first's; one table for each number of these.
  const seconds = new Map<number, (uniform: number) => number>();
  const share = onlyFirst === images ? 0 : onlySecond / (images - onlyFirst);
  const replicates = Float64Array.from({ length: resamples }, () => {
    const b = first(random.uniform());
    let second = seconds.get(b);
    if (second === undefined) seconds.set(b, (second = binomial(images - b, share)));
    return (b - second(random.uniform())) / images;
  });
  return {
    standardError: standardDeviation(replicates),
    low: quantile(replicates, 0.025),
    high: quantile(replicates, 0.975),
  };
}

/** A weight below this, of the largest, is never drawn. */
const NEGLIGIBLE = 1e-17;

/** The quantile function of a binomial distribution, from weights that begin at its mode with 1: w(k + 1)/w(k) = (n − k)p/((k + 1)(1 − p)). */
function binomial(n: number, p: number): (uniform: number) => number {
  if (p <= 0 || n === 0) return () => 0;
  if (p >= 1) return () => n;
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const below: number[] = [];
  for (let k = mode, w = 1; k > 0 && w > NEGLIGIBLE; k--) below.push((w *= k / ((n - k + 1) * odds)));
  const least = mode - below.length;
  const weights = [...below.reverse(), 1];
  for (let k = mode, w = 1; k < n && w > NEGLIGIBLE; k++) weights.push((w *= ((n - k) * odds) / (k + 1)));
  let sum = 0;
  const cumulative = Float64Array.from(weights, (w) => (sum += w));
  return (uniform) => {
    const wanted = uniform * sum;
    let [low, high] = [0, cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return least + low;
  };
}
