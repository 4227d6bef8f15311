import type { Work } from '../subject.ts';
import type { Norm } from './ball.ts';
import { fastGradient } from './fgsm.ts';
import { pgd } from './pgd.ts';
import { part, type Sample } from './sample.ts';
import type { AdversarialSettings } from './settings.ts';
import type { Target } from './target.ts';

/** Right answers left at one size of change, of all images attacked. */
export interface Rung {
  readonly epsilon: number;
  /** After the fast gradient method. */
  readonly fast: number;
  /** After the best of all attacks: the fast gradient method, and PGD from every start, at this size or a smaller one. */
  readonly best: number;
}

export interface Ladder {
  /** Right answers to the images as they are. */
  readonly clean: number;
  /** In the order of the settings. */
  readonly rungs: Readonly<Record<Norm, readonly Rung[]>>;
}

/**
 * Attacks the sample at every ε of both ladders, smallest first. An image fooled at one ε is in reach at every larger one, so it counts
 * as fooled there and is not attacked again. Images answered wrongly as they are count as fooled at every ε.
 */
export async function climb(
  target: Target,
  sample: Sample,
  { ladders, steps, restarts, seed }: Pick<AdversarialSettings, 'ladders' | 'steps' | 'restarts' | 'seed'>,
  work: Work = {},
): Promise<Ladder> {
  const { images, labels } = sample;
  const { gradient, predicted } = target.ascent(images, labels, 'crossEntropy');
  const right = places(labels, (row) => predicted[row] === labels[row]);
  const rungs: Record<Norm, Rung[]> = { linf: [], l2: [] };
  const total = ladders.linf.length + ladders.l2.length;
  for (const norm of ['linf', 'l2'] as const) {
    let standing = right;
    for (const epsilon of ladders[norm]) {
      const changed = fastGradient(images, gradient, target.pixels, norm, epsilon);
      const answers = target.answers(changed, labels).predicted;
      const stillRight = (row: number): boolean => answers[row] === labels[row];
      standing = standing.filter(stillRight);
      const rest = part(sample, standing);
      const names = rest.indices;
      const { fooled } = await pgd(
        target,
        rest.images,
        rest.labels,
        { norm, epsilon, steps, restarts, seed, names },
        work,
      );
      standing = standing.filter((_, place) => fooled[place] === 0);
      rungs[norm].push({ epsilon, fast: right.filter(stillRight).length, best: standing.length });
      work.onProgress?.((rungs.linf.length + rungs.l2.length) / total);
    }
  }
  return { clean: right.length, rungs };
}

/** The rows for which `wanted` holds. */
export function places(labels: ArrayLike<number>, wanted: (row: number) => boolean): number[] {
  return Array.from({ length: labels.length }, (_, row) => row).filter(wanted);
}
