import { layersFrom } from '../nn/layers.ts';
import { definitionOf, type LayerData } from '../nn/layers/layer.ts';
import { planLayers } from '../nn/plan.ts';
import { DactylError } from '../util/errors.ts';
import { formatShape, sizeOf } from '../util/tensor.ts';
import type { RecipeLayer } from './recipe.ts';

const PIXELS = 784;
const CLASSES = 10;

/** What is wrong with a recipe's layers, and with which of them; null: with the stack. */
export interface LayersProblem {
  readonly index: number | null;
  readonly message: string;
}

/** The first thing that is wrong with the layers of a recipe; undefined where they make a classifier of MNIST's digits. */
export function layersProblem(data: readonly RecipeLayer[]): LayersProblem | undefined {
  const layers: LayerData[] = [];
  let shape: readonly number[] = [];
  for (const [index, layer] of data.entries()) {
    const message = refusal(() => {
      const [made] = layersFrom([layer]);
      if (made.type === 'RandomDistortion') {
        throw new DactylError(
          'E_ARGUMENT',
          'expected how training images are distorted under the recipe’s "distortion"; received RandomDistortion. Put its numbers there.',
        );
      }
      if (index > 0) ({ shape } = definitionOf(made)!.plan(made, shape));
      else if (made.type === 'Input') ({ shape } = made);
      layers.push(made);
      if (index === 0) requireDigits(made);
    });
    if (message !== undefined) return { index, message };
  }
  const message = refusal(() => planLayers(layers));
  if (message !== undefined) return { index: null, message };
  const last = layers[layers.length - 1] as LayerData & { readonly activation?: string };
  if (shape.length === 1 && shape[0] === CLASSES && last.activation === 'softmax') return undefined;
  return {
    index: layers.length - 1,
    message: `expected a softmax over ${CLASSES} classes at the end, such as { "type": "Dense", "units": ${CLASSES}, "activation": "softmax" }; received ${last.type} with outputs ${formatShape(shape)}${last.activation === undefined ? '' : ` and activation ${last.activation}`}`,
  };
}

/** The layers as plain data with everything said, names that are the usual ones left out: equal networks are equal JSON. E_ARGUMENT as `layersProblem` says. */
export function completeLayers(data: readonly RecipeLayer[]): RecipeLayer[] {
  const problem = layersProblem(data);
  if (problem) {
    const place = problem.index === null ? 'layers' : `layers[${problem.index}]`;
    throw new DactylError('E_ARGUMENT', `${place}: ${problem.message.replace(/\.$/, '')}.`);
  }
  const layers = layersFrom(data);
  const nameless = layers.map((layer) => {
    const rest: RecipeLayer & { name?: string } = { ...layer };
    delete rest.name;
    return rest;
  });
  const usual = planLayers(layersFrom(nameless)).layers;
  return layers.map(({ name }, k) => ({
    ...nameless[k],
    ...(name !== undefined && name !== usual[k].name && { name }),
  }));
}

/** The first layer that private training refuses, by its type; undefined where there is none. */
export function notPrivate(data: readonly RecipeLayer[]): { index: number; type: string } | undefined {
  let shape: readonly number[] = [];
  for (const [index, layer] of layersFrom(data).entries()) {
    if (layer.type === 'Input') {
      ({ shape } = layer);
      continue;
    }
    const { steps = [], weights = [], shape: after } = definitionOf(layer)!.plan(layer, shape);
    const isTrained = weights.length > 0 && layer.trainable !== false;
    const keepsStatistics = weights.some(({ trained }) => trained === false);
    if (keepsStatistics || (isTrained && !steps.some(({ separateRows }) => separateRows)))
      return { index, type: layer.type };
    shape = after;
  }
  return undefined;
}

function requireDigits(layer: LayerData & { readonly shape?: readonly number[] }): void {
  const { type, shape = [] } = layer;
  if (type === 'Input' && sizeOf(shape) === PIXELS) return;
  const received = type === 'Input' ? `a shape of ${sizeOf(shape)}, ${formatShape(shape)}` : type;
  throw new DactylError(
    'E_ARGUMENT',
    `expected Input of the ${PIXELS} pixels of an image first, such as { "type": "Input", "shape": [28, 28, 1] }; received ${received}`,
  );
}

function refusal(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof DactylError) return error.message;
    throw error;
  }
}
