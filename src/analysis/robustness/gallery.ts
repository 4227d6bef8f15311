import { sizeOf } from '../../util/tensor.ts';
import { nameOf, type Subject } from '../subject.ts';
import { readAnswers, type Answers } from './answers.ts';
import type { Gallery, GalleryView } from './result.ts';

/** At most this many networks give their answers. */
const SHOWN = 2;

/**
 * Keeps one image under each corruption: the first that every network shown reads right when it is clean, or the first of all where
 * there is none. Shown are the first network of the first arms.
 */
export class GalleryKeeper {
  readonly #subjects: readonly Subject[];
  readonly #shape: readonly number[];
  /** By row: how many of the networks shown read it right. */
  #rightCounts: Uint8Array | undefined;
  readonly #views: GalleryView[] = [];

  /** `shape`: of one image. */
  constructor(subjects: readonly Subject[], shape: readonly number[]) {
    this.#shape = shape;
    const firsts = subjects.filter(({ arm }, s) => subjects.findIndex((one) => one.arm === arm) === s);
    this.#subjects = firsts.slice(0, SHOWN);
  }

  /** For each network with its answers to the clean images, before the first `add`. */
  choose(subject: Subject, { isRight }: Answers): void {
    if (!this.#subjects.includes(subject)) return;
    this.#rightCounts ??= new Uint8Array(isRight.length);
    for (let i = 0; i < isRight.length; i++) this.#rightCounts[i] += isRight[i];
  }

  /** `pixels`: all images of the set, one after another. */
  add(corruption: string | null, pixels: Uint8Array): void {
    const row = Math.max(0, this.#firstRight());
    const size = sizeOf(this.#shape);
    const image = pixels.subarray(row * size, (row + 1) * size);
    this.#views.push({
      corruption,
      pixels: [...image],
      answers: this.#subjects.map(({ model }) => {
        const { digits, probabilities } = readAnswers(model, { data: image, shape: this.#shape }, [0]);
        return { digit: digits[0], probability: probabilities[digits[0]] };
      }),
    });
  }

  finish(indices: ArrayLike<number>, labels: ArrayLike<number>): Gallery {
    const first = this.#firstRight();
    const row = Math.max(0, first);
    return {
      index: indices[row],
      label: labels[row],
      readRight: first >= 0,
      subjects: this.#subjects.map(nameOf),
      views: this.#views,
    };
  }

  #firstRight(): number {
    return this.#rightCounts?.indexOf(this.#subjects.length) ?? -1;
  }
}
