import type { ArmEquity, Equity } from '../../../analysis/equity/measure.ts';
import type { Conditions } from '../../../analysis/equity/sliceTree.ts';
import type { FamilyName } from '../../../analysis/equity/slices.ts';
import { FIFTHS } from '../../../analysis/equity/slices.ts';
import type { MeasureName } from '../../../analysis/equity/strokeMeasures.ts';
import { MEASURES } from '../../../analysis/equity/strokeMeasures.ts';
import { armLabel, coloursOf } from '../../../study/arm.ts';
import {
  capitalised,
  countOf,
  listOf,
  NO_BREAK_SPACE,
  percent,
  points,
  signed,
} from '../../../study/wording.ts';
import type { Theme } from '../../theme.ts';
import { inWords, shortName, type Worded, wordsIn } from '../../dataWords.ts';

/** An arm as it is written and coloured. */
export interface ShownArm extends ArmEquity {
  readonly label: string;
  colourIn(theme: Theme): string;
}

/** More arms than this are in the tables only. */
const MOST_DRAWN = 4;

export function shownArms({ arms }: Equity): ShownArm[] {
  const colours = coloursOf(arms.map(({ arm, activation }) => ({ name: arm, activation })));
  return arms.map((arm, i) => ({
    ...arm,
    label: armLabel(arm.arm, arm.activation),
    colourIn: (theme) => theme.arm(colours[i]),
  }));
}

export function drawnArms(equity: Equity): ShownArm[] {
  return shownArms(equity).slice(0, MOST_DRAWN);
}

const POPULATIONS = ['students', 'employees'];

interface MeasureWords {
  readonly title: string;
  readonly lowest: string;
  readonly highest: string;
  readonly low: string;
  readonly high: string;
}

const MEASURE_WORDS: Readonly<Record<MeasureName, MeasureWords>> = {
  ink: {
    title: 'Ink',
    lowest: 'least ink',
    highest: 'most ink',
    low: 'with least ink',
    high: 'with most ink',
  },
  thickness: {
    title: 'Stroke thickness',
    lowest: 'thinnest',
    highest: 'thickest',
    low: 'with the thinnest strokes',
    high: 'with the thickest strokes',
  },
  slant: {
    title: 'Slant',
    lowest: 'most to the left',
    highest: 'most to the right',
    low: 'leaning most to the left',
    high: 'leaning most to the right',
  },
  size: {
    title: 'Size',
    lowest: 'smallest',
    highest: 'largest',
    low: 'in the smallest boxes',
    high: 'in the largest boxes',
  },
  offCentre: {
    title: 'Off-centre',
    lowest: 'best centred',
    highest: 'farthest off',
    low: 'best centred',
    high: 'farthest off centre',
  },
};

export function familyTitle(family: FamilyName, worded: Worded = {}): string {
  if (family === 'population') return 'Writer population';
  return family === 'digit' ? capitalised(wordsIn(worded).one) : MEASURE_WORDS[family].title;
}

const ORDINALS = ['1st', '2nd', '3rd', '4th', '5th'];

/** A slice under the title of its family. */
export function sliceName(family: FamilyName, slice: number, worded: Worded = {}): string {
  if (family === 'population') return POPULATIONS[slice];
  if (family === 'digit') return shortName(wordsIn(worded), slice);
  const { lowest, highest } = MEASURE_WORDS[family];
  return slice === 0 ? lowest : slice === FIFTHS - 1 ? highest : `${ORDINALS[slice]} fifth`;
}

/** A slice in a sentence: 'images by students', 'images of the digit 8', 'the fifth with the thinnest strokes'. */
export function slicePhrase(family: FamilyName, slice: number, worded: Worded = {}): string {
  if (family === 'population') return `images by ${POPULATIONS[slice]}`;
  if (family === 'digit') return `images of ${inWords(wordsIn(worded), slice)}`;
  return fifthsPhrase(family, [slice]);
}

const SHARES = ['', 'fifth', 'two fifths', 'three fifths', 'four fifths'];

function fifthsPhrase(measure: MeasureName, fifths: readonly number[]): string {
  const { low, high, title } = MEASURE_WORDS[measure];
  if (fifths[0] === 0) return `the ${SHARES[fifths.length]} ${low}`;
  if (fifths[fifths.length - 1] === FIFTHS - 1) return `the ${SHARES[fifths.length]} ${high}`;
  const ends = [...new Set([fifths[0], fifths[fifths.length - 1]])].map((fifth) => ORDINALS[fifth]);
  return `the ${ends.join(' to ')} fifth of ${title.toLowerCase()}`;
}

const ORDER: readonly FamilyName[] = ['population', 'digit', ...MEASURES];

/** 'students; digit 8; the two fifths with the thinnest strokes'. */
export function conditionsText(conditions: Conditions, worded: Worded = {}): string {
  const { one, many, classes } = wordsIn(worded);
  const parts = ORDER.flatMap((family) => {
    const slices = conditions[family];
    if (slices === undefined) return [];
    if (family === 'population') return listOf(slices.map((slice) => POPULATIONS[slice]));
    if (family !== 'digit') return fifthsPhrase(family, slices);
    if (slices.length === 1) return `${one}${NO_BREAK_SPACE}${classes[slices[0]]}`;
    if (slices.length <= 5) return `${many} ${listOf(slices.map((slice) => classes[slice]))}`;
    const left = classes.filter((_, label) => !slices.includes(label));
    return `all ${many} but ${listOf(left)}`;
  });
  return parts.length === 0 ? 'all images' : parts.join('; ');
}

export function rateRange([low, high]: readonly [number, number]): string {
  return `${percent(low)} to ${percent(high)}`;
}

export function pointRange([low, high]: readonly [number, number]): string {
  return `${signed(100 * low, 2)} to ${points(high)}`;
}

/** What is known of the people, or other sources, that images are from. */
export type Sources = Pick<Equity, 'writers' | 'families'>;

/** Whether the images are written: of others nobody is a writer. */
export function isWritten({ families }: Pick<Equity, 'families'>): boolean {
  return families.some(({ name }) => name === 'ink');
}

/** Why intervals over images are wider than images by themselves make them. */
export function widenedText(sources: Sources): string {
  return isWritten(sources)
    ? 'widened for their unknown writers'
    : 'widened, since those of one source may be alike';
}

/** What the intervals of this evaluation are over. */
export function intervalText({ arms, ...sources }: Equity): string {
  const units = sources.writers === null ? `images (${widenedText(sources)})` : 'writers';
  return arms.some(({ networks }) => networks.length > 1) ? `seeds and ${units}` : units;
}

export function seedsText({ arms }: Equity): string {
  const counts = [...new Set(arms.map(({ networks }) => networks.length))];
  if (counts.length === 1) {
    return counts[0] === 1
      ? arms.length === 1
        ? 'one network'
        : 'one network of each arm'
      : `mean over ${countOf(counts[0], 'seed')}${arms.length === 1 ? '' : ' of each arm'}`;
  }
  return `mean over the seeds of each arm (${Math.min(...counts)} to ${Math.max(...counts)})`;
}

/** A cell or row that has no interval says why. */
export function tooFewText({ images, writers }: { images: number; writers: number | null }): string {
  if (images === 0) return 'no images';
  return writers === null
    ? `${countOf(images, 'image')}: too few for an interval`
    : `${countOf(images, 'image')} by ${countOf(writers, 'writer')}: too few for an interval`;
}
