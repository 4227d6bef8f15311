import { memberOf } from '../util/members.ts';
import { ENGINE_FEATURES } from './features/members.ts';

type Features = typeof ENGINE_FEATURES;

/** What a feature needs of the engine; E_BUNDLE where it is not in the bundle. */
export function engineFeature<N extends keyof Features>(name: N): Features[N] {
  return memberOf<Features[keyof Features]>('feature', ENGINE_FEATURES, name) as Features[N];
}
