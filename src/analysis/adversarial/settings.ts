import type { Norm } from './ball.ts';

/** How networks are attacked; the result carries it. */
export interface AdversarialSettings {
  /** Test images attacked, at most. */
  readonly images: number;
  /** Sizes ε of a change, rising; pixels counted from 0 to 1. */
  readonly ladders: Readonly<Record<Norm, readonly number[]>>;
  /** Of the linf ladder: the one that comparisons are made at. */
  readonly reference: number;
  readonly steps: number;
  readonly restarts: number;
  /** Of the choice of images and of the random starts. */
  readonly seed: number;
  readonly sanity: {
    /** Images, of those chosen and answered rightly, at most. */
    readonly images: number;
    /** The stronger attack: so many times the steps and the restarts. */
    readonly effort: number;
    /** Answers that the random search may ask for, per image. */
    readonly queries: number;
  };
}

const LADDERS = { linf: [0.01, 0.03, 0.05, 0.1, 0.2, 0.3], l2: [0.5, 1, 2, 3] } as const;

/** 1,000 images of a single network, 500 for each of up to six, 200 for each of more; 60 in a quick evaluation. */
export function adversarialSettings(networks: number, quick = false): AdversarialSettings {
  const common = { ladders: LADDERS, reference: 0.05, seed: 0 };
  if (quick) {
    return { ...common, images: 60, steps: 10, restarts: 2, sanity: { images: 30, effort: 2, queries: 60 } };
  }
  const sanity = { images: 100, effort: 4, queries: 500 };
  if (networks === 1) return { ...common, images: 1_000, steps: 20, restarts: 5, sanity };
  return { ...common, images: networks <= 6 ? 500 : 200, steps: 20, restarts: 4, sanity };
}
