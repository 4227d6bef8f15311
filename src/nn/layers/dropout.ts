import { dropout as dropoutStep } from '../../engine/ops/dropout.ts';
import * as form from '../../util/form.ts';
import { checkOptions } from '../../util/options.ts';
import {
  type LayerData,
  type LayerDefinition,
  layerOf,
  type LayerOptions,
  requireLayerNumber,
} from './layer.ts';

export interface DropoutLayer extends LayerData {
  readonly type: 'Dropout';
  readonly rate: number;
}

/** While training, each value becomes 0 with probability `rate`, the others are divided by 1 − rate. */
export function Dropout(rate: number, options: Pick<LayerOptions, 'name'> = {}): DropoutLayer {
  requireLayerNumber('Dropout', 'a rate in [0, 1)', rate, (x) => x >= 0 && x < 1);
  checkOptions('Dropout', ['name'], options);
  return layerOf(DROPOUT, { rate }, options);
}

export const DROPOUT: LayerDefinition<DropoutLayer> = {
  type: 'Dropout',
  fields: { rate: form.finite },
  rebuild: ({ type: _, rate, ...options }) => Dropout(rate, options),
  plan: ({ rate }, shape) => ({ shape, steps: [dropoutStep({ rate })] }),
  words: ({ rate }) => String(rate),
};
