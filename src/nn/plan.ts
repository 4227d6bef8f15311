import type { NetworkSpec } from '../engine/engine.ts';
import type { Step } from '../engine/op.ts';
import type { Distortion } from '../images/distortion.ts';
import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { sizeOf } from '../util/tensor.ts';
import { definitionOf, type LayerData, type WeightPlan } from './layers/layer.ts';
import type { InputLayer } from './layers/input.ts';
import type { RandomDistortionLayer } from './layers/randomDistortion.ts';
import type { RescalingLayer } from './layers/rescaling.ts';
import type { SummaryRow } from './summary.ts';

/** A weight array of a stack. */
export interface PlannedWeight extends Omit<WeightPlan, 'trained'> {
  /** Under which it is saved: the number of its layer among those with weights, and its own name. */
  readonly key: string;
  /** Whether training changes it. */
  readonly trained: boolean;
}

/** A layer of a stack. */
export interface PlannedLayer {
  readonly name: string;
  /** Of its outputs, without the batch. */
  readonly shape: readonly number[];
  /** Steps of the network up to its outputs. */
  readonly steps: number;
  /** Weight arrays of its own. */
  readonly arrays: number;
}

/** A stack of layers worked out: shapes, weights, and the network the engine runs. */
export interface Plan {
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly layers: readonly PlannedLayer[];
  readonly weights: readonly PlannedWeight[];
  readonly rows: readonly SummaryRow[];
  readonly network: NetworkSpec;
  /** How training images are varied. */
  readonly distortion: Distortion | undefined;
}

/** 1 GB of float32. */
const MOST_PARAMETERS = 2 ** 28;

/** Follows the shapes through the layers; throws E_ARGUMENT or E_SHAPE where they do not fit together. */
export function planLayers(layers: readonly LayerData[]): Plan {
  const [input] = layers as readonly (LayerData | undefined)[];
  if (input?.type !== 'Input') {
    throw new DactylError(
      'E_ARGUMENT',
      `Sequential: expected the first layer to be Input([…]), such as Input([28, 28]); received ${input?.type ?? 'no layer'}.`,
    );
  }
  const { shape: inputShape } = input as InputLayer;
  const name = namer();
  let shape = inputShape;
  let scale = 1;
  let offset = 0;
  let distortion: Distortion | undefined;
  const steps: Step[] = [];
  const weights: PlannedWeight[] = [];
  const planned: PlannedLayer[] = [{ name: input.name ?? 'input', shape, steps: 0, arrays: 0 }];
  const rows: SummaryRow[] = [];
  let weighted = 0;
  for (const layer of layers.slice(1)) {
    const { trainable = true } = layer;
    const called = name(layer);
    const below = shape;
    const plan = placed(called, () => definitionOf(layer)!.plan(layer, below));
    ({ shape } = plan);
    if (layer.type === 'Rescaling') {
      requireFirst(steps, 'Rescaling');
      const { scale: factor, offset: shift } = layer as RescalingLayer;
      scale *= factor;
      offset = offset * factor + shift;
    }
    if (layer.type === 'RandomDistortion') {
      if (planned.length > 1) {
        throw new DactylError('E_ARGUMENT', 'Sequential: RandomDistortion has to stand right after Input.');
      }
      const { rotation, scale: stretch, shear, shift, elastic } = layer as RandomDistortionLayer;
      distortion = { rotation, scale: stretch, shear, shift, elastic };
    }
    (plan.steps ?? []).forEach((step, k) => {
      steps.push({ ...step, ...(k === 0 && { input: below }), ...(!trainable && { trainable }) });
    });
    const own = (plan.weights ?? []).map((weight) => {
      const trained = trainable && weight.trained !== false;
      return { ...weight, key: `${weighted}/${weight.name}`, trained };
    });
    if (own.length > 0) weighted++;
    weights.push(...own);
    planned.push({ name: called, shape, steps: steps.length, arrays: own.length });
    const sizes = own.map((weight) => ({ trained: weight.trained, size: sizeOf(weight.shape) }));
    rows.push({
      layer: `${called} (${layer.type})`,
      outputShape: shape,
      parameters: sizes.reduce((sum, { size }) => sum + size, 0),
      trainable: sizes.reduce((sum, { size, trained }) => sum + (trained ? size : 0), 0),
    });
  }
  if (weighted === 0) {
    throw new DactylError(
      'E_ARGUMENT',
      'Sequential: expected at least one layer with weights, such as Dense; received none.',
    );
  }
  const last = layers[layers.length - 1];
  if (last.type === 'Dropout') {
    throw new DactylError(
      'E_ARGUMENT',
      'Sequential: expected another layer after Dropout, such as Dense; received none.',
    );
  }
  const total = rows.reduce((sum, { parameters }) => sum + parameters, 0);
  if (!(total <= MOST_PARAMETERS)) {
    throw new DactylError(
      'E_ARGUMENT',
      `Sequential: expected at most ${MOST_PARAMETERS} parameters, received ${total}.`,
    );
  }
  return {
    inputShape,
    outputShape: shape,
    layers: planned,
    weights,
    rows,
    network: { shape: inputShape, scale, offset, steps },
    distortion,
  };
}

/** The same layers, made anew by their functions, so that every number in them is checked. E_ARGUMENT for anything else. */
export function rebuildLayers<L extends LayerData>(layers: readonly L[]): L[] {
  // Holes, too, which `map` passes over.
  return Array.from(layers, (layer, index) => {
    const definition = definitionOf(layer);
    if (definition) return definition.rebuild(layer) as L;
    const called =
      typeof layer === 'function' ? ` Call it: ${(layer as unknown as { name: string }).name}(…).` : '';
    const data =
      typeof (layer as Partial<L> | null)?.type === 'string'
        ? ' Plain data become layers by layersFrom([…]).'
        : '';
    throw new DactylError(
      'E_ARGUMENT',
      `Sequential: layers[${index}]: expected a layer made by its function, such as Dense(10); received ${describe(layer)}.${called}${data}`,
    );
  });
}

/** Keras' names: dense, dense_1, …; E_ARGUMENT where a chosen name is taken. */
function namer(): (layer: LayerData) => string {
  const seen = new Map<string, number>();
  const taken = new Set<string>();
  return ({ type, name }) => {
    const usual = type.replace(/(?<=[a-z])([A-Z])/g, '_$1').toLowerCase();
    const number = seen.get(usual) ?? 0;
    seen.set(usual, number + 1);
    const chosen = name ?? (number === 0 ? usual : `${usual}_${number}`);
    if (taken.has(chosen)) {
      throw new DactylError('E_ARGUMENT', `Sequential: expected unique names; received '${chosen}' twice.`);
    }
    taken.add(chosen);
    return chosen;
  };
}

/** A refusal says which layer it is about, where there may be several. */
function placed<T>(name: string, plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof DactylError) || !/_\d+$/.test(name)) throw error;
    throw new DactylError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}

function requireFirst(steps: readonly Step[], what: string): void {
  if (steps.length === 0) return;
  throw new DactylError(
    'E_ARGUMENT',
    `Sequential: ${what} has to stand before the first layer that computes, such as Dense or Dropout.`,
  );
}
