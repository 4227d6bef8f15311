import { affordable } from '../cost.ts';
import type { Norm } from './ball.ts';

/** How networks are attacked; the result carries it. The attack itself is `search`. */
export interface AdversarialSettings {
  /** Test images attacked at the reference size, at most. */
  readonly images: number;
  /** Of these, attacked at every other size, at most. */
  readonly ladderImages: number;
  /** Sizes ε of a change, rising; pixels counted from 0 to 1. */
  readonly ladders: Readonly<Record<Norm, readonly number[]>>;
  /** Of the linf ladder: the one that comparisons are made at. */
  readonly reference: number;
  /** Of PGD, which makes the examples and the images for another network. */
  readonly steps: number;
  /** Of the choice of images, random starts and resamples. */
  readonly seed: number;
  readonly sanity: {
    /** Images, of those chosen and answered rightly, at most. */
    readonly images: number;
    /** Of the harder attack (`harder`), on what the usual one leaves. */
    readonly steps: number;
    readonly starts: number;
    /** Answers that the random search may ask for, per image. */
    readonly queries: number;
  };
}

const LADDERS = { linf: [0.01, 0.03, 0.05, 0.1, 0.2, 0.3], l2: [0.5, 1, 2, 3] } as const;

/**
 * Up to 10,000 images at the reference size; at the others 1,000 of a single network, 500 for each of up to six, 200 for each of more. Quick: 60. Fewer where an answer costs more than
 * that of six of the paper's networks (`costOf`). */
export function adversarialSettings(networks: number, quick = false, cost = 1): AdversarialSettings {
  const common = { ladders: LADDERS, reference: 0.05, steps: 20, seed: 0 };
  if (quick) {
    const sanity = { images: 30, steps: 20, starts: 2, queries: 60 };
    return { ...common, images: 60, ladderImages: 60, steps: 10, sanity };
  }
  return {
    ...common,
    images: affordable(10_000, cost, 500),
    ladderImages: affordable(networks === 1 ? 1_000 : networks <= 6 ? 500 : 200, cost, 100),
    sanity: { images: affordable(200, cost, 50), steps: 100, starts: 2, queries: 500 },
  };
}
