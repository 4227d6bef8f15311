import type { Examples } from '../../data/examples.ts';
import { imageExtents } from '../evaluation/known.ts';
import { Random } from '../../util/random.ts';

/** Images to be attacked: floats 0 … 255, with their true classes and their places in the test set. */
export interface Sample {
  readonly indices: number[];
  readonly images: Float32Array;
  readonly labels: Uint8Array;
  /** [rows, columns, channels] of an image; one row where it is none. */
  readonly extents: readonly [rows: number, columns: number, channels: number];
}

/** `count` images drawn without replacement (all, if there are no more), in the order of the data set. */
export function drawSample(examples: Examples, count: number, seed: number): Sample {
  const { images, labels } = examples;
  const all = Uint32Array.from(labels, (_, i) => i);
  const drawn = new Random(seed, 'attacked images').shuffle(all).slice(0, count).sort();
  const extents = imageExtents(examples) ?? [1, images.data.length / labels.length, 1];
  return { ...sampleOf(images.data, labels, Array.from(drawn)), extents };
}

/** Those of the sample at the places given. */
export function part(sample: Sample, places: readonly number[]): Sample {
  const { indices, ...rest } = sampleOf(sample.images, sample.labels, places);
  return { ...rest, extents: sample.extents, indices: indices.map((place) => sample.indices[place]) };
}

function sampleOf(
  images: ArrayLike<number>,
  labels: Uint8Array,
  indices: readonly number[],
): Omit<Sample, 'extents'> {
  const pixels = images.length / labels.length;
  const chosen = new Float32Array(indices.length * pixels);
  indices.forEach((index, row) => {
    for (let i = 0; i < pixels; i++) chosen[row * pixels + i] = images[index * pixels + i];
  });
  return {
    indices: [...indices],
    images: chosen,
    labels: Uint8Array.from(indices, (index) => labels[index]),
  };
}
