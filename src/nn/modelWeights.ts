import { DactylError } from '../util/errors.ts';
import { sha256InSteps } from '../util/hash.ts';
import { requireType } from '../util/options.ts';
import { Random } from '../util/random.ts';
import { parts, type Steps } from '../util/steps.ts';
import { checkTensor, formatShape, sizeOf, type Tensor } from '../util/tensor.ts';
import { initialize } from './initializers/initializers.ts';
import { checkFinite, NUMERIC_ADVICE } from './numeric.ts';
import type { PlannedWeight } from './plan.ts';

/** A few milliseconds. */
const WRITTEN_AT_A_TIME = 1 << 18;

/** One random stream for every weight, whatever the activation: arms of a comparison that share a seed start from the same draws. */
export function initialWeights(weights: readonly PlannedWeight[], seed: number): Float32Array[] {
  return weights.map(({ key, name, shape, initializer, fanIn, fanOut }) => {
    const random = new Random(seed, `${name}/${parseInt(key)}`);
    return initialize(initializer, fanIn, fanOut, sizeOf(shape), random);
  });
}

/** E_SHAPE, E_NUMERIC unless there is one array of finite numbers for each weight. */
export function checkWeights(weights: readonly Tensor[], planned: readonly PlannedWeight[]): void {
  requireType('setWeights', 'an array of { data, shape }', Array.isArray(weights), weights);
  if (weights.length !== planned.length) {
    throw new DactylError(
      'E_SHAPE',
      `setWeights: expected ${planned.length} arrays, received ${weights.length}.`,
    );
  }
  // Also those that are missing.
  planned.forEach((_, k) => {
    const tensor = weights[k];
    checkTensor(tensor, `weights[${k}]`);
    if (formatShape(tensor.shape) !== formatShape(planned[k].shape)) {
      throw new DactylError(
        'E_SHAPE',
        `weights[${k}]: expected shape ${formatShape(planned[k].shape)}, received ${formatShape(tensor.shape)}.`,
      );
    }
    checkFinite(tensor, `weights[${k}]`);
  });
}

/** SHA-256 of the arrays one after the other, little-endian float32; E_NUMERIC if a value is not finite. */
export function* hashWeights(arrays: readonly Float32Array[]): Steps<string> {
  const bytes = new Uint8Array(4 * arrays.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [k, array] of arrays.entries()) {
    yield* parts(array.length, WRITTEN_AT_A_TIME, (from, to) => {
      for (const x of array.subarray(from, to)) {
        if (!Number.isFinite(x)) {
          const message = `weightsHash: weights[${k}] holds NaN or infinity. ${NUMERIC_ADVICE}`;
          throw new DactylError('E_NUMERIC', message);
        }
        view.setFloat32((at += 4) - 4, x, true);
      }
    });
  }
  return yield* sha256InSteps(bytes);
}
