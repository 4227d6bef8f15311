import type { Dataset } from '../../data/examples.ts';
import { writerPopulation } from '../../data/mnist/writerLabels.ts';
import { testPopulation } from '../../data/mnist/writers.ts';
import { quantile } from '../../stats/describe.ts';
import { isMnistTest } from '../evaluation/answers.ts';
import type { MeasureName, StrokeMeasures } from './strokeMeasures.ts';
import { MEASURES } from './strokeMeasures.ts';

/** How many parts a measure is cut into. */
export const FIFTHS = 5;

export type FamilyName = 'population' | 'digit' | MeasureName;

/** A way to divide the images. Slice s of 'population' is students, employees; of 'digit' the digit; of a measure its fifth, lowest first. */
export interface SliceFamily {
  readonly name: FamilyName;
  readonly slices: number;
  /** The slice of each image, `slices` for none. */
  readonly of: Uint8Array;
}

/** For each measure and digit the four bounds between its fifths; empty for a digit without training images. */
export type FifthBounds = Readonly<Record<MeasureName, readonly (readonly number[])[]>>;

/**
 * Bounds of the fifths of each measure within each digit, from the training images: the quantiles .2, .4, .6, .8. So they are
 * fixed before a test image is looked at, and 'thin strokes' are thin for their digit, rather than ones.
 */
export function fifthBounds(measures: StrokeMeasures, { labels, classes }: Dataset): FifthBounds {
  const boundsOf = (values: Float64Array): number[][] =>
    Array.from({ length: classes }, (_, digit) => {
      const own = values.filter((_, i) => labels[i] === digit);
      return own.length === 0 ? [] : [0.2, 0.4, 0.6, 0.8].map((share) => quantile(own, share));
    });
  return Object.fromEntries(MEASURES.map((name) => [name, boundsOf(measures[name])])) as Record<
    MeasureName,
    number[][]
  >;
}

/**
 * The families by which errors are counted: population (where it is known), digit, and the five measures. `labels`: by which an
 * image's digit goes. A value on a bound belongs to the lower fifth.
 */
export function sliceFamilies(
  measures: StrokeMeasures,
  labels: Uint8Array,
  bounds: FifthBounds,
  populations: Uint8Array | null,
): SliceFamily[] {
  return [
    ...(populations === null ? [] : [{ name: 'population', slices: 2, of: populations } as const]),
    { name: 'digit', slices: 10, of: labels },
    ...MEASURES.map((name) => ({
      name,
      slices: FIFTHS,
      of: Uint8Array.from(measures[name], (value, i) => {
        const own = bounds[name][labels[i]];
        return own.length === 0 ? FIFTHS : own.filter((bound) => value > bound).length;
      }),
    })),
  ];
}

/**
 * The writer population of each test image, 0 student and 1 employee: by the writers where they are given, by the rule of the
 * index where these are MNIST's test images, else null.
 */
export function populationsOf(test: Dataset, writers?: Uint16Array): Uint8Array | null {
  const code = (population: 'student' | 'employee'): number => (population === 'student' ? 0 : 1);
  if (writers !== undefined) return Uint8Array.from(writers, (writer) => code(writerPopulation(writer)));
  return isMnistTest(test) ? Uint8Array.from(test.labels, (_, i) => code(testPopulation(i))) : null;
}
