import type { DataSet } from '../dataSet.ts';
import { numberNames } from '../identity.ts';
import { TEST_LABEL_ERRORS } from './labelErrors.ts';
import { testPopulation, trainPopulation, type Population } from './writers.ts';

const POPULATIONS: readonly Population[] = ['student', 'employee'];

/** MNIST from its images and labels, with what is known of them beside: the writer population of every image, and labels that raters reject. */
export function asMnist({ identity, train, test }: Pick<DataSet, 'identity' | 'train' | 'test'>): DataSet {
  const strataOf = (n: number, population: (index: number) => Population) => ({
    names: POPULATIONS,
    of: Uint8Array.from({ length: n }, (_, i) => POPULATIONS.indexOf(population(i))),
  });
  return {
    name: 'MNIST',
    identity,
    shape: [28, 28],
    classes: numberNames(10),
    train,
    test,
    strata: {
      train: strataOf(train.labels.length, trainPopulation),
      test: strataOf(test.labels.length, testPopulation),
    },
    facts: {
      labelErrors: TEST_LABEL_ERRORS,
      sheet: {
        source: 'Y. LeCun, C. Cortes and C. J. C. Burges, from NIST’s Special Databases 1 and 3',
        citation:
          'LeCun, Bottou, Bengio & Haffner (1998): Gradient-based learning applied to document recognition. Proceedings of the IEEE 86(11), 2278–2324.',
        licence: 'CC BY-SA 3.0',
      },
    },
  };
}
