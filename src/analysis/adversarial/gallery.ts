import { nameOf, type Subject, type SubjectName, type Work } from '../subject.ts';
import { pgd } from './pgd.ts';
import { places } from './ladder.ts';
import { part, type Sample } from './sample.ts';
import type { AdversarialSettings } from './settings.ts';
import { LEVELS, Target } from './target.ts';

/** One image that was changed until its answer turned: whole grey levels, as an image file would hold it. */
export interface Fooling {
  /** In the test set. */
  readonly index: number;
  readonly label: number;
  /** The smallest linf ε of the ladder at which a change was found. */
  readonly epsilon: number;
  readonly predicted: number;
  /** As bytes, 0 for paper to 255 for ink. */
  readonly original: readonly number[];
  readonly changed: readonly number[];
}

export interface GalleryOfSubject extends SubjectName {
  readonly examples: readonly Fooling[];
}

const SHOWN = 6;

/**
 * For each network the same images, with the smallest change of the ladder that turns its answer and still does once pixels are rounded to whole
 * grey levels: the first image of each class of the sample that all networks answer rightly and that is turned for all, six at most.
 */
export async function collectGallery(
  subjects: readonly Subject[],
  sample: Sample,
  { ladders, steps, seed }: AdversarialSettings,
  work: Work = {},
): Promise<GalleryOfSubject[]> {
  const targets = subjects.map(({ model }) => new Target(model));
  const answers = targets.map((target) => target.answers(sample.images, sample.labels).predicted);
  const seen = new Set<number>();
  const chosen = places(sample.labels, (row) => {
    const label = sample.labels[row];
    if (seen.has(label) || answers.some((predicted) => predicted[row] !== label)) return false;
    seen.add(label);
    return true;
  });
  const rest = part(sample, chosen);
  const found: Map<number, Fooling>[] = [];
  for (const target of targets) {
    const own = new Map<number, Fooling>();
    for (const epsilon of ladders.linf) {
      const attack = await pgd(
        target,
        rest.images,
        rest.labels,
        { norm: 'linf', epsilon, steps, restarts: 2, seed, names: rest.indices },
        work,
      );
      const rounded = wholeLevels(attack.images, rest.images, Math.floor(LEVELS * epsilon));
      const { predicted } = target.answers(rounded, rest.labels);
      rest.indices.forEach((index, row) => {
        if (own.has(index) || predicted[row] === rest.labels[row]) return;
        const pixels = (all: Float32Array) =>
          Array.from(all.subarray(row * target.pixels, (row + 1) * target.pixels));
        const label = rest.labels[row];
        own.set(index, {
          index,
          label,
          epsilon,
          predicted: predicted[row],
          original: pixels(rest.images),
          changed: pixels(rounded),
        });
      });
    }
    found.push(own);
  }
  const shown = rest.indices.filter((index) => found.every((own) => own.has(index))).slice(0, SHOWN);
  return subjects.map((subject, k) => ({
    ...nameOf(subject),
    examples: shown.map((index) => found[k].get(index)!),
  }));
}

/** Rounded, and no further than `most` levels from `clean`. */
function wholeLevels(x: Float32Array, clean: Float32Array, most: number): Float32Array {
  return x.map((value, i) => clean[i] + Math.max(-most, Math.min(most, Math.round(value - clean[i]))));
}
