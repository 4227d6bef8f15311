import type { Verdict } from '../verdict.ts';
import { notMeasured } from '../verdict.ts';

/** C2, C7 and C8: the paper gives no measurement, and this version makes none either. */
export const judgeGeneralisation = (): Verdict[] => [
  notMeasured(
    'ReLU generalises better to new, unseen data',
    'Accuracy on other writers, on corrected labels, and on shifted or corrupted images',
    'Not measured in this version. One test set from the same source as the training images does not show it.',
  ),
];

export const judgeNoise = (): Verdict[] => [
  notMeasured(
    'ReLU resists noise much better',
    'Accuracy against the level of noise and over a suite of corruptions',
    'Not measured in this version, nor in the paper: all images here are clean.',
  ),
];

export const judgeSensitivity = (): Verdict[] => [
  notMeasured(
    'Tanh is highly sensitive to input values and gradients',
    'Norm of the gradient with respect to the input, and the share of saturated units',
    'Not measured in this version, nor in the paper.',
  ),
];
