/**
 * Mean errors, as shares of the test images, of the paper's ReLU network trained with its recipe over these seeds, under the
 * corruptions at their published levels, seed 0 of the corruptions. Made by scripts/robustness-reference.ts.
 */
export const REPLICATION: {
  readonly seeds: readonly number[];
  readonly images: number;
  readonly clean: number;
  readonly corrupted: Readonly<Record<string, number>>;
} = {
  seeds: [0, 1, 2, 3, 4],
  images: 10000,
  clean: 0.02346,
  corrupted: {
    'shot-noise': 0.03638,
    'impulse-noise': 0.21908,
    'glass-blur': 0.06994,
    'motion-blur': 0.17598,
    shear: 0.0689,
    scale: 0.33328,
    rotate: 0.14924,
    brightness: 0.80304,
    translate: 0.69158,
    stripe: 0.75862,
    fog: 0.83668,
    spatter: 0.0761,
    'dotted-line': 0.08784,
    zigzag: 0.3098,
    'canny-edges': 0.34034,
  },
};
