import { layerNormalization } from '../../engine/ops/layerNormalization.ts';
import * as form from '../../util/form.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, isNumber, requireType } from '../../util/options.ts';
import { formatShape } from '../../util/tensor.ts';
import { COMMON_OPTIONS, type LayerData, type LayerDefinition, layerOf } from './layer.ts';
import {
  affineWeights,
  NORMALIZATION_FIELDS,
  type NormalizationData,
  type NormalizationOptions,
  resolveNormalization,
} from './normalization.ts';

export interface LayerNormalizationLayer extends LayerData, NormalizationData {
  readonly type: 'LayerNormalization';
  /** As it was given; absent where it is the last. */
  readonly axis?: readonly number[];
}

export interface LayerNormalizationOptions extends NormalizationOptions {
  /** What is normalized together, counted with the batch as 0 or from behind: the last axis, -1, by default, or several of the last, such as [-3, -2, -1]. */
  axis?: number | readonly number[];
}

const OPTIONS = ['axis', 'epsilon', 'center', 'scale', ...COMMON_OPTIONS] as const;

/**
 * y = gamma (x − mean) / √(variance + epsilon) + beta over the last axis of each example, or the last ones (Ba, Kiros & Hinton 2016), as Keras; gamma and
 * beta have the extents of these axes.
 */
export function LayerNormalization(options: LayerNormalizationOptions = {}): LayerNormalizationLayer {
  checkOptions('LayerNormalization', OPTIONS, options);
  const { axis = -1 } = options;
  const data = resolveNormalization('LayerNormalization', options);
  const axes: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
  const fits = axes.length > 0 && axes.every((one) => isNumber(one, (x) => Number.isInteger(x) && x !== 0));
  requireType('LayerNormalization', 'axis: a whole number other than 0, or a list of them', fits, axis);
  const own = axes.length === 1 && axes[0] === -1 ? {} : { axis: [...axes] as number[] };
  return layerOf(LAYER_NORMALIZATION, { ...own, ...data }, options);
}

/** How many of the last axes of such inputs `axis` names; throws E_SHAPE where it names others. */
function lastAxes(axis: readonly number[], input: readonly number[]): number {
  const rank = input.length + 1;
  const places = new Set(axis.map((one) => (one < 0 ? one + rank : one)));
  const last = input.slice(-axis.length).map((_, k) => rank - 1 - k);
  if (
    places.size === axis.length &&
    last.length === axis.length &&
    last.every((place) => places.has(place))
  ) {
    return axis.length;
  }
  throw new DactylError(
    'E_SHAPE',
    `LayerNormalization: expected the last axis of inputs ${formatShape(input)}, or several of the last (${input.map((_, k) => -1 - k).join(', ')}, from behind); received axis ${axis.join(', ')}. Bring what is to be normalized to the end by Reshape.`,
  );
}

export const LAYER_NORMALIZATION: LayerDefinition<LayerNormalizationLayer> = {
  type: 'LayerNormalization',
  fields: {
    axis: form.optional(form.list(form.integer)),
    ...NORMALIZATION_FIELDS,
  },
  rebuild: ({ type: _, ...options }) => LayerNormalization(options),
  plan({ axis = [-1], epsilon, center, scale }, input) {
    const axes = axis.length === 1 && axis[0] === -1 ? 1 : lastAxes(axis, input);
    const step = layerNormalization({ ...(axes > 1 && { axes }), epsilon, center, scale });
    const shape = step.shape(input);
    const weights = affineWeights({ epsilon, center, scale }, shape.slice(-axes));
    return { shape, steps: [step], weights };
  },
  words: ({ axis, epsilon }) => `${axis === undefined ? '' : `axis ${axis.join(', ')}, `}epsilon ${epsilon}`,
};
