import type { Population } from './writers.ts';
import { trainPopulation } from './writers.ts';

/** How often each population's training images are shown in an epoch; 1 where nothing is said. */
export interface Reweighting {
  readonly students?: number;
  readonly employees?: number;
}

/**
 * Row numbers of MNIST's training images, in the order given, each as often as its population's factor says: an image shown
 * twice weighs twice in the mean loss of an epoch.
 */
export function reweightedRows(
  rows: ArrayLike<number>,
  { students = 1, employees = 1 }: Reweighting,
): Uint32Array {
  const times: Record<Population, number> = { student: students, employee: employees };
  return Uint32Array.from(
    Array.from(rows).flatMap((row) => new Array<number>(times[trainPopulation(row)]).fill(row)),
  );
}
