import type { Targets } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { isFloat32, isNumber, requireType } from '../util/options.ts';
import { atOnce, parts, type Steps } from '../util/steps.ts';
import { classOf } from './metrics/metric.ts';
import { VALUES_AT_A_TIME } from './numeric.ts';

/** What an example counts by its class; 1 for classes that are not named. */
export type ClassWeights = Readonly<Record<number, number>>;

/** Weighted targets, each example's by its class, the largest target where there are several; E_ARGUMENT for what is no weight of a class, and where there are weights by sample, as Keras. */
export function* weighByClass(
  targets: Targets,
  weights: ClassWeights,
  count: number,
  width: number,
): Steps<Targets> {
  if (targets.weights) {
    throw new DactylError(
      'E_ARGUMENT',
      'fit: expected sampleWeight or classWeight; received both. Multiply the one into the other.',
    );
  }
  const classes = Math.max(2, width);
  const isObject = Object.prototype.toString.call(weights) === '[object Object]';
  requireType('classWeight', 'an object such as { 0: 1, 1: 2 }', isObject, weights);
  for (const [name, weight] of Object.entries(weights) as [string, unknown][]) {
    const isClass = /^(0|[1-9]\d*)$/.test(name) && Number(name) < classes;
    requireType('classWeight', `classes from 0 to ${classes - 1}`, isClass, name);
    requireType(
      `classWeight[${name}]`,
      'a finite float32 number >= 0',
      isNumber(weight, (x) => x >= 0 && isFloat32(x)),
      weight,
    );
  }
  const each = new Float64Array(count);
  yield* parts(count, Math.ceil(VALUES_AT_A_TIME / width), (from, to) => {
    for (let s = from; s < to; s++) {
      const own =
        width === 1 && targets.kind === 'values' ? targets.values[s] : atOnce(classOf(targets, s, width));
      each[s] = weights[own] ?? 1;
    }
  });
  return { ...targets, weights: each };
}
