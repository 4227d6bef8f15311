import { Random } from '../../src/util/random.ts';
import { FOLDS, SEED } from './recipe.ts';

/**
 * The fold of each drawing, 0 … FOLDS − 1; a writer is in one fold with all of his or hers. Writers with the most drawings first, equal ones in random order, each to
 * the fold with the fewest drawings (Graham 1969).
 */
export function foldsOfWriters(writers: ArrayLike<number>): Uint8Array {
  const counts = new Map<number, number>();
  for (const writer of Array.from(writers)) counts.set(writer, (counts.get(writer) ?? 0) + 1);
  const order = new Random(SEED, 'reader/folds').shuffle([...counts.keys()].sort((a, b) => a - b));
  order.sort((a, b) => counts.get(b)! - counts.get(a)!);
  const sizes = new Array<number>(FOLDS).fill(0);
  const foldOf = new Map<number, number>();
  for (const writer of order) {
    const fold = sizes.indexOf(Math.min(...sizes));
    foldOf.set(writer, fold);
    sizes[fold] += counts.get(writer)!;
  }
  return Uint8Array.from(writers, (writer) => foldOf.get(writer)!);
}
