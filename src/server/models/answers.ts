import { classDoubt } from '../../reading/classOf.ts';
import { judged } from '../../reading/doubt.ts';
import { leastOf } from '../../reading/sureFrom.ts';
import type { ServedModel } from './model.ts';

/** Behind the probabilities of a row: that of 'none', the label and the next. */
export const BEHIND = 3;

/** One image's answer. */
export interface Answer {
  /** Name of the most probable class. */
  readonly label: string;
  readonly index: number;
  /** Name of the next. */
  readonly second: string;
  /** By class; calibrated where the model is. With `none` they sum to 1. */
  readonly probabilities: Float64Array;
  /** Probability that the image is none of the classes; 0 of a model that does not say so. */
  readonly none: number;
  /** Probability of `label`. */
  readonly confidence: number;
  /** Why the answer is not sure; absent where it is. */
  readonly notSure?: string;
  /** Names of the classes in the conformal set, the most probable first; absent where the model has none. */
  readonly set?: readonly string[];
}

/** The answers to one request. A row is a view of a batch's: the probabilities of the classes and what is behind them. */
export class Answers {
  readonly model: ServedModel;
  readonly count: number;
  /** Of the conformal sets, such as 0.95. */
  readonly coverage: number;
  readonly #rows: Float64Array;
  readonly #from: number;
  readonly #width: number;

  /** `rows`: [≥ from + count][classes + BEHIND]. */
  constructor(model: ServedModel, rows: Float64Array, from: number, count: number, coverage: number) {
    this.model = model;
    this.count = count;
    this.coverage = coverage;
    this.#rows = rows;
    this.#width = model.classes.length + BEHIND;
    this.#from = from * this.#width;
  }

  /** [classes], a view. */
  probabilities(i: number): Float64Array {
    const at = this.#from + i * this.#width;
    return this.#rows.subarray(at, at + this.#width - BEHIND);
  }

  /** [count][classes], copied. */
  allProbabilities(): Float64Array {
    const classes = this.#width - BEHIND;
    const all = new Float64Array(this.count * classes);
    for (let i = 0; i < this.count; i++) {
      const at = this.#from + i * this.#width;
      for (let k = 0; k < classes; k++) all[i * classes + k] = this.#rows[at + k];
    }
    return all;
  }

  probability(i: number, k: number): number {
    return this.#rows[this.#from + i * this.#width + k];
  }

  none(i: number): number {
    return this.probability(i, this.#width - BEHIND);
  }

  index(i: number): number {
    return this.probability(i, this.#width - 2);
  }

  second(i: number): number {
    return this.probability(i, this.#width - 1);
  }

  label(i: number): string {
    return this.model.classes[this.index(i)];
  }

  confidence(i: number): number {
    return this.probability(i, this.index(i));
  }

  isSure(i: number): boolean {
    const { kind, sureFrom } = this.model;
    const confidence = this.confidence(i);
    const least = leastOf(sureFrom, this.index(i));
    return kind === 'digits' ? confidence >= least : confidence > least;
  }

  /** Why an answer is not sure, in the words of `dactyl predict`; undefined where it is. */
  notSure(i: number): string | undefined {
    if (this.isSure(i)) return undefined;
    const { kind, sureFrom, classes } = this.model;
    if (kind === 'classes') return classDoubt(this.confidence(i), classes[this.second(i)]);
    const at = this.#from + i * this.#width;
    return judged(this.#rows.slice(at, at + classes.length + 1), sureFrom).notSure;
  }

  /**
   * Labels of the conformal set, the most probable first: the classes that are at least as probable as was found to be enough for `coverage`. The most probable is always among them, which
   * can only make a set hold the truth more often. Undefined where nothing was calibrated.
   */
  set(i: number): number[] | undefined {
    const least = this.model.calibration?.least.get(this.coverage);
    if (least === undefined) return undefined;
    const p = this.probabilities(i);
    const members: number[] = [];
    const first = this.index(i);
    for (let k = 0; k < p.length; k++) if (p[k] >= least || k === first) members.push(k);
    return members.length === 1 ? members : members.sort((a, b) => p[b] - p[a] || a - b);
  }

  at(i: number): Answer {
    const { classes } = this.model;
    const notSure = this.notSure(i);
    const set = this.set(i)?.map((k) => classes[k]);
    return {
      label: this.label(i),
      index: this.index(i),
      second: classes[this.second(i)],
      probabilities: this.probabilities(i).slice(),
      none: this.none(i),
      confidence: this.confidence(i),
      ...(notSure !== undefined && { notSure }),
      ...(set && { set }),
    };
  }
}
