import type { Step } from '../../engine/op.ts';
import { describe } from '../../util/describe.ts';
import { DactylError } from '../../util/errors.ts';
import * as form from '../../util/form.ts';
import { join } from '../../util/members.ts';
import { isNumber, requireFlag, requireType } from '../../util/options.ts';
import { formatShape } from '../../util/tensor.ts';
import type { InitializerName } from '../initializers/initializers.ts';

/** What every layer may be given. */
export interface LayerOptions {
  /** Under which summaries and `layerOutputs` know it; by default its type and a number, as in Keras. */
  readonly name?: string;
  /** false: training leaves its weights as they are; true by default. */
  readonly trainable?: boolean;
}

/** Fields that every layer may have in a file; absent where nothing was chosen. */
export const COMMON_FIELDS = { name: form.optional(form.text), trainable: form.optional(form.flag) };
export const COMMON_OPTIONS = ['name', 'trainable'] as const;

/** A layer as plain data: what `Dense(…)` returns, and what files hold. */
export interface LayerData extends LayerOptions {
  readonly type: string;
}

/** A weight array of a layer. */
export interface WeightPlan {
  /** kernel, bias, gamma, … */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: InitializerName;
  readonly fanIn: number;
  readonly fanOut: number;
  /** false for what the arithmetic itself keeps, such as moving means. */
  readonly trained?: false;
}

/** What a layer does to inputs of one shape. */
export interface LayerPlan {
  /** Of its outputs, without the batch. */
  readonly shape: readonly number[];
  readonly steps?: readonly Step[];
  /** In the order of the steps' parameters, and of each step its statistics after them. */
  readonly weights?: readonly WeightPlan[];
}

/** Everything about one type of layer: one file, one entry in `LAYERS`. */
export interface LayerDefinition<L extends LayerData> {
  readonly type: L['type'];
  /** Of the form in which it is saved, beside type, name and trainable. */
  readonly fields: Readonly<Record<string, form.Form<unknown>>>;
  /** The same layer, made anew by its function: so that every number in it is checked. */
  rebuild(layer: L): L;
  /** Throws E_SHAPE or E_ARGUMENT where inputs of this shape do not fit. */
  plan(layer: L, input: readonly number[]): LayerPlan;
  /** It holds functions of one's own, which no file can. */
  readonly ownFunctions?: true;
  /** In a few words, for tables and cards: '128 units, ReLU'. */
  words(layer: L): string;
}

const DEFINITION = Symbol.for('dactyl.layer');

/** The data with its definition, which no file and no comparison sees: so that a bundle holds the layers that are used. */
export function layerOf<L extends LayerData>(
  definition: LayerDefinition<L>,
  data: Omit<L, 'type' | 'name' | 'trainable'>,
  { name, trainable }: LayerOptions,
): L {
  const { type } = definition;
  if (!definition.ownFunctions) join('layer', type, definition);
  if (name !== undefined) {
    const fits = typeof name === 'string' && /^[A-Za-z0-9_.>-]{1,100}$/.test(name);
    requireType(type, 'name: letters, digits, and _ . - >, at most 100 of them', fits, name);
  }
  if (trainable !== undefined) requireFlag(`${type}: trainable`, trainable);
  const layer = {
    type,
    ...data,
    ...(name !== undefined && { name }),
    ...(trainable === false && { trainable }),
  };
  // Frozen: Keras' model.layers[2].trainable = false would change nothing here, and has to say so.
  return Object.freeze(Object.defineProperty(layer, DEFINITION, { value: definition })) as unknown as L;
}

/** The definition that a layer was made with; undefined for anything else. */
export function definitionOf(layer: unknown): LayerDefinition<LayerData> | undefined {
  return (layer as { readonly [DEFINITION]?: LayerDefinition<LayerData> } | null | undefined)?.[DEFINITION];
}

export function isCount(x: number): boolean {
  return Number.isInteger(x) && x > 0;
}

export function isPenalty(x: number): boolean {
  return x >= 0 && x < Infinity;
}

/** Throws E_ARGUMENT unless `value` is a number for which `fits` holds. */
export function requireLayerNumber(
  layer: string,
  expected: string,
  value: unknown,
  fits: (x: number) => boolean = Number.isFinite,
): void {
  if (!isNumber(value, fits)) throw argument(layer, expected, value);
}

function argument(layer: string, expected: string, value: unknown): DactylError {
  const received = typeof value === 'number' ? String(value) : describe(value);
  return new DactylError('E_ARGUMENT', `${layer}: expected ${expected}; received ${received}.`);
}

/** Throws E_SHAPE unless the inputs are flat. */
export function requireFlat(layer: string, shape: readonly number[]): void {
  if (shape.length === 1) return;
  throw new DactylError(
    'E_SHAPE',
    `${layer}: expected flat inputs, received shape ${formatShape(shape)}. Put Flatten() before it.`,
  );
}
