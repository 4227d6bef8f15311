import { DactylError } from '../../util/errors.ts';

/** Networks that each saw a part of the same images. */
export interface Observation {
  /** The network's logit-scaled confidence in each image's label. */
  readonly scores: ArrayLike<number>;
  /** 1 where it was trained on the image, else 0. */
  readonly inside: ArrayLike<number>;
}

/**
 * Online likelihood-ratio attack (LiRA; Carlini et al. 2022, arXiv 2112.03570, algorithm 1). For each network in turn, all others are
 * its shadow networks: with μ_in, σ_in of an image's score over those that saw it and μ_out, σ_out over those that did not,
 *
 *     Λ = log N(φ; μ_in, σ_in²) − log N(φ; μ_out, σ_out²),   φ the network's own score of the image: high where it looks like a member.
 *
 * `pooled`: one σ_in and one σ_out for all images, from the deviations from each image's own means (what the paper advises for fewer than 64 shadow
 * networks); otherwise one for each image. Standard deviations have n − 1 in the denominator. NaN for an image that too few networks saw, or did not see:
 * one of each is needed, two where variances are not pooled. 0 for all images where no score varies between networks: there is nothing to go by.
 *
 * Calls `each` with one network's Λ after the other. Throws E_ARGUMENT for fewer than three networks or unequal lengths.
 */
export function likelihoodRatios(
  networks: readonly Observation[],
  pooled: boolean,
  each: (ratios: Float64Array, network: number) => void,
): void {
  const images = networks.at(0)?.scores.length ?? 0;
  if (
    networks.length < 3 ||
    networks.some(({ scores, inside }) => scores.length !== images || inside.length !== images)
  ) {
    throw new DactylError(
      'E_ARGUMENT',
      `A likelihood-ratio attack: expected at least 3 networks with scores of the same images, received ${networks.length}.`,
    );
  }
  // Per image, [out, in]: networks, sum and sum of squares of their scores. Scores are taken from the image's own mean, for the sake of the digits.
  const centre = Float64Array.from({ length: images }, (_, i) => {
    return networks.reduce((sum, { scores }) => sum + scores[i], 0) / networks.length;
  });
  const sums = [0, 1].map((side) => {
    const [n, sum, squares] = [0, 1, 2].map(() => new Float64Array(images));
    for (const { scores, inside } of networks) {
      for (let i = 0; i < images; i++) {
        if (inside[i] !== side) continue;
        const x = scores[i] - centre[i];
        n[i]++;
        sum[i] += x;
        squares[i] += x * x;
      }
    }
    return { n, sum, squares };
  });

  networks.forEach(({ scores, inside }, t) => {
    const fits = sums.map((total, side) => leavingOut(total, { scores, inside, side, centre }, pooled));
    const informed = fits.every(({ varies }) => varies);
    const ratios = Float64Array.from({ length: images }, (_, i) => {
      if (!informed) return 0;
      const x = scores[i] - centre[i];
      const [out, within] = fits.map(({ mean, sd }) => {
        const z = (x - mean[i]) / sd[i];
        return -(z * z) / 2 - Math.log(sd[i]);
      });
      return within - out;
    });
    each(ratios, t);
  });
}

interface Totals {
  readonly n: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

/** Mean and standard deviation per image over the networks of one side but one; NaN where there are too few. */
function leavingOut(
  total: Totals,
  { scores, inside, side, centre }: Observation & { readonly side: number; readonly centre: Float64Array },
  pooled: boolean,
): { mean: Float64Array; sd: Float64Array; varies: boolean } {
  const images = total.n.length;
  const mean = new Float64Array(images);
  const sd = new Float64Array(images);
  let deviations = 0;
  let freedom = 0;
  for (let i = 0; i < images; i++) {
    const own = inside[i] === side ? 1 : 0;
    const x = own * (scores[i] - centre[i]);
    const n = total.n[i] - own;
    const sum = total.sum[i] - x;
    mean[i] = n >= 1 ? sum / n : NaN;
    const squares = Math.max(0, total.squares[i] - x * x - (n >= 1 ? (sum * sum) / n : 0));
    sd[i] = n >= 2 ? Math.sqrt(squares / (n - 1)) : NaN;
    if (n >= 2) {
      deviations += squares;
      freedom += n - 1;
    }
  }
  if (pooled) sd.fill(freedom > 0 ? Math.sqrt(deviations / freedom) : NaN);
  return { mean, sd, varies: deviations > 0 };
}
