import * as form from '../../util/form.ts';
import { checkOptions } from '../../util/options.ts';
import { isPenalty, requireLayerNumber } from './layer.ts';

/** l1 Σ|w| + l2 Σw², added to the loss. */
export interface Regularizer {
  readonly l1: number;
  readonly l2: number;
}

export const REGULARIZER_FIELDS = form.fields({ l1: form.finite, l2: form.finite });

export function resolveRegularizer(layer: string, option: Partial<Regularizer>): Regularizer {
  checkOptions(`${layer}: kernelRegularizer`, ['l1', 'l2'], option);
  const { l1 = 0, l2 = 0 } = option;
  for (const penalty of [l1, l2]) requireLayerNumber(layer, 'penalties l1, l2 >= 0', penalty, isPenalty);
  return { l1, l2 };
}
