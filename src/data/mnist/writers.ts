import { DactylError } from '../../util/errors.ts';

/**
 * The two groups of people who wrote MNIST: high-school students (NIST series hsf4) and Census Bureau employees (hsf0).
 * Recovered by QMNIST (Yadav & Bottou 2019, arXiv 1905.10498). The groups differ in age, education and collection too.
 */
export type Population = 'student' | 'employee';

const LAST_TRAIN_STUDENT = 58_098;
const FIRST_TEST_EMPLOYEE = 5_001;

/** Training image `index`: a student's if and only if the index is even and at most 58,098 (29,050 of 60,000). */
export function trainPopulation(index: number): Population {
  requireIndex(index, 60_000, 'training');
  return index % 2 === 0 && index <= LAST_TRAIN_STUDENT ? 'student' : 'employee';
}

/** Test image `index`: a student's if and only if the index is below 5,001 (5,001 of 10,000). */
export function testPopulation(index: number): Population {
  requireIndex(index, 10_000, 'test');
  return index < FIRST_TEST_EMPLOYEE ? 'student' : 'employee';
}

function requireIndex(index: number, n: number, what: string): void {
  if (!(Number.isInteger(index) && index >= 0 && index < n)) {
    throw new DactylError(
      'E_ARGUMENT',
      `A ${what} image: expected an index from 0 to ${n - 1}, received ${index}.`,
    );
  }
}
