import type { EvaluatedSet } from '../study/evaluation/record.ts';
import { type DataAbout, heldOutImages, MNIST_DATA } from '../study/dataAbout.ts';
import { grouped } from '../study/wording.ts';
import { isMnist } from '../data/identity.ts';

/** How a report speaks of the images it is about, and what it needs to draw them. */
export interface DataWords {
  /** Of the data set. */
  readonly name: string;
  readonly isMnist: boolean;
  /** [rows, columns, channels] of an image. */
  readonly extents: readonly [rows: number, columns: number, channels: number];
  readonly classes: readonly string[];
  /** Whether images are drawn as ink on paper: digits, letters and the like; others as they are. */
  readonly isInk: boolean;
  /** What an image is divided by, 'digit' where all are digits. */
  readonly one: 'digit' | 'class';
  readonly many: 'digits' | 'classes';
  /** What is read: 'digits' where all are. */
  readonly things: 'digits' | 'images';
}

/** What carries the words of its data; MNIST's where there are none. */
export interface Worded {
  readonly words?: DataWords;
}

type About = Pick<DataAbout, 'name' | 'shape' | 'classes'> & Partial<Pick<EvaluatedSet, 'shows'>>;

export const MNIST_WORDS = wordsAbout({ ...MNIST_DATA, shows: 'digits' }, true);

export function wordsAbout({ name, shape, classes, shows = null }: About, isMnist = false): DataWords {
  const [rows, columns, channels = 1] = shape;
  const areDigits = shows === 'digits';
  return {
    name,
    isMnist,
    extents: [rows, columns, channels],
    classes,
    isInk: channels === 1 && shows !== null,
    one: areDigits ? 'digit' : 'class',
    many: areDigits ? 'digits' : 'classes',
    things: areDigits ? 'digits' : 'images',
  };
}

/** The words of a study's data; none for MNIST, whose words are taken where there are none. */
export function wordsOfData(data: DataAbout): Worded {
  return isMnist(data.identity) ? {} : { words: wordsAbout(data) };
}

export function wordsIn({ words }: Worded): DataWords {
  return words ?? MNIST_WORDS;
}

/** '6,000 held-out images' in the words given; these alone where results do not say how many there were. */
export function heldOutText(data: Pick<DataAbout, 'images'>, words: string): string {
  const images = heldOutImages(data);
  return images === null ? words : `${grouped(images)} ${words}`;
}

const LONGEST = 14;

/** A class by its name, as whole as fits beside a picture. */
export function shortName({ classes }: Pick<DataWords, 'classes'>, label: number): string {
  return cut(classes[label] ?? String(label), LONGEST);
}

/** A name of at most `most` characters. */
export function cut(name: string, most: number): string {
  return name.length <= most ? name : `${name.slice(0, most - 1).trimEnd()}…`;
}

/** A class in a sentence: 'the digit 8', 'the class Sandal'. */
export function inWords({ one, classes }: Pick<DataWords, 'one' | 'classes'>, label: number): string {
  return `the ${one} ${classes[label] ?? label}`;
}

/** The class of a picture in a figure: what is ink on paper is inverted on dark pages, what is not stays as it is. */
export function pictureClass(worded: Worded): 'digit' | 'picture' {
  return wordsIn(worded).isInk ? 'digit' : 'picture';
}
