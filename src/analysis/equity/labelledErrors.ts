import { crossedRates } from '../../stats/crossedRates.ts';
import { Random } from '../../util/random.ts';
import { drawingOf } from './designEffects.ts';
import type { Gap } from './gaps.ts';
import { gapsOf } from './gaps.ts';
import type { Rate } from './rates.ts';
import { rateOf } from './rates.ts';
import type { SliceFamily } from './slices.ts';

/** Errors of an arm's networks by one set of labels. */
export interface LabelledErrors {
  readonly images: number;
  readonly all: Rate;
  /** [family][slice], in the order of `Equity.families`. */
  readonly rates: readonly (readonly Rate[])[];
  /** Each slice against all other images; of the population students against employees. Holm's correction is for all of them together. */
  readonly gaps: readonly (readonly Gap[])[];
}

export interface LabelledInput {
  readonly images: Uint32Array;
  readonly labels: Uint8Array;
  readonly classes: number;
  readonly families: readonly SliceFamily[];
  readonly predicted: readonly Uint8Array[];
  readonly populations: Uint8Array | null;
  readonly writers: Uint16Array | undefined;
  readonly resamples: number;
}

/** Errors in every slice, and by population × class, of the images given, judged by the labels given. */
export function labelledErrors(input: LabelledInput): { errors: LabelledErrors; cells: Rate[][] | null } {
  const { images, labels, classes, families, predicted, populations, writers, resamples } = input;
  const sampling = { clustered: writers !== undefined };
  const divisions = families.map(({ slices, of }) => ({
    count: slices,
    of: Uint8Array.from(images, (i) => of[i]),
  }));
  const cells = populations && {
    count: 2 * classes,
    of: Uint16Array.from(images, (i) => populations[i] * classes + labels[i]),
  };
  const { groups, all } = crossedRates(
    predicted.map((one) => Uint8Array.from(images, (i) => (one[i] === labels[i] ? 0 : 1))),
    cells ? [...divisions, cells] : divisions,
    {
      random: new Random(0, 'equity/resamples'),
      resamples,
      ...drawingOf(images, input),
    },
  );
  // Employees against students would be the same test again.
  const tested = families.map(({ name }, f) => (name === 'population' ? groups[f].slice(0, 1) : groups[f]));
  const gaps = gapsOf(tested.flat(), all, sampling);
  let next = 0;
  return {
    errors: {
      images: images.length,
      all: rateOf(all, sampling),
      rates: families.map((_, f) => groups[f].map((group) => rateOf(group, sampling))),
      gaps: tested.map((own) => own.map(() => gaps[next++])),
    },
    cells:
      cells &&
      [0, 1].map((population) =>
        groups[families.length]
          .slice(population * classes, (population + 1) * classes)
          .map((group) => rateOf(group, sampling)),
      ),
  };
}
