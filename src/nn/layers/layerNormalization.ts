import { layerNormalization } from '../../engine/ops/layerNormalization.ts';
import * as form from '../../util/form.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, isNumber, requireFlag, requireType } from '../../util/options.ts';
import { formatShape, sizeOf } from '../../util/tensor.ts';
import {
  COMMON_OPTIONS,
  type LayerData,
  type LayerDefinition,
  layerOf,
  type LayerOptions,
  requireLayerNumber,
} from './layer.ts';

export interface LayerNormalizationLayer extends LayerData {
  readonly type: 'LayerNormalization';
  /** As it was given; absent where it is the last. */
  readonly axis?: readonly number[];
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

export interface LayerNormalizationOptions extends LayerOptions {
  /** What is normalized together, counted with the batch as 0 or from behind: the last axis, -1, by default, or several of the last, such as [-3, -2, -1]. */
  axis?: number | readonly number[];
  /** Added to the variance; 0.001 by default. */
  epsilon?: number;
  /** Whether beta is added; true by default. */
  center?: boolean;
  /** Whether gamma multiplies; true by default. */
  scale?: boolean;
}

const OPTIONS = ['axis', 'epsilon', 'center', 'scale', ...COMMON_OPTIONS] as const;

/**
 * y = gamma (x − mean) / √(variance + epsilon) + beta over the last axis of each example, or the last ones (Ba, Kiros & Hinton 2016), as Keras; gamma and
 * beta have the extents of these axes.
 */
export function LayerNormalization(options: LayerNormalizationOptions = {}): LayerNormalizationLayer {
  checkOptions('LayerNormalization', OPTIONS, options);
  const { axis = -1, epsilon = 1e-3, center = true, scale = true } = options;
  requireLayerNumber('LayerNormalization', 'epsilon > 0', epsilon, (x) => x > 0 && x < Infinity);
  requireFlag('LayerNormalization: center', center);
  requireFlag('LayerNormalization: scale', scale);
  const axes: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
  const fits = axes.length > 0 && axes.every((one) => isNumber(one, (x) => Number.isInteger(x) && x !== 0));
  requireType('LayerNormalization', 'axis: a whole number other than 0, or a list of them', fits, axis);
  const own = axes.length === 1 && axes[0] === -1 ? {} : { axis: [...axes] as number[] };
  return layerOf(LAYER_NORMALIZATION, { ...own, epsilon, center, scale }, options);
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
    `LayerNormalization: expected the last axis of inputs ${formatShape(input)}, or several of the last (${input.map((_, k) => -1 - k).join(', ')}, from behind, without a gap); received axis ${axis.join(', ')}. Bring what is to be normalized to the end by Reshape.`,
  );
}

export const LAYER_NORMALIZATION: LayerDefinition<LayerNormalizationLayer> = {
  type: 'LayerNormalization',
  fields: {
    axis: form.optional(form.list(form.integer)),
    epsilon: form.finite,
    center: form.flag,
    scale: form.flag,
  },
  rebuild: ({ type: _, ...options }) => LayerNormalization(options),
  plan({ axis = [-1], epsilon, center, scale }, input) {
    const axes = axis.length === 1 && axis[0] === -1 ? 1 : lastAxes(axis, input);
    const step = layerNormalization({ ...(axes > 1 && { axes }), epsilon, center, scale });
    const shape = step.shape(input);
    const over = shape.slice(-axes);
    const one = { shape: over, fanIn: sizeOf(over), fanOut: sizeOf(over) };
    return {
      shape,
      steps: [step],
      weights: [
        ...(scale ? [{ name: 'gamma', initializer: 'ones', ...one } as const] : []),
        ...(center ? [{ name: 'beta', initializer: 'zeros', ...one } as const] : []),
      ],
    };
  },
  words: ({ axis, epsilon }) => `${axis === undefined ? '' : `axis ${axis.join(', ')}, `}epsilon ${epsilon}`,
};
