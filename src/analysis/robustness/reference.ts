import { mean } from '../../stats/describe.ts';
import { REPLICATION } from './replication.ts';
import type { ReferenceErrors, Robustness } from './result.ts';

/** The counts of a measurement, before anything is made of them. */
export type RobustnessCounts = Pick<Robustness, 'images' | 'corruptions' | 'sweeps' | 'subjects'>;

/**
 * The errors of the ReLU arm where several arms are compared and one is ReLU's (the one named 'relu' where several are), else those of
 * our replication of the paper's ReLU network, whose errors are of MNIST (`replicated`: that these are such images), or null.
 */
export function referenceErrors(
  { images, corruptions, subjects }: RobustnessCounts,
  { replicated }: { readonly replicated: boolean } = { replicated: true },
): ReferenceErrors | null {
  const arms = [...new Set(subjects.map(({ arm }) => arm))];
  const relu = arms.filter((name) =>
    subjects.some(({ arm, activation }) => arm === name && activation === 'relu'),
  );
  const chosen = relu.includes('relu') ? 'relu' : relu.length === 1 ? relu[0] : undefined;
  if (arms.length < 2 || chosen === undefined) {
    if (!replicated) return null;
    const { seeds, images: measured, clean, corrupted } = REPLICATION;
    return {
      source: 'replication',
      seeds: seeds.length,
      images: measured,
      clean,
      corrupted: corruptions.map(({ name }) => corrupted[name]),
    };
  }
  const own = subjects.filter(({ arm }) => arm === chosen);
  const error = (counts: number[]) => mean(counts.map((count) => 1 - count / images));
  return {
    source: 'arm',
    seeds: own.length,
    images,
    clean: error(own.map(({ clean }) => clean)),
    corrupted: corruptions.map(({ published }, c) => error(own.map(({ correct }) => correct[c][published]))),
  };
}
