import { weightedLayers } from '../../nn/layerOutputs.ts';
import type { Dataset } from '../../data/examples.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkStopped, type Work } from '../subject.ts';
import { type MapsByMethod, type MethodName, METHODS, type MethodSettings, methodsOf } from './methods.ts';
import { type PackedMap, packMap } from './packed.ts';
import { forEachRandomisation, trainOnRandomLabels } from './randomised.ts';
import { type Similarity, similarityOfMaps } from './similarity.ts';

export interface SanityOfMethod {
  readonly method: MethodName;
  /** With the last 1, 2, … all layers randomised. */
  readonly weights: readonly Similarity[];
  /** Of a network trained on shuffled labels; null where none was trained. */
  readonly labels: Similarity | null;
  /** Of the one image that is shown: as trained, then each randomisation, then shuffled labels where trained. */
  readonly shown: readonly PackedMap[];
}

export interface Sanity {
  readonly methods: readonly SanityOfMethod[];
  /** How far the network with shuffled labels had learnt them. */
  readonly randomLabels: {
    readonly images: number;
    readonly epochs: number;
    readonly trainAccuracy: number;
  } | null;
}

export interface SanityInput {
  readonly subset: Dataset;
  /** The class that is explained for each image, whatever the changed network answers. */
  readonly classes: ArrayLike<number>;
  readonly maps: MapsByMethod<Float32Array>;
  /** Place in the subset of the image that is shown. */
  readonly shown: number;
  /** To train on with shuffled labels; null to leave that out. */
  readonly train: Dataset | null;
}

/**
 * The checks of Adebayo et al. 2018: does a map change when the network loses what it learnt? Maps of the trained network are compared, by rank
 * correlation, with those of networks whose layers are random from the last one down, and of one trained on shuffled labels. A method
 * whose maps stay alike shows the image, not the network.
 */
export async function sanityChecks(
  model: Sequential,
  { subset, classes, maps, shown, train }: SanityInput,
  settings: MethodSettings,
  work: Work,
): Promise<Sanity> {
  const { images } = subset;
  const size = images.data.length / subset.labels.length;
  const weights = new Map<MethodName, Similarity[]>();
  const pictures = new Map<MethodName, PackedMap[]>();
  const pictureOf = (map: Float32Array): PackedMap => packMap(map.subarray(shown * size, (shown + 1) * size));
  const methods = methodsOf(maps);
  for (const method of methods) {
    weights.set(method, []);
    pictures.set(method, [pictureOf(maps[method]!)]);
  }
  const compare = async (
    other: Sequential,
    visit: (method: MethodName, similarity: Similarity) => void,
  ): Promise<void> => {
    for (const method of methods) {
      checkStopped(work);
      const changed = METHODS[method](other, images, { classes }, settings);
      visit(method, similarityOfMaps(maps[method]!, changed, images.data, size));
      pictures.get(method)!.push(pictureOf(changed));
      await yieldToEvents();
    }
  };

  const layers = weightedLayers(model).length;
  const stages = layers + (train ? 1 : 0);
  await forEachRandomisation(model, settings.seed + 1, async (mixed, randomised) => {
    await compare(mixed, (method, similarity) => weights.get(method)!.push(similarity));
    work.onProgress?.(randomised / stages);
  });
  const labels = new Map<MethodName, Similarity>();
  let randomLabels: Sanity['randomLabels'] = null;
  if (train) {
    const trained = await trainOnRandomLabels(model, train, settings.seed + 2, work);
    try {
      await compare(trained.model, (method, similarity) => labels.set(method, similarity));
    } finally {
      trained.model.dispose();
    }
    const { images: count, epochs, trainAccuracy } = trained;
    randomLabels = { images: count, epochs, trainAccuracy };
  }
  work.onProgress?.(1);
  return {
    methods: methods.map((method) => ({
      method,
      weights: weights.get(method)!,
      labels: labels.get(method) ?? null,
      shown: pictures.get(method)!,
    })),
    randomLabels,
  };
}
