import { memberOf } from '../util/members.ts';
import { NN_FEATURES } from './features/members.ts';

type Features = typeof NN_FEATURES;

/** What a feature needs; E_BUNDLE where it is not in the bundle. */
export function nnFeature<N extends keyof Features>(name: N): Features[N] {
  return memberOf<Features[keyof Features]>('feature', NN_FEATURES, name) as Features[N];
}
