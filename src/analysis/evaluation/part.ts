import type { DrawnDigits } from '../../data/unipen/drawnDigits.ts';
import type { UntouchedDigits } from '../../data/mnist/untouched.ts';
import type { Need } from './needs.ts';
import type { EvaluationData, Subject, SubjectName, Work } from '../subject.ts';

/** What a part of the evaluation may use. */
export interface PartInput {
  readonly subjects: readonly Subject[];
  readonly data: EvaluationData;
  /** On a smaller subset, which the result states. */
  readonly quick: boolean;
  /** Writer of each test image, where QMNIST's label file of the test images is given. */
  readonly writers?: Uint16Array;
  /** Which training images a network was trained on. */
  readonly trainedOn?: (subject: SubjectName) => Uint32Array;
  /** Softmax outputs for the training images, each by a network that did not see it: [n, classes]. */
  readonly outOfFold?: Float32Array;
  /** The drawings that come with Dactyl, for a part that asks for them. */
  readonly drawn?: DrawnDigits;
  /** The test images that MNIST never published, for a part that asks for them. */
  readonly untouched?: UntouchedDigits;
}

/** One part of the evaluation: model and data in, plain data out, which JSON keeps as they are. */
export interface Part<R, E = never> {
  readonly title: string;
  /** Raised whenever the same input gives another result: kept results of other versions are then not used. */
  readonly version: number;
  /**
   * 'all': one measurement over all networks; 'one': one for each arm, of the network that is fixed beforehand; or over those of a study
   * of its own by its name, kept beside what is evaluated; `own`: also where that study is what is evaluated.
   */
  readonly scope: 'all' | 'one' | { readonly study: string; readonly own: boolean };
  /** Without which there is no such part. */
  readonly needs: readonly Need[];
  /** It wants the training images judged by networks that did not see them, and does with less where these are not to be had. */
  readonly outOfFold?: true;
  /** Rough seconds for one network, to begin with the longest. */
  readonly seconds: number;
  /** It takes fewer images of a network whose answers cost much. */
  readonly fewer?: true;
  /** It is about the drawings that come with Dactyl. */
  readonly drawn?: true;
  /** It is about the test images that MNIST never published, and is left out where they are not at hand. */
  readonly untouched?: true;
  /** Measured ahead of the others, whatever parts are asked for: without it they could mislead. */
  readonly first?: true;
  measure(input: PartInput, work: Work): Promise<R>;
  /** In two steps, where one takes the most time and looks at each network by itself: so that threads can share it. The result is that of `measure`. */
  readonly shared?: Shared<E, R>;
}

export interface Shared<E, R> {
  /** Of the networks from `range[0]` to before `range[1]`, one each: plain data that threads can exchange. */
  each(input: PartInput, work: Work, range: readonly [from: number, to: number]): Promise<E[]>;
  conclude(input: PartInput, work: Work, each: readonly E[]): Promise<R>;
}

/** Keeps the type of the result. */
export function part<R, E = never>(one: Part<R, E>): Part<R, E> {
  return one;
}
