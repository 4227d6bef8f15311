import { describeShape } from '../../util/describe.ts';
import { DactylError } from '../../util/errors.ts';
import * as form from '../../util/form.ts';
import { checkOptions, isNumber } from '../../util/options.ts';
import { formatShape } from '../../util/tensor.ts';
import { isCount, type LayerData, type LayerDefinition, layerOf, type LayerOptions } from './layer.ts';

export interface InputLayer extends LayerData {
  readonly type: 'Input';
  /** Of one example, without the batch: [28, 28]. */
  readonly shape: readonly number[];
}

/** The shape of one example, without the batch. Stands first in every `Sequential`. */
export function Input(shape: readonly number[], options: Pick<LayerOptions, 'name'> = {}): InputLayer {
  checkOptions('Input', ['name'], options);
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every((extent) => isNumber(extent, isCount))) {
    throw new DactylError(
      'E_ARGUMENT',
      `Input: expected a shape of whole numbers > 0, such as [28, 28]; received ${describeShape(shape)}.`,
    );
  }
  return layerOf(INPUT, { shape: [...(shape as readonly number[])] }, options);
}

export const INPUT: LayerDefinition<InputLayer> = {
  type: 'Input',
  fields: { shape: form.list(form.integer) },
  rebuild: ({ type: _, shape, ...options }) => Input(shape, options),
  plan() {
    throw new DactylError('E_ARGUMENT', 'Sequential: Input may stand first only.');
  },
  words: ({ shape }) => formatShape(shape),
};
