import type { Targets } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, isFloat32, isNumber, requireType } from '../util/options.ts';
import { classOf } from './metrics/metric.ts';
import type { SampleWeights } from './weights.ts';

/** What an example counts by its class; 1 for classes that are not named. */
export type ClassWeights = Readonly<Record<number, number>>;

/** Weighted targets, each example's by its class, the largest target where there are several; E_ARGUMENT for what is no weight of a class. */
export function weighByClass(targets: Targets, weights: ClassWeights, count: number, width: number): Targets {
  const classes = Math.max(2, width);
  const known = Array.from({ length: classes }, (_, k) => String(k));
  checkOptions('classWeight', known, weights);
  for (const [name, weight] of Object.entries(weights) as [string, unknown][]) {
    requireType(
      `classWeight[${name}]`,
      'a finite float32 number >= 0',
      isNumber(weight, (x) => x >= 0 && isFloat32(x)),
      weight,
    );
  }
  const each = Float64Array.from({ length: count }, (_, s) => {
    const own = width === 1 && targets.kind === 'values' ? targets.values[s] : classOf(targets, s, width);
    return weights[own] ?? 1;
  });
  return { ...targets, weights: each };
}

/** By sample or by class, not by both, as Keras. */
export function refuseBothWeights(sampleWeight: SampleWeights | undefined): void {
  if (sampleWeight === undefined) return;
  throw new DactylError(
    'E_ARGUMENT',
    'fit: expected sampleWeight or classWeight; received both. Multiply the one into the other.',
  );
}
