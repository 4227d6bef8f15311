import type { Targets } from '../../engine/engine.ts';
import { parts, type Steps } from '../../util/steps.ts';

/** What a metric's outputs are: the loss and the last layer decide it. */
export interface MetricSetting {
  /**
   * `'classes'`: each row is of one class, and the largest output is the answer. `'labels'`: every output stands for a label of its own that
   * holds or not (one output: two classes). `'values'`: the outputs are values to be met.
   */
  readonly task: 'classes' | 'labels' | 'values';
  /** Outputs of a row. */
  readonly width: number;
  /** The outputs are logits: a label is taken to hold above 0, not above 1/2. */
  readonly logits: boolean;
}

/** Rows that were answered. */
export interface MetricBatch {
  /** Class numbers [count], or values [count][width]: one-hot rows, labels of 0 and 1, or what the outputs should be. */
  readonly targets: Targets;
  /** [count][width] */
  readonly outputs: Float32Array;
  readonly count: number;
  /** One weight >= 0 a row; 1 each where absent. What is counted or averaged is then weighted, as by Keras' `weighted_metrics`. */
  readonly weights?: ArrayLike<number>;
}

/** What is known of the rows so far. Sums are float64, in the order in which rows came. */
export interface MetricState {
  /** Rows of a batch may not be shown in parts. */
  readonly wholeBatches?: true;
  /** May be given in steps, where rows are so wide that it takes more than some milliseconds. */
  update(batch: MetricBatch): void | Steps<void>;
  /** Of all rows so far, one number for each of the metric's names; 0 where there is nothing to divide by. In steps, where it takes more than some milliseconds. */
  result(): readonly number[] | Steps<readonly number[]>;
}

/** A name, or a name with what is chosen. */
export type MetricSpec =
  string | { readonly name: string; readonly k?: number; readonly average?: string | number | null };

export interface Metric {
  /** Plain data that `compile` makes the same metric of, for files and names of runs; undefined for one's own function, which no data can name. */
  readonly spec: MetricSpec | undefined;
  /** In logs. What is not by default stands behind it: `precision`, but `precision_micro`. */
  readonly name: string;
  /** Whether more is better; undefined where nobody can know. */
  readonly direction: 'max' | 'min' | undefined;
  /** Why it cannot be computed of such outputs; undefined where it can. */
  fits(setting: MetricSetting): string | undefined;
  /** Names in the logs: `name`, or `name_0`, `name_1`, … for one value a class. */
  names(setting: MetricSetting): readonly string[];
  create(setting: MetricSetting): MetricState;
}

/** One of the family: its builder, and the options of its plain data. */
export interface MetricKind {
  readonly builder: (...values: never[]) => Metric;
  readonly options: readonly string[];
  readonly make: (options: never) => Metric;
}

/** So many columns of a row are gone through at a time. */
export const COLUMNS = 1 << 15;

/** Goes through a row's columns, with a stop between so many. */
export function columns(width: number, take: (from: number, to: number) => void): Steps<void> {
  return parts(width, COLUMNS, take);
}

/** The column of the largest of a row's `width` values, the first of equals. */
export function* largestAt(values: ArrayLike<number>, row: number, width: number): Steps<number> {
  const first = row * width;
  let best = first;
  yield* columns(width, (from, to) => {
    for (let i = first + from; i < first + to; i++) if (values[i] > values[best]) best = i;
  });
  return best - first;
}

/** The class of a row: its number, or the largest of its values. */
export function* classOf(targets: Targets, row: number, width: number): Steps<number> {
  return targets.kind === 'classes' ? targets.classes[row] : yield* largestAt(targets.values, row, width);
}

/** What output j of a row should be: of a class number, 1 for the class and 0 elsewhere. */
export function targetAt(targets: Targets, row: number, j: number, width: number): number {
  return targets.kind === 'classes' ? Number(targets.classes[row] === j) : targets.values[row * width + j];
}

/** a / b, and 0 for b = 0. */
export function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}
