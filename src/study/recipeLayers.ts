import { type Form, MNIST_FORM } from '../data/dataSet.ts';
import { layersFrom } from '../nn/layers.ts';
import { definitionOf, type LayerData } from '../nn/layers/layer.ts';
import { planLayers } from '../nn/plan.ts';
import { DactylError } from '../util/errors.ts';
import { formatShape, sizeOf } from '../util/tensor.ts';
import type { RecipeLayer } from './recipe.ts';

/** What is wrong with a recipe's layers, and with which of them; null: with the stack. */
export interface LayersProblem {
  readonly index: number | null;
  readonly message: string;
}

/**
 * The first thing that is wrong with the layers of a recipe; undefined where they make a classifier of images of this form, or of any where the
 * data are not known yet (null).
 */
export function layersProblem(
  data: readonly RecipeLayer[],
  form: Form | null = MNIST_FORM,
): LayersProblem | undefined {
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
      if (index === 0) requireImages(made, form);
    });
    if (message !== undefined) return { index, message };
  }
  const message = refusal(() => planLayers(layers));
  if (message !== undefined) return { index: null, message };
  const last = layers[layers.length - 1] as LayerData & { readonly activation?: string };
  const classes = form?.classes ?? Math.max(2, sizeOf(shape));
  if (shape.length === 1 && shape[0] === classes && last.activation === 'softmax') return undefined;
  return {
    index: layers.length - 1,
    message: `expected a softmax over ${form ? `${classes} classes` : 'the classes'} at the end, such as { "type": "Dense", "units": ${form ? classes : 10}, "activation": "softmax" }; received ${last.type} with outputs ${formatShape(shape)}${last.activation === undefined ? '' : ` and activation ${last.activation}`}`,
  };
}

/** Throws E_ARGUMENT as `layersProblem` says. */
export function requireLayers(data: readonly RecipeLayer[], form?: Form | null): void {
  const problem = layersProblem(data, form);
  if (!problem) return;
  const place = problem.index === null ? 'layers' : `layers[${problem.index}]`;
  throw new DactylError('E_ARGUMENT', `${place}: ${problem.message.replace(/\.$/, '')}.`);
}

/** The layers as plain data with everything said, names that are the usual ones left out: equal networks are equal JSON. E_ARGUMENT as `layersProblem` says. */
export function completeLayers(data: readonly RecipeLayer[], form?: Form | null): RecipeLayer[] {
  requireLayers(data, form);
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

function requireImages(layer: LayerData & { readonly shape?: readonly number[] }, form: Form | null): void {
  const { type, shape = [] } = layer;
  const pixels = form && sizeOf(form.shape);
  if (type === 'Input' && (pixels === null || sizeOf(shape) === pixels)) return;
  const received = type === 'Input' ? `a shape of ${sizeOf(shape)}, ${formatShape(shape)}` : type;
  const example = form?.shape.length === 3 ? form.shape : [...(form?.shape ?? MNIST_FORM.shape), 1];
  throw new DactylError(
    'E_ARGUMENT',
    `expected Input of the ${pixels === null ? '' : `${pixels} `}${form?.shape.length === 3 ? 'values' : 'pixels'} of an image first, such as { "type": "Input", "shape": [${example.join(', ')}] }; received ${received}`,
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
