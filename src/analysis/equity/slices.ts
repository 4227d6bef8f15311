import type { Examples } from '../../data/examples.ts';
import { writerPopulation } from '../../data/mnist/writerLabels.ts';
import { quantile } from '../../stats/describe.ts';
import { knownPopulations } from '../evaluation/known.ts';
import type { EvaluationData } from '../subject.ts';
import type { MeasureName, StrokeMeasures } from './strokeMeasures.ts';
import { MEASURES } from './strokeMeasures.ts';

/** How many parts a measure is cut into. */
export const FIFTHS = 5;

export type FamilyName = 'population' | 'digit' | MeasureName;

/** A way to divide the images. Slice s of 'population' is students, employees; of 'digit' the class, digit or not; of a measure its fifth, lowest first. */
export interface SliceFamily {
  readonly name: FamilyName;
  readonly slices: number;
  /** The slice of each image, `slices` for none. */
  readonly of: Uint8Array;
}

/** For each measure and class the four bounds between its fifths; empty for a class without training images, and no measure at all where there are no strokes. */
export type FifthBounds = Readonly<Partial<Record<MeasureName, readonly (readonly number[])[]>>>;

/**
 * Bounds of the fifths of each measure within each class, from the training images: the quantiles .2, .4, .6, .8. So they are
 * fixed before a test image is looked at, and 'thin strokes' are thin for their class, rather than ones.
 */
export function fifthBounds(measures: StrokeMeasures, { labels, classes }: Examples): FifthBounds {
  const boundsOf = (values: Float64Array): number[][] =>
    Array.from({ length: classes }, (_, digit) => {
      const own = values.filter((_, i) => labels[i] === digit);
      return own.length === 0 ? [] : [0.2, 0.4, 0.6, 0.8].map((share) => quantile(own, share));
    });
  return Object.fromEntries(MEASURES.map((name) => [name, boundsOf(measures[name])]));
}

/**
 * The families by which errors are counted: population (where it is known), class, and the five measures of images with strokes. `labels`: by which an
 * image's class goes. A value on a bound belongs to the lower fifth.
 */
export function sliceFamilies(
  measures: StrokeMeasures | null,
  { labels, classes }: Pick<Examples, 'labels' | 'classes'>,
  bounds: FifthBounds,
  populations: Uint8Array | null,
): SliceFamily[] {
  return [
    ...(populations === null ? [] : [{ name: 'population', slices: 2, of: populations } as const]),
    { name: 'digit', slices: classes, of: labels },
    ...(measures === null ? [] : MEASURES).map((name) => ({
      name,
      slices: FIFTHS,
      of: Uint8Array.from(measures![name], (value, i) => {
        const own = bounds[name]?.[labels[i]] ?? [];
        return own.length === 0 ? FIFTHS : own.filter((bound) => value > bound).length;
      }),
    })),
  ];
}

/**
 * The writer population of each test image, 0 student and 1 employee: by the writers where they are given, else as the data set knows it, else null.
 */
export function populationsOf(
  data: Pick<EvaluationData, 'test' | 'strata' | 'facts'>,
  writers?: Uint16Array,
): Uint8Array | null {
  if (writers !== undefined)
    return Uint8Array.from(writers, (writer) => (writerPopulation(writer) === 'student' ? 0 : 1));
  return knownPopulations(data);
}
