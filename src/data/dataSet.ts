import type { Examples } from './examples.ts';
import type { LabelError } from './mnist/labelErrors.ts';

/** What a network can be trained and tested on, from wherever it came: plain data, which threads can be given. */
export interface DataSet {
  /** As reports call it. */
  readonly name: string;
  /** SHA-256s (`dataIdentity`): what every trial's key says of the data. */
  readonly identity: readonly string[];
  /** Of one image: [rows, columns] where it is grey, [rows, columns, channels] where it is not. */
  readonly shape: readonly number[];
  /** Their names, by label. */
  readonly classes: readonly string[];
  readonly train: Examples;
  readonly test: Examples;
  /** Groups that images come from, such as the populations of their writers, by which hold-outs and folds are stratified. */
  readonly strata?: { readonly train?: Strata; readonly test?: Strata };
  readonly facts: DataFacts;
}

/** A group for every image of a part. */
export interface Strata {
  readonly names: readonly string[];
  /** [n], places in `names`. */
  readonly of: Uint8Array;
}

/** What is known of a data set beside its images and labels. */
export interface DataFacts {
  /** What the images show, where that is known: figures, or letters and other characters too. Both are written with strokes, which can be measured. */
  readonly shows?: 'digits' | 'characters';
  /** The file or folder that the test images are of, where it is another than that of the training images. */
  readonly testOf?: string;
  /** Of the test images. */
  readonly labelErrors?: readonly LabelError[];
  readonly sheet?: DataSheet;
}

/** Where data come from, as reports and cards say it. */
export interface DataSheet {
  /** Who made them, from what. */
  readonly source?: string;
  readonly citation?: string;
  readonly licence?: string;
  /** What whoever uses them should know, in sentences: what a reader understood, what was changed. */
  readonly notes?: readonly string[];
}

/** What a network has to fit: one image's shape and how many classes there are. */
export interface Form {
  /** [rows, columns] or [rows, columns, channels] */
  readonly shape: readonly number[];
  readonly classes: number;
}

/** MNIST's, which holds where no data set is named. */
export const MNIST_FORM: Form = { shape: [28, 28], classes: 10 };

export function formOf({ shape, classes }: Pick<DataSet, 'shape' | 'classes'>): Form {
  return { shape, classes: classes.length };
}
