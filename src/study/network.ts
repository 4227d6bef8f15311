import { type Form, MNIST_FORM } from '../data/dataSet.ts';
import { CONVOLUTION_KINDS } from '../engine/ops/numerics.ts';
import '../nn/all.ts';
import {
  Dense,
  Dropout,
  Flatten,
  Input,
  type Layer,
  layersFrom,
  RandomDistortion,
  Rescaling,
} from '../nn/layers.ts';
import type { LayerData, LayerDefinition } from '../nn/layers/layer.ts';
import { LAYERS } from '../nn/layers/table.ts';
import { planLayers } from '../nn/plan.ts';
import { DENSE_FIELDS, type DenseField, type Recipe } from './recipe.ts';
import { activationName, grouped, listOf } from './wording.ts';

type Network = Pick<Recipe, DenseField | 'layers'> & Partial<Pick<Recipe, 'distortion'>>;

/**
 * The recipe's own layers, or the paper's network with its widths and activation and pixel / 255; its distortion right after Input. `shape` and
 * `classes`: those of the data, MNIST's where nothing is said.
 */
export function networkLayers(
  recipe: Network,
  shape: readonly number[] = MNIST_FORM.shape,
  classes = MNIST_FORM.classes,
): Layer[] {
  const [input, ...rest] = recipe.layers
    ? layersFrom(recipe.layers)
    : denseLayers(recipe, { shape, classes });
  return [input, ...(recipe.distortion ? [RandomDistortion(recipe.distortion)] : []), ...rest];
}

function denseLayers(recipe: Network, { shape, classes }: Form): Layer[] {
  const { activation, units, dropout, initializer: kernelInitializer, l2 } = denseOf(recipe);
  const shared = { kernelInitializer, kernelRegularizer: { l2 } };
  const hidden = units.flatMap((width) => {
    const dense = Dense(width, { activation, ...shared });
    return dropout > 0 ? [dense, Dropout(dropout)] : [dense];
  });
  return [
    Input(shape),
    Rescaling(1 / 255),
    Flatten(),
    ...hidden,
    Dense(classes, { activation: 'softmax', ...shared }),
  ];
}

/** What describes the usual dense network. The recipe has no layers of its own, and so has all of it. */
export function denseOf(recipe: Network): Required<Pick<Recipe, DenseField>> {
  const missing = DENSE_FIELDS.find((field) => recipe[field] === undefined);
  if (missing !== undefined) throw new Error(`a recipe with neither layers nor ${missing}`);
  return recipe as Required<Pick<Recipe, DenseField>>;
}

/** The recipe's activation, or that of its own layers (`activationLabel`). */
export function activationOf(recipe: Network): string {
  return recipe.layers ? activationLabel(layersFrom(recipe.layers)) : denseOf(recipe).activation;
}

/** Layers that a network may have and still be called after the activation of its hidden layers. */
const PLAIN: readonly string[] = ['Input', 'Rescaling', 'RandomDistortion', 'Flatten', 'Reshape', 'Dropout'];

/**
 * What results call a network's activation: that of its hidden layers where all have the same; else 'mixed', and 'convolutional' where there
 * are convolutions or pools, so that a network of another kind is never taken for one of the paper's.
 */
export function activationLabel(layers: readonly Layer[]): string {
  if (usesConvolution(layers)) return 'convolutional';
  const activations: string[] = [];
  for (const layer of layers) {
    if (layer.type === 'Dense') activations.push(layer.activation);
    else if (layer.type === 'Activation') {
      if (activations.at(-1) === 'linear') activations.pop();
      activations.push(layer.activation);
    } else if (!PLAIN.includes(layer.type)) return 'mixed';
  }
  const hidden = new Set(activations.length > 1 ? activations.slice(0, -1) : activations);
  return hidden.size === 1 ? [...hidden][0] : 'mixed';
}

/** Whether its bits depend on the kernels of convolution and pooling. */
export function usesConvolution(layers: readonly LayerData[]): boolean {
  return planLayers(layers).network.steps.some(({ spec }) => CONVOLUTION_KINDS.includes(spec.kind));
}

/** A layer in words: 'Dense 128, ReLU'. */
export function layerWords(layer: Layer): string {
  if (layer.type === 'Dense') return `Dense ${layer.units}, ${activationName(layer.activation)}`;
  const definition = LAYERS[layer.type] as unknown as LayerDefinition<LayerData>;
  return `${layer.type} ${definition.words(layer)}`.trim();
}

/** '128-64-32', or how many layers of its own. */
export function networkText(recipe: Network): string {
  return recipe.layers ? `${recipe.layers.length} of its own` : denseOf(recipe).units.join('-');
}

/** Its layers in words, one after the other. */
export function networkWords(recipe: Network): string {
  return networkLayers(recipe).map(layerWords).join('; ');
}

/** Two networks that differ, each as a phrase: layers of its own by their types where these tell them apart. */
export function networkPhrases(first: Network, second: Network): [string, string] {
  const brief = [first, second].map((recipe) =>
    recipe.layers ? `layers of its own (${typesOf(recipe).join(', ')})` : networkPhrase(recipe),
  );
  return brief[0] === brief[1] ? [networkPhrase(first), networkPhrase(second)] : [brief[0], brief[1]];
}

function typesOf(recipe: Network): string[] {
  return networkLayers(recipe)
    .map(({ type }) => type)
    .filter((type) => !['Input', 'Rescaling', 'RandomDistortion', 'Flatten'].includes(type));
}

/** 'hidden layers of 128, 64 and 32 units with ReLU', or its own layers in words. */
export function networkPhrase(recipe: Network): string {
  if (recipe.layers) return `layers of its own (${networkWords(recipe)})`;
  const { units, activation } = denseOf(recipe);
  return `${widthsText(units)} with ${activationName(activation)}`;
}

/** 'no hidden layer', 'a hidden layer of 1 unit', 'hidden layers of 128, 64 and 32 units'. */
export function widthsText(units: readonly number[]): string {
  if (units.length === 0) return 'no hidden layer';
  const layers = units.length === 1 ? 'a hidden layer' : 'hidden layers';
  return `${layers} of ${listOf(units.map(grouped))} ${units.at(-1) === 1 ? 'unit' : 'units'}`;
}
