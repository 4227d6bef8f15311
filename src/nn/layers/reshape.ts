import { describeShape } from '../../util/describe.ts';
import { DactylError } from '../../util/errors.ts';
import * as form from '../../util/form.ts';
import { checkOptions, isNumber } from '../../util/options.ts';
import { formatShape, sizeOf } from '../../util/tensor.ts';
import { isCount, type LayerData, type LayerDefinition, layerOf, type LayerOptions } from './layer.ts';

export interface ReshapeLayer extends LayerData {
  readonly type: 'Reshape';
  /** −1 at most once: what is left. */
  readonly targetShape: readonly number[];
}

/** The same values, row-major, in another shape (without the batch): [28, 28] → [28, 28, 1]. One extent may be −1: what is left. */
export function Reshape(
  targetShape: readonly number[],
  options: Pick<LayerOptions, 'name'> = {},
): ReshapeLayer {
  checkOptions('Reshape', ['name'], options);
  const fits =
    Array.isArray(targetShape) &&
    targetShape.length > 0 &&
    targetShape.every((extent) => isNumber(extent, (x) => x === -1 || isCount(x))) &&
    targetShape.filter((extent) => extent === -1).length <= 1;
  if (!fits) {
    throw new DactylError(
      'E_ARGUMENT',
      `Reshape: expected a shape of whole numbers > 0, at most one of them -1; received ${describeShape(targetShape)}.`,
    );
  }
  return layerOf(RESHAPE, { targetShape: [...(targetShape as readonly number[])] }, options);
}

export const RESHAPE: LayerDefinition<ReshapeLayer> = {
  type: 'Reshape',
  fields: { targetShape: form.list(form.integer) },
  rebuild: ({ type: _, targetShape, ...options }) => Reshape(targetShape, options),
  plan({ targetShape }, input) {
    const size = sizeOf(input);
    const known = sizeOf(targetShape.filter((extent) => extent !== -1));
    const shape = targetShape.map((extent) => (extent === -1 ? size / known : extent));
    if (sizeOf(shape) === size && shape.every(isCount)) return { shape };
    throw new DactylError(
      'E_SHAPE',
      `Reshape: expected a shape of ${size} values, as the inputs ${formatShape(input)} have; received ${formatShape(targetShape)}.`,
    );
  },
  words: ({ targetShape }) => formatShape(targetShape),
};
