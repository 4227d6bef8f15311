import type { PrivateStep } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, isNumber, requireType } from '../util/options.ts';
import { Random } from '../util/random.ts';

/** Training with differential privacy (DP-SGD, Abadi et al. 2016); `privacySpent` says which ε it comes to. */
export interface PrivacyOptions {
  /** Largest L2 norm that one example's gradient, over all layers, may have. */
  readonly clip: number;
  /** Standard deviation of the noise on a batch's summed gradients, in units of `clip`. */
  readonly noiseMultiplier: number;
}

/** Throws E_ARGUMENT unless clip > 0 and noiseMultiplier ≥ 0, both finite, and batchSize ≤ examples. */
export function checkPrivacy(options: PrivacyOptions, batchSize: number, examples: number): void {
  checkOptions('privacy', ['clip', 'noiseMultiplier'], options);
  const { clip, noiseMultiplier } = options;
  const fits = isNumber(clip, (x) => x > 0 && x < Infinity);
  requireType('privacy', 'clip: a finite number above 0, such as 1', fits, clip);
  requireType(
    'privacy',
    'noiseMultiplier: a finite number from 0 on, usually 0.5 to 5; 0 protects nothing',
    isNumber(noiseMultiplier, (x) => x >= 0 && x < Infinity),
    noiseMultiplier,
  );
  if (batchSize > examples) {
    throw new DactylError(
      'E_ARGUMENT',
      `privacy: expected batchSize to be at most the ${examples} examples there are; received ${batchSize}.`,
    );
  }
}

/** A Poisson sample: each of 0 … n − 1 with probability `rate`, rounded to a multiple of 2⁻³², independently; ascending. */
export function poissonSample(n: number, rate: number, random: Random): Uint32Array {
  const limit = Math.round(rate * 0x1_0000_0000);
  const chosen = new Uint32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) if (random.uint32() < limit) chosen[count++] = i;
  return chosen.slice(0, count);
}

/**
 * The batch of a step, a Poisson sample of the rows, `batchSize` of them on average, and how its gradients are hidden. Sample and noise come from streams of their own for every step, so
 * that training goes on from any step without their state.
 *
 * The streams are made for repeatable experiments, not for secrecy: who knows or finds the seed can take the noise away. ε is then what the
 * same training would give with secret noise of a cryptographic generator.
 */
export function privateBatch(
  rows: number,
  {
    privacy,
    seed,
    batchSize,
    step,
  }: { privacy: PrivacyOptions; seed: number; batchSize: number; step: number },
): { batch: Uint32Array; privately: PrivateStep } {
  const batch = poissonSample(rows, batchSize / rows, new Random(seed, `poisson/${step}`));
  const noise = new Random(seed, `noise/${step}`);
  return { batch, privately: { ...privacy, expectedBatch: batchSize, noise } };
}
