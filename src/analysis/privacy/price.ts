import { DactylError } from '../../util/errors.ts';
import { requireItems } from '../../util/options.ts';
import { privacySpent, type Conversion } from './accountant.ts';
import { byArm, type Estimate, estimateOf } from './estimate.ts';

/** A finished training, with or without differential privacy. */
export interface PrivacyRun {
  readonly arm: string;
  readonly activation: string;
  readonly seed: number;
  readonly testAccuracy: number;
  readonly privacy: { readonly clip: number; readonly noiseMultiplier: number } | null;
  /** Training images, expected batch size, and epochs of ⌈images / batchSize⌉ steps. */
  readonly images: number;
  readonly batchSize: number;
  readonly epochs: number;
}

/** What an arm came to; ε is null without noise and without privacy. */
export interface PricePoint {
  readonly arm: string;
  readonly activation: string;
  readonly epsilon: number | null;
  readonly noiseMultiplier: number | null;
  readonly steps: number;
  readonly accuracies: readonly { readonly seed: number; readonly accuracy: number }[];
  readonly accuracy: Estimate;
}

/** Of two activations at the same ε: first minus second, over the seeds that both have. */
export interface PriceDifference {
  readonly epsilon: number | null;
  readonly first: string;
  readonly second: string;
  readonly difference: Estimate;
}

export interface PriceOfPrivacy {
  readonly delta: number;
  readonly conversion: Conversion;
  readonly images: number;
  /** Least ε first, those without privacy last. */
  readonly points: readonly PricePoint[];
  readonly differences: readonly PriceDifference[];
}

/**
 * Test accuracy against the ε that each arm's training comes to at δ = 1e-5. Throws E_ARGUMENT where no run was private, or runs of one arm were
 * trained differently.
 */
export function priceOfPrivacy(runs: readonly PrivacyRun[]): PriceOfPrivacy {
  requireItems('priceOfPrivacy: runs', ['arm', 'seed', 'testAccuracy', 'privacy'], runs);
  if (!runs.some(({ privacy }) => privacy !== null)) {
    throw new DactylError(
      'E_ARGUMENT',
      'The price of privacy: expected at least one run with privacy, received none.',
    );
  }
  const points = byArm(runs).map((own) => pointOf(own));
  const size = (epsilon: number | null): number => epsilon ?? Infinity;
  points.sort((a, b) => (size(a.epsilon) === size(b.epsilon) ? 0 : size(a.epsilon) - size(b.epsilon)));
  const { delta, conversion } = privacySpent({ rate: 1, noiseMultiplier: 1, steps: 1 });
  return { delta, conversion, images: runs[0].images, points, differences: differencesOf(points) };
}

function pointOf(own: readonly PrivacyRun[]): PricePoint {
  const [first] = own;
  const { arm, activation, privacy, images, batchSize, epochs } = first;
  const same = (run: PrivacyRun): boolean =>
    run.activation === activation &&
    run.privacy?.clip === privacy?.clip &&
    run.privacy?.noiseMultiplier === privacy?.noiseMultiplier &&
    run.images === images &&
    run.batchSize === batchSize &&
    run.epochs === epochs;
  if (!own.every(same)) {
    throw new DactylError(
      'E_ARGUMENT',
      `The price of privacy: expected the runs of ${arm} to be trained alike, received different settings.`,
    );
  }
  const steps = epochs * Math.ceil(images / batchSize);
  const spent =
    privacy &&
    privacySpent({ rate: batchSize / images, noiseMultiplier: privacy.noiseMultiplier, steps }).epsilon;
  return {
    arm,
    activation,
    epsilon: spent !== null && Number.isFinite(spent) ? spent : null,
    noiseMultiplier: privacy?.noiseMultiplier ?? null,
    steps,
    accuracies: own.map(({ seed, testAccuracy }) => ({ seed, accuracy: testAccuracy })),
    accuracy: estimateOf(own.map(({ testAccuracy }) => testAccuracy)),
  };
}

function differencesOf(points: readonly PricePoint[]): PriceDifference[] {
  return points.flatMap((a, i) =>
    points.slice(i + 1).flatMap((b) => {
      const alike = a.epsilon === b.epsilon && a.noiseMultiplier === b.noiseMultiplier;
      if (!alike || a.activation === b.activation) return [];
      const [one, two] = a.activation < b.activation ? [a, b] : [b, a];
      const partner = new Map(two.accuracies.map(({ seed, accuracy }) => [seed, accuracy]));
      const values = one.accuracies.flatMap(({ seed, accuracy }) => {
        const other = partner.get(seed);
        return other === undefined ? [] : [accuracy - other];
      });
      if (values.length === 0) return [];
      return [
        {
          epsilon: a.epsilon,
          first: one.activation,
          second: two.activation,
          difference: estimateOf(values),
        },
      ];
    }),
  );
}
