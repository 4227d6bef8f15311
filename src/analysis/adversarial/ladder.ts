import type { Work } from '../subject.ts';
import type { Norm } from './ball.ts';
import { fastGradient } from './fgsm.ts';
import { part, type Sample } from './sample.ts';
import { search } from './search.ts';
import type { AdversarialSettings } from './settings.ts';
import type { Target } from './target.ts';

/** One size of change: of each image attacked, 1 where the answer is still right. */
export interface Rung {
  readonly epsilon: number;
  /** After the fast gradient method. */
  readonly fast: Uint8Array;
  /** After all attacks: the fast gradient method and the search, at this size or a smaller one. */
  readonly best: Uint8Array;
}

export interface Ladder {
  /** Of the images as they are. */
  readonly clean: Uint8Array;
  /** In the order of the settings; all images at the reference size, at the others the smaller sample. */
  readonly rungs: Readonly<Record<Norm, readonly Rung[]>>;
}

/**
 * Attacks images at every ε of both ladders, smallest first: all of them at the reference, those at the places `few` of the sample at the others. An image
 * fooled at one ε is in reach at every larger one, so it counts as fooled there and is not attacked again. Images answered wrongly as they
 * are count as fooled at every ε.
 */
export async function climb(
  target: Target,
  sample: Sample,
  few: readonly number[],
  { ladders, reference }: Pick<AdversarialSettings, 'ladders' | 'reference'>,
  work: Work = {},
): Promise<Ladder> {
  const count = sample.labels.length;
  const clean = rightOf(target, sample.images, sample.labels);
  const rungs: Record<Norm, Rung[]> = { linf: [], l2: [] };
  const planned = count + few.length * (ladders.linf.length + ladders.l2.length - 1);
  let done = 0;
  for (const norm of ['linf', 'l2'] as const) {
    const standing = clean.slice();
    for (const epsilon of ladders[norm]) {
      const everywhere = norm === 'linf' && epsilon === reference;
      const places = everywhere ? Array.from({ length: count }, (_, k) => k) : few;
      const { images, labels } = part(sample, places);
      const fast = afterFastGradient(target, images, labels, norm, epsilon);
      const rest = places.filter((place, k) => {
        standing[place] &= fast[k];
        return standing[place] === 1;
      });
      const attacked = part(sample, rest);
      const fooled = await search(
        target,
        attacked.images,
        attacked.labels,
        { norm, epsilon },
        { ...work, onProgress: (share) => work.onProgress?.((done + share * places.length) / planned) },
      );
      rest.forEach((place, k) => (standing[place] = 1 - fooled[k]));
      rungs[norm].push({ epsilon, fast, best: Uint8Array.from(places, (place) => standing[place]) });
      done += places.length;
    }
  }
  return { clean, rungs };
}

/** In pieces, each with a gradient as large as its images. */
const PIECE = 1_000;

/** 1 where the answer is right after the fast gradient method, which leaves wrong answers as they are. */
export function afterFastGradient(
  target: Target,
  images: Float32Array,
  labels: Uint8Array,
  norm: Norm,
  epsilon: number,
): Uint8Array {
  const { pixels } = target;
  const right = new Uint8Array(labels.length);
  for (let first = 0; first < labels.length; first += PIECE) {
    const own = labels.subarray(first, first + PIECE);
    const clean = images.subarray(first * pixels, (first + own.length) * pixels);
    const { gradient, predicted } = target.ascent(clean, own, 'crossEntropy');
    const changed = rightOf(target, fastGradient(clean, gradient, pixels, norm, epsilon), own);
    right.set(
      changed.map((still, row) => Number(still === 1 && predicted[row] === own[row])),
      first,
    );
  }
  return right;
}

function rightOf(target: Target, images: Float32Array, labels: Uint8Array): Uint8Array {
  const { predicted } = target.answers(images, labels);
  return predicted.map((answer, row) => Number(answer === labels[row]));
}

/** The rows for which `wanted` holds. */
export function places(labels: ArrayLike<number>, wanted: (row: number) => boolean): number[] {
  return Array.from({ length: labels.length }, (_, row) => row).filter(wanted);
}
