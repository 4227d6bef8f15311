import { type Dataset, joined, subset } from '../data/examples.ts';
import { stratifiedFolds, writerFolds } from '../data/splits/folds.ts';
import { randomHalf } from '../data/splits/half.ts';
import { classHoldout } from '../data/splits/holdout.ts';
import type { DataSet, Form } from '../data/dataSet.ts';
import { completeParts, imageShape } from '../data/makeDataSet.ts';
import { reweightedRows } from '../data/mnist/reweighting.ts';
import { DactylError } from '../util/errors.ts';
import { requireFields } from '../util/options.ts';
import { type ExtraExamples, extraExamples } from './extraData.ts';
import type { TrialConfiguration } from './trialConfiguration.ts';

export interface TrialData {
  readonly training: Dataset;
  /** Looked at after every epoch. */
  readonly validation: Dataset;
  /** Looked at once, at the end. */
  readonly keptOut: Dataset;
}

/** A data set, who wrote its training images, and what recipes add to these. */
export type DataSource = Pick<DataSet, 'train' | 'test'> &
  Partial<Omit<DataSet, 'train' | 'test'>> & {
    /** Writer of each training image, where the QMNIST label files are given. */
    readonly writers?: Uint16Array;
    /** Where a recipe names them (`extraData`). */
    readonly extra?: ExtraExamples;
  };

type WholeSource = DataSet & Pick<DataSource, 'writers' | 'extra'>;

/** Those whose identity was computed from their content, which takes a moment. */
const complete = new WeakSet<DataSource>();

/**
 * A data set as a program gave it, whole: of training and test images alone, the rest is found from them. Throws E_ARGUMENT where it states another
 * identity than its images have, as a copy with other images would, and as `completeParts`.
 */
export function completeSource(given: DataSource, sha256?: Parameters<typeof completeParts>[1]): WholeSource {
  if (complete.has(given)) return given as WholeSource;
  const { name = 'Images of its own', train, test, classes, strata, facts, identity, writers, extra } = given;
  const found = completeParts(
    { name, train, test, ...(classes && { classes }), ...(strata && { strata }), ...(facts && { facts }) },
    sha256,
  );
  if (identity && identity.join() !== found.identity.join()) {
    throw new DactylError(
      'E_ARGUMENT',
      `source: expected the images of its identity, received others, such as a part of them. Make a data set of these with dataSet({ name, train, test }).`,
    );
  }
  const source = { ...found, ...(writers && { writers }), ...(extra && { extra }) };
  complete.add(source);
  return source;
}

/** What a network has to fit that is trained and tested on these images. */
export function sourceForm({ train, classes }: Pick<DataSource, 'train' | 'classes'>): Form {
  return { shape: imageShape(train), classes: classes?.length ?? train.classes };
}

/** The images of a trial. Arms that share seed and split share them. */
export function dataFor(configuration: TrialConfiguration, source: DataSource): TrialData {
  const { split, recipe } = configuration;
  const { train, test } = source;
  const { reweighting } = recipe;
  const { rows, keptOut } = divide(configuration, source);
  const own =
    reweighting === undefined
      ? split.kind === 'test'
        ? train
        : subset(train, rows)
      : subset(train, reweightedRows(rows, reweighting));
  const further = extraExamples(recipe, source.extra);
  const training = further.length === 0 ? own : joined([own, ...further]);
  const other = keptOut && subset(train, keptOut);
  return { training, validation: other ?? test, keptOut: split.kind === 'fold' ? other! : test };
}

/** The numbers of the data set's training images that a trial is trained on, ascending. */
export function trainedRows(
  configuration: Pick<TrialConfiguration, 'split' | 'seed'>,
  source: Pick<DataSource, 'train' | 'writers' | 'strata'>,
): Uint32Array {
  requireFields('trainedRows: configuration', ['split', 'seed'], configuration);
  requireFields('trainedRows: source', ['train'], source);
  return divide(configuration, source).rows;
}

/** The training images that are trained on, and those kept out of training where some are to validate on. */
function divide(
  { split, seed }: Pick<TrialConfiguration, 'split' | 'seed'>,
  { train: { labels }, writers, strata }: Pick<DataSource, 'train' | 'writers' | 'strata'>,
): { rows: Uint32Array; keptOut?: Uint32Array } {
  switch (split.kind) {
    case 'test':
      return { rows: Uint32Array.from(labels.keys()) };
    case 'holdout': {
      const { rest, holdout } = classHoldout(labels, seed, strata?.train);
      return { rows: rest, keptOut: holdout };
    }
    case 'half':
      return { rows: randomHalf(labels.length, seed) };
    case 'fold': {
      const { groups, folds, repeat, fold } = split;
      if (groups === 'writers' && !writers) {
        throw new DactylError(
          'E_ARGUMENT',
          'Folds grouped by writer need the writers of the training images: give the QMNIST label file with --writers, or fetch it with dactyl data writers.',
        );
      }
      const rows =
        groups === 'writers'
          ? writerFolds(writers!, folds, repeat)
          : stratifiedFolds(labels, folds, repeat, strata?.train);
      const outside = rows.flatMap((own, k) => (k === fold ? [] : [...own])).sort((a, b) => a - b);
      return { rows: Uint32Array.from(outside), keptOut: rows[fold] };
    }
  }
}
