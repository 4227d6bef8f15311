import * as form from '../../util/form.ts';
import { checkOptions } from '../../util/options.ts';
import {
  type LayerData,
  type LayerDefinition,
  layerOf,
  type LayerOptions,
  requireLayerNumber,
} from './layer.ts';

export interface RescalingLayer extends LayerData {
  readonly type: 'Rescaling';
  readonly scale: number;
  readonly offset: number;
}

/** x · scale + offset, for example `Rescaling(1 / 255)` for bytes. Stands before the first layer that computes. */
export function Rescaling(
  scale: number,
  offset = 0,
  options: Pick<LayerOptions, 'name'> = {},
): RescalingLayer {
  for (const value of [scale, offset]) requireLayerNumber('Rescaling', 'a finite scale and offset', value);
  checkOptions('Rescaling', ['name'], options);
  return layerOf(RESCALING, { scale, offset }, options);
}

/** The network reads its inputs through it (`planLayers`): no step of its own. */
export const RESCALING: LayerDefinition<RescalingLayer> = {
  type: 'Rescaling',
  fields: { scale: form.finite, offset: form.finite },
  rebuild: ({ type: _, scale, offset, ...options }) => Rescaling(scale, offset, options),
  plan: (_, shape) => ({ shape }),
  words: ({ scale, offset }) => `× ${Number(scale.toPrecision(6))}${offset === 0 ? '' : ` + ${offset}`}`,
};
