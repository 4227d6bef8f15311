import {
  Conv2D,
  Dense,
  Flatten,
  Input,
  type Layer,
  MaxPooling2D,
  RandomDistortion,
  Rescaling,
  Reshape,
} from '../../src/nn/layers.ts';

/** The digits, and what is no digit. */
export const CLASSES = 11;
export const NONE = 10;
/** Of all random numbers: examples, folds, weights, order, distortion. */
export const SEED = 2026;
/** Of the writers of the drawings. The first is the one that choices are made on. */
export const FOLDS = 5;
/** MNIST's training images that no network of a fold is trained on. */
export const KEPT_OUT = 5_000;

const DISTORTION = { rotation: 0.17, scale: 0.12, shear: 0.15, shift: 1.5, elastic: 1.5 } as const;

/** First what all networks share, which has seen no drawing; then each from there on. Adam, its rate down to 0 along half a cosine. */
export const BASE = { epochs: 12, learningRate: 0.002 } as const;
export const FIT = { epochs: 20, learningRate: 0.0015 } as const;
export const COMMON = { batchSize: 128, schedule: 'cosine' } as const;

const relu = { activation: 'relu' } as const;
const same = { padding: 'same', ...relu } as const;

/** Of [28, 28] bytes; `training`: shows them distorted. */
export function readerLayers({ training }: { training: boolean }): Layer[] {
  return [
    Input([28, 28]),
    ...(training ? [RandomDistortion(DISTORTION)] : []),
    Rescaling(1 / 255),
    Reshape([28, 28, 1]),
    ...[Conv2D(16, 3, same), MaxPooling2D(2)],
    ...[Conv2D(32, 3, same), MaxPooling2D(2)],
    ...[Conv2D(64, 3, same), MaxPooling2D(2)],
    ...[Flatten(), Dense(96, relu)],
    Dense(CLASSES, { activation: 'softmax' }),
  ];
}

/** How many examples of each kind. */
export const AMOUNTS = {
  /** MNIST's images in the second part of the training; in the first there are all. */
  digits: 45_000,
  /** Each drawing so many times with another pen, slant and proportion, and once as it is read. */
  drawingsVaried: 2,
  /** Drawings of 0 with a slash and of 7 with a bar, each so many times, and ones with a long hook, made up. */
  slashedZeros: 3,
  barredSevens: 1,
  hookedOnes: 2_000,
  /** Made of few pixels and enlarged: MNIST's, of the first and the second part, and a share of the drawings. */
  coarseDigits: [6_000, 2_000],
  coarseDrawings: 0.3,
  /** In the second part: photographs of single digits, and rows of two to four that touch, out of which digits and wrong cuts are taken. */
  written: { photos: 5_000, rows: 3_000 },
  writtenDrawings: { photos: 1_000, rows: 800 },
  /** Of what is no digit, in the first part, without drawings, and in the second. */
  noDigitsShare: [0.7, 0.6],
  /** Of `NO_DIGITS`. */
  noDigits: {
    pairs: 3_000,
    drawnPairs: 1_500,
    pieces: 2_500,
    drawnPieces: 1_000,
    scribbles: 2_000,
    blobs: 1_000,
    dots: 300,
    lines: 1_000,
    crossings: 1_200,
    zigzags: 800,
    letters: 2_000,
    litter: 700,
  },
} as const;
