import { DistortedRows } from '../../engine/distortedRows.ts';
import { checkDistortion, type Distortion } from '../../images/distortion.ts';
import * as form from '../../util/form.ts';
import { join } from '../../util/members.ts';
import { checkOptions } from '../../util/options.ts';
import { type LayerData, type LayerDefinition, layerOf, type LayerOptions } from './layer.ts';

export interface RandomDistortionLayer extends LayerData, Distortion {
  readonly type: 'RandomDistortion';
}

/**
 * While training, shows images of bytes, of any size and with any channels, distorted, anew in every epoch: see `Distortion` for the limits of the draws. Stands right after
 * Input. Its stream follows the seed of `fit`, or of the model.
 */
export function RandomDistortion(
  distortion: Distortion,
  options: Pick<LayerOptions, 'name'> = {},
): RandomDistortionLayer {
  checkDistortion(distortion);
  join('feature', 'distortion', DistortedRows);
  checkOptions('RandomDistortion', ['name'], options);
  const { rotation, scale, shear, shift, elastic } = distortion;
  return layerOf(RANDOM_DISTORTION, { rotation, scale, shear, shift, elastic }, options);
}

/** The network is given distorted rows (`planLayers`): no step of its own. */
export const RANDOM_DISTORTION: LayerDefinition<RandomDistortionLayer> = {
  type: 'RandomDistortion',
  fields: {
    rotation: form.finite,
    scale: form.finite,
    shear: form.finite,
    shift: form.finite,
    elastic: form.finite,
  },
  rebuild({ type: _, name, ...distortion }) {
    return RandomDistortion(distortion, name === undefined ? {} : { name });
  },
  plan: (_, shape) => ({ shape }),
  words: ({ rotation, shift }) => `up to ${rotation} rad, ${shift} pixels`,
};
