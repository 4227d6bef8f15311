import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { baselineImages, type BaselineName } from './baselines.ts';
import { gradient, gradientTimesInput } from './gradient.ts';
import { integratedGradients } from './integratedGradients.ts';
import { occlusion } from './occlusion.ts';
import { layerwiseRelevance, relevanceObstacle } from './relevance.ts';
import { smoothGrad } from './smoothGrad.ts';
import type { Target } from './target.ts';

/** What a method may need besides model, images and target. */
export interface MethodSettings {
  /** Of the training images, 0 to 255. */
  readonly mean: Float32Array;
  /** Of integrated gradients; doubled up to 3200 until the completeness error is below `tolerance`. */
  readonly steps: number;
  readonly tolerance: number;
  /** Of SmoothGrad's noise. */
  readonly seed: number;
}

type Method = (model: Sequential, images: Tensor, target: Target, settings: MethodSettings) => Float32Array;

const integrated =
  (name: BaselineName): Method =>
  (model, images, target, { mean, steps, tolerance }) =>
    integratedGradients(model, images, target, {
      baseline: baselineImages(name, images, mean),
      steps,
      tolerance,
    }).maps;

/** Every way to say which pixels an answer rests on, by name; each gives [n][pixels]. */
export const METHODS = {
  gradient,
  gradientTimesInput,
  smoothGrad: (model, images, target, { seed }) => smoothGrad(model, images, target, { seed }),
  integratedBlank: integrated('blank'),
  integratedMean: integrated('mean'),
  integratedBlurred: integrated('blurred'),
  integratedSolid: integrated('solid'),
  occlusion: (model, images, target) => occlusion(model, images, target),
  relevanceEpsilon: (model, images, target) => layerwiseRelevance(model, images, target, { rule: 'epsilon' }),
  relevancePlus: (model, images, target) => layerwiseRelevance(model, images, target, { rule: 'zPlus' }),
} satisfies Record<string, Method>;

export type MethodName = keyof typeof METHODS;
export const METHOD_NAMES = Object.keys(METHODS) as MethodName[];

/** A method that cannot explain a network, and why. */
export interface LeftOut {
  readonly method: MethodName;
  readonly reason: string;
}

/** Those that need to know what every layer does. */
const BY_LAYERS: readonly MethodName[] = ['relevanceEpsilon', 'relevancePlus'];

/** Which methods can explain a network; most only need its answers and gradients. */
export function methodsFor(model: Pick<Sequential, 'layers'>): {
  readonly methods: readonly MethodName[];
  readonly leftOut: readonly LeftOut[];
} {
  const reason = relevanceObstacle(model);
  if (reason === null) return { methods: METHOD_NAMES, leftOut: [] };
  return {
    methods: METHOD_NAMES.filter((method) => !BY_LAYERS.includes(method)),
    leftOut: BY_LAYERS.map((method) => ({ method, reason })),
  };
}

/** Maps by the methods that there are of a network. */
export type MapsByMethod<T> = Readonly<Partial<Record<MethodName, T>>>;

/** In the order of the table. */
export function methodsOf(maps: MapsByMethod<unknown>): MethodName[] {
  return METHOD_NAMES.filter((method) => maps[method] !== undefined);
}
