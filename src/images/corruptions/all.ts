import { brightness } from './brightness.ts';
import { cannyEdges } from './cannyEdges.ts';
import type { Corruption } from './corruption.ts';
import { dottedLine } from './dottedLine.ts';
import { fog } from './fog.ts';
import { gaussianNoise } from './gaussianNoise.ts';
import { glassBlur } from './glassBlur.ts';
import { impulseNoise } from './impulseNoise.ts';
import { motionBlur } from './motionBlur.ts';
import { occlusion } from './occlusion.ts';
import { rotate } from './rotate.ts';
import { saltAndPepperNoise } from './saltAndPepperNoise.ts';
import { scale } from './scale.ts';
import { shear } from './shear.ts';
import { shotNoise } from './shotNoise.ts';
import { spatter } from './spatter.ts';
import { stripe } from './stripe.ts';
import type { Sweep } from './sweep.ts';
import { translate } from './translate.ts';
import { zigzag } from './zigzag.ts';

/**
 * The 15 corruptions of MNIST-C (Mu & Gilmer 2019, arXiv 1906.02337) with its parameters, in its order. 'MNIST-C-style': the
 * published images were drawn without a seed, so these are others of the same kind.
 */
export const CORRUPTIONS: readonly Corruption[] = [
  shotNoise,
  impulseNoise,
  glassBlur,
  motionBlur,
  shear,
  scale,
  rotate,
  brightness,
  translate,
  stripe,
  fog,
  spatter,
  dottedLine,
  zigzag,
  cannyEdges,
];

/** Noise and covering from little to much, not part of MNIST-C. */
export const SWEEPS: readonly Sweep[] = [gaussianNoise, saltAndPepperNoise, occlusion];
