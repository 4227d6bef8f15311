import type { Examples } from '../../src/data/examples.ts';
import type { Reading } from '../../src/reading/answer.ts';
import type { Reader } from '../../src/reading/reader.ts';
import type { Random } from '../../src/util/random.ts';
import { between, onPaper, type Paper, type Sheet } from '../../test/support/writtenPictures.ts';
import type { Picture } from '../../src/images/scale.ts';

export interface Setting {
  readonly reader: Reader;
  /** MNIST's test images, or its training images while constants are chosen. */
  readonly digits: Examples;
  readonly seed: number;
  /** Of the pictures. */
  readonly share: number;
  readonly files: { readonly digits: string; readonly fashion: string };
}

export function imageOf({ images }: Examples, index: number): Uint8Array {
  return images.data.subarray(index * 784, (index + 1) * 784);
}

/** Dark on textured paper, as all measures have it. */
export function darkOnPaper(sheet: Sheet, random: Random): Picture {
  const paper = between(random, 170, 235);
  const dark: Paper = {
    paper: [paper],
    ink: [paper * (1 - between(random, 0.5, 0.9))],
    texture: between(random, 1, 4),
    noise: between(random, 1, 4),
  };
  return onPaper(sheet, dark, random);
}

/** Digits of all numbers, the most probable ones, in their order. */
export function digitsOf({ numbers }: Reading): string[] {
  return numbers.map((number) => number.digits.map(({ digit }) => digit).join(''));
}

/** Counts answers: right, not sure, and wrong among the sure ones. */
export class Tally {
  #all = 0;
  #right = 0;
  #sure = 0;
  #surelyWrong = 0;

  add(reading: Reading, expected: string): boolean {
    const texts = digitsOf(reading);
    const right = texts.length === 1 && texts[0] === expected;
    const sure = reading.numbers.length > 0 && reading.numbers.every(({ notSure }) => notSure === undefined);
    this.#all++;
    this.#right += Number(right);
    this.#sure += Number(sure);
    this.#surelyWrong += Number(sure && !right);
    return right;
  }

  toString(): string {
    const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;
    return `${this.#all} read, ${percent(this.#right, this.#all)} right, ${percent(this.#all - this.#sure, this.#all)} not sure, of the sure ${percent(this.#surelyWrong, Math.max(1, this.#sure))} wrong`;
  }
}

export const some = ({ share }: Setting, count: number): number => Math.max(1, Math.round(share * count));
