import { DactylError } from '../../util/errors.ts';
import { Random } from '../../util/random.ts';
import { writerPopulation } from '../mnist/writerLabels.ts';
import type { Population } from '../mnist/writers.ts';
import type { Strata } from '../dataSet.ts';
import { strataOf } from './strata.ts';

/**
 * k folds of training images, stratified by class and, where they are known, by the groups that images come from: disjoint, together 0 … n − 1, each
 * ascending. Their sizes differ by at most one, and so do a stratum's counts in them. Writers occur in several folds: a score is that of images by known
 * writers, which `writerFolds` is for. Strata are shuffled by the stream `'folds'` of seed `repeat` and dealt like cards, one stratum after the other.
 * `labels[i]`: the class of training image i. Throws E_ARGUMENT unless folds is whole and 2 ≤ folds ≤ n.
 */
export function stratifiedFolds(
  labels: ArrayLike<number>,
  folds: number,
  repeat: number,
  groups?: Strata,
): Uint32Array[] {
  requireFolds(folds, repeat, labels.length, 'images');
  const strata = new Map<number, number[]>();
  strataOf(labels, groups).forEach((stratum, i) => {
    append(strata, stratum, i);
  });
  const random = new Random(repeat, 'folds');
  const foldOf = new Uint32Array(labels.length);
  let dealt = 0;
  for (const [, members] of [...strata].sort(([a], [b]) => a - b)) {
    for (const image of random.shuffle(members)) foldOf[image] = dealt++ % folds;
  }
  return membersByFold(foldOf, folds);
}

/**
 * k folds grouped by writer: disjoint, together 0 … n − 1, each ascending, and no writer in two of them. Every fold has
 * writers of each population that occurs. `writers[i]`: the NIST number of image i's writer.
 *
 * Greedy, largest first (Graham 1969): writers in descending order of their images, equal ones in random order; each goes
 * whole to the fold with the fewest images, among equal folds to a random one. Students come first, so that they are even
 * among themselves; then employees, to the fold with the fewest images of both, or to one without employees when no more
 * writers are left than such folds. Any two sizes differ by at most twice the images of the largest writer, and in ten
 * folds of MNIST by about 60 of 6,000. Classes are as even as the writers make them: within about 1 % of a fold's images.
 * Random numbers: the stream `'folds'` of seed `repeat`. Throws E_ARGUMENT unless folds is whole, at least 2 and at most
 * the number of writers of either population.
 */
export function writerFolds(writers: Uint16Array, folds: number, repeat: number): Uint32Array[] {
  requireFolds(folds, repeat, writers.length, 'images');
  const images = new Map<number, number>();
  for (const writer of writers) images.set(writer, (images.get(writer) ?? 0) + 1);
  const ids = [...images.keys()].sort((a, b) => a - b);
  const random = new Random(repeat, 'folds');
  const foldOfWriter = new Map<number, number>();
  const sizes = new Array<number>(folds).fill(0);
  for (const population of ['student', 'employee'] satisfies Population[]) {
    const members = ids.filter((id) => writerPopulation(id) === population);
    if (members.length === 0) continue;
    requireFolds(folds, repeat, members.length, `writers of the population '${population}'`);
    const lacking = new Set(sizes.keys());
    random.shuffle(members).sort((a, b) => images.get(b)! - images.get(a)!);
    members.forEach((writer, done) => {
      const open = members.length - done > lacking.size ? sizes.keys() : lacking;
      const fold = smallest(sizes, open, random);
      foldOfWriter.set(writer, fold);
      sizes[fold] += images.get(writer)!;
      lacking.delete(fold);
    });
  }
  return membersByFold(
    Uint32Array.from(writers, (writer) => foldOfWriter.get(writer)!),
    folds,
  );
}

/** The open fold of the smallest size, one at random among equals. */
function smallest(sizes: readonly number[], open: Iterable<number>, random: Random): number {
  let ties: number[] = [];
  for (const fold of open) {
    if (ties.length === 0 || sizes[fold] < sizes[ties[0]]) ties = [fold];
    else if (sizes[fold] === sizes[ties[0]]) ties.push(fold);
  }
  return ties[random.integer(ties.length)];
}

function membersByFold(foldOf: Uint32Array, folds: number): Uint32Array[] {
  const members = Array.from({ length: folds }, (): number[] => []);
  foldOf.forEach((fold, i) => members[fold].push(i));
  return members.map((indices) => Uint32Array.from(indices));
}

function append(map: Map<number, number[]>, key: number, value: number): void {
  const members = map.get(key);
  if (members === undefined) map.set(key, [value]);
  else members.push(value);
}

function requireFolds(folds: number, repeat: number, most: number, what: string): void {
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= most)) {
    throw new DactylError(
      'E_ARGUMENT',
      `Cross-validation of ${most} ${what}: expected from 2 to ${most} folds, received ${folds}.`,
    );
  }
  if (!Number.isSafeInteger(repeat)) {
    throw new DactylError(
      'E_ARGUMENT',
      `Cross-validation: expected a whole number as repeat, received ${repeat}.`,
    );
  }
}
