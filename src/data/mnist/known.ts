import type { DataSet, Strata } from '../dataSet.ts';
import { isMnist, MNIST_IDENTITY, numberNames } from '../identity.ts';
import { TEST_LABEL_ERRORS } from './labelErrors.ts';
import { testPopulation, trainPopulation, type Population } from './writers.ts';

const POPULATIONS: readonly Population[] = ['student', 'employee'];

/** The writer populations of MNIST's training or test images, or of the first `n`. */
export function mnistStrata(part: 'train' | 'test', n = part === 'train' ? 60_000 : 10_000): Strata {
  const population = part === 'train' ? trainPopulation : testPopulation;
  return {
    names: POPULATIONS,
    of: Uint8Array.from({ length: n }, (_, i) => POPULATIONS.indexOf(population(i))),
  };
}

type Known = Pick<DataSet, 'strata' | 'facts'>;

/**
 * What is known of images beside themselves, where they are MNIST's, all or one part of them: the writer population of each, and labels that raters
 * reject.
 */
export function knownOfMnist(identity: readonly string[]): Known {
  const isTrain = isMnist([...identity.slice(0, 2), ...MNIST_IDENTITY.slice(2)]);
  const isTest = isMnist([...MNIST_IDENTITY.slice(0, 2), ...identity.slice(2)]);
  return {
    ...((isTrain || isTest) && {
      strata: {
        ...(isTrain && { train: mnistStrata('train') }),
        ...(isTest && { test: mnistStrata('test') }),
      },
    }),
    facts: {
      ...((isTrain || isTest) && { shows: 'digits' }),
      ...(isTest && { labelErrors: TEST_LABEL_ERRORS }),
      ...(isTrain &&
        isTest && {
          sheet: {
            source: 'Y. LeCun, C. Cortes and C. J. C. Burges, from NIST’s Special Databases 1 and 3',
            citation:
              'LeCun, Bottou, Bengio & Haffner (1998): Gradient-based learning applied to document recognition. Proceedings of the IEEE 86(11), 2278–2324.',
            licence: 'CC BY-SA 3.0',
          },
        }),
    },
  };
}

/** MNIST, with all that is known of it. */
export function asMnist({ train, test }: Pick<DataSet, 'train' | 'test'>): DataSet {
  return {
    name: 'MNIST',
    identity: MNIST_IDENTITY,
    shape: [28, 28],
    classes: numberNames(10),
    train,
    test,
    ...knownOfMnist(MNIST_IDENTITY),
  };
}
