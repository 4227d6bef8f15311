import type { DataSet } from '../data/dataSet.ts';
import type { Sequential } from '../nn/sequential.ts';
import { DactylError } from '../util/errors.ts';

/** Which network a number is about. */
export interface SubjectName {
  /** Of a study, or the name of a model's file. */
  readonly arm: string;
  /** Of the hidden layers. */
  readonly activation: string;
  readonly seed: number;
  /** SHA-256 of the weights (`Sequential.weightsHash`). */
  readonly hash: string;
}

/** A trained network under evaluation: the bytes of an image in, softmax over the classes out. */
export interface Subject extends SubjectName {
  readonly model: Sequential;
}

/**
 * The images of an evaluation, and what is known of them: a `DataSet` is one. Without `classes` they are named by their numbers; without `facts` and `strata`
 * MNIST's own test images are known by their labels.
 */
export type EvaluationData = Pick<DataSet, 'train' | 'test'> &
  Partial<Pick<DataSet, 'classes' | 'strata' | 'facts'>>;

/** How a long measurement is followed and stopped. */
export interface Work {
  readonly signal?: AbortSignal;
  /** Share of the work done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Throws E_ABORTED once the signal is aborted. */
export function checkStopped({ signal }: Work): void {
  if (signal?.aborted) {
    throw new DactylError('E_ABORTED', 'The evaluation was stopped on request.', { cause: signal.reason });
  }
}

export function nameOf({ arm, activation, seed, hash }: SubjectName): SubjectName {
  return { arm, activation, seed, hash };
}
