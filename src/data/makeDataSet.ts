import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { checkOptions, requireFields, requireFunction, requireType } from '../util/options.ts';
import { formatShape } from '../util/tensor.ts';
import type { DataFacts, DataSet } from './dataSet.ts';
import { classCounts, type Examples } from './examples.ts';
import { dataIdentity, isMnist, numberNames } from './identity.ts';
import { asMnist, knownOfMnist } from './mnist/known.ts';

export interface DataSetParts extends Pick<DataSet, 'name' | 'train' | 'test' | 'strata'> {
  /** '0', '1', … where nothing is said. */
  readonly classes?: readonly string[];
  readonly facts?: DataFacts;
}

const MOST_CLASSES = 256;
const LONGEST_NAME = 120;

/**
 * A data set from its parts, checked. Those of MNIST, from wherever, are MNIST with all that is known of it. Throws E_ARGUMENT for names that are
 * none and for a class without training or test images, E_SHAPE where images are no images, labels are not as many, or training and test images
 * differ in size, E_LABEL for a label that is no class. `sha256`: another implementation of the same function, where the runtime has a faster one.
 */
export function dataSet(parts: DataSetParts, sha256 = sha256Hex): DataSet {
  checkOptions('dataSet', ['name', 'train', 'test', 'classes', 'strata', 'facts'], parts);
  requireFields('dataSet', ['name', 'train', 'test'], parts);
  requireFunction('dataSet: sha256', sha256);
  const { name } = parts;
  requireType('dataSet: name', `a text of 1 to ${LONGEST_NAME} characters`, isName(name), name);
  for (const part of ['train', 'test'] as const) {
    requireFields(`${name}: ${part}`, ['images', 'labels', 'classes'], parts[part]);
  }
  const classes = checkedClasses(parts);
  for (const part of ['train', 'test'] as const) requireLabels(parts, part, classes);
  const set = completeParts({ ...parts, classes }, sha256);
  for (const part of ['train', 'test'] as const) requireEveryClass(set, part);
  return set;
}

/** `dataSet` without its checks of names, labels and classes, for parts whose author is this program or answers for them. */
export function completeParts(parts: DataSetParts, sha256 = sha256Hex): DataSet {
  const { name, train, test, strata, facts = {} } = parts;
  const { classes = numberNames(train.classes) } = parts;
  const identity = dataIdentity({ train, test, classes }, sha256);
  if (isMnist(identity)) return asMnist({ train, test });
  const shape = imageShape(train);
  if (shape.includes(0)) {
    throw new DactylError('E_SHAPE', `${name}: expected images with pixels, received ${imageSize(shape)}.`);
  }
  if (imageShape(test).join() !== shape.join()) {
    throw new DactylError(
      'E_SHAPE',
      `${name}: expected test images of ${imageSize(shape)}, as the training images are, received ${imageSize(imageShape(test))}. Bring both to one size.`,
    );
  }
  const known = knownOfMnist(identity);
  const groups = { ...known.strata, ...strata };
  return {
    name,
    identity,
    shape,
    classes,
    train,
    test,
    ...((known.strata ?? strata) && { strata: groups }),
    facts: { ...known.facts, ...facts },
  };
}

/** Of one image: grey ones without the last axis of length 1 that they may have. */
export function imageShape({ images }: Examples): number[] {
  const [, ...shape] = images.shape;
  return shape.length === 3 && shape[2] === 1 ? shape.slice(0, 2) : shape;
}

/** '28 × 28 pixels', '20 × 24 pixels in 3 channels' */
export function imageSize([rows, columns, channels = 1]: readonly number[]): string {
  return `${rows} × ${columns} pixels${channels === 1 ? '' : ` in ${channels} channels`}`;
}

function isName(text: unknown): text is string {
  // Control characters would change the lines that names are printed in.
  return typeof text === 'string' && /^[^\u0000-\u001f\u007f]+$/u.test(text) && text.length <= LONGEST_NAME;
}

function checkedClasses({ name, train, test, classes }: DataSetParts): readonly string[] {
  const count = classes?.length ?? train.classes;
  const wrong = (expected: string, received: string): never => {
    throw new DactylError('E_ARGUMENT', `${name}: expected ${expected}, received ${received}.`);
  };
  if (!(Number.isInteger(count) && count >= 2 && count <= MOST_CLASSES)) {
    return wrong(`from 2 to ${MOST_CLASSES} classes`, describe(count));
  }
  for (const [part, own] of [
    ['training', train.classes],
    ['test', test.classes],
  ] as const) {
    if (own !== count) wrong(`${part} examples of ${count} classes`, describe(own));
  }
  const names = classes ?? numberNames(count);
  names.forEach((own, k) => {
    if (!isName(own)) wrong(`a name of 1 to ${LONGEST_NAME} characters for class ${k}`, describe(own));
    const first = names.indexOf(own);
    if (first < k) wrong('names of classes that differ', `'${own}' for ${first} and ${k}`);
  });
  return [...names];
}

const WORDS = { train: 'training', test: 'test' } as const;

function requireLabels(parts: DataSetParts, part: 'train' | 'test', classes: readonly string[]): void {
  const { labels, images } = parts[part];
  const [n] = images.shape;
  if (n === 0) {
    throw new DactylError(
      'E_SHAPE',
      `${parts.name}: expected ${WORDS[part]} images, received none ${formatShape(images.shape)}.`,
    );
  }
  const wrong = labels.findIndex((label) => label >= classes.length);
  if (wrong < 0) return;
  throw new DactylError(
    'E_LABEL',
    `${parts.name}: expected labels from 0 to ${classes.length - 1}, for it has ${classes.length} classes; received ${labels[wrong]} for ${WORDS[part]} image ${wrong}.`,
  );
}

function requireEveryClass(set: DataSet, part: 'train' | 'test'): void {
  const empty = classCounts(set[part]).indexOf(0);
  if (empty < 0) return;
  const reason = part === 'train' ? 'a network cannot learn it' : 'nothing can be measured of it';
  throw new DactylError(
    'E_ARGUMENT',
    `${set.name}: expected ${WORDS[part]} images of every class, received none of class '${set.classes[empty]}', so that ${reason}. Add some, or leave the class out of both parts.`,
  );
}
