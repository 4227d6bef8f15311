import type { EvaluationData } from '../subject.ts';
import { imageExtents, isLikeMnist, isMnistTest, knownPopulations } from './known.ts';

/** What a part of the evaluation cannot do without. */
export type Need = keyof typeof NEEDS;

const HUNDRED = 100;

/** Why a part was not run, in words that go on from 'not run: '. */
const NEEDS = {
  /** Images [n, rows, columns] or [n, rows, columns, channels]. */
  images: (_: Provided) => 'it is about pictures, and these are rows of numbers without a height and a width',
  /** Training and test images that were drawn from one source, so that a network is tested on what it was trained for. */
  ownTest: ({ name }: Provided) => `it is about ${name}'s own test images`,
  /** Two populations of writers, those of MNIST. */
  population: ({ name, givenTest }: Provided) =>
    givenTest
      ? `it is about ${name}'s own test images`
      : `it compares two populations of writers, and nobody has told them of ${name}`,
  /** Digits of 28 × 28 grey pixels. */
  mnistLike: (_: Provided) =>
    'it is about digits of 28 × 28 grey pixels, and these networks were trained for other images',
  /** MNIST's test images: others were drawn with them and never published. */
  mnist: (_: Provided) => 'it is about networks trained for MNIST',
  /** A hundred test images, to fit on one half and to judge on the other. */
  hundred: ({ data: { test } }: Provided) =>
    `it fits on one half of the test images and judges on the other, at least ${HUNDRED} in all; there are ${test.labels.length}`,
} satisfies Record<string, (provided: Provided) => string>;

export interface Provided {
  readonly data: EvaluationData;
  /** Of the data set. */
  readonly name: string;
  /** Whether the test images are others than the data set's. */
  readonly givenTest: boolean;
}

/** The first need that is not met, as a reason; null where all are. */
export function unmetNeed(needs: readonly Need[], provided: Provided): string | null {
  const { data, givenTest } = provided;
  const isMet: Readonly<Record<Need, () => boolean>> = {
    images: () => imageExtents(data.test) !== null,
    ownTest: () => !givenTest,
    population: () => !givenTest && knownPopulations(data) !== null,
    mnistLike: () => isLikeMnist(data),
    mnist: () => isMnistTest(data.test),
    hundred: () => data.test.labels.length >= HUNDRED,
  };
  const unmet = needs.find((need) => !isMet[need]());
  return unmet === undefined ? null : NEEDS[unmet](provided);
}
