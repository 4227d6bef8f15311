import type { Targets } from '../engine/engine.ts';
import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { isNumbers, requireType } from '../util/options.ts';
import { checkTensor, formatShape, isTensorData, type Tensor, type TensorData } from '../util/tensor.ts';

/** Labels as users give them: a tensor, or the class numbers alone. */
export type Labels = Tensor | TensorData;

/** A typed array of n labels is a tensor of shape [n]. Throws E_ARGUMENT or E_SHAPE. */
export function labelTensor(labels: Labels): Tensor {
  if (isTensorData(labels)) return { data: labels, shape: [labels.length] };
  if (ArrayBuffer.isView(labels) || Array.isArray(labels)) {
    throw new DactylError(
      'E_ARGUMENT',
      `labels: expected a Uint8Array, Uint8ClampedArray, Int32Array, Float32Array or Float64Array of class numbers, or { data, shape }; received ${describe(labels)}.`,
    );
  }
  checkTensor(labels, 'labels');
  return labels;
}

/** Labels → what the engine compares with, checked. Both losses are −Σ t_j ln p_j, in nats, averaged over the batch. */
export const LOSSES = {
  /** Labels are one-hot or other probabilities, [n, classes]. */
  categoricalCrossentropy: (labels: Tensor, classes: number): Targets => {
    if (labels.shape.length !== 2 || labels.shape[1] !== classes) {
      throw new DactylError(
        'E_SHAPE',
        `categoricalCrossentropy: expected labels of shape (n, ${classes}), received ${formatShape(labels.shape)}. ` +
          `For class numbers use toCategorical(labels, ${classes}) or the loss sparseCategoricalCrossentropy.`,
      );
    }
    const bad = labels.data.findIndex((t) => !(t >= 0 && t < Infinity));
    if (bad >= 0) {
      throw new DactylError(
        'E_LABEL',
        `labels[${Math.floor(bad / classes)}, ${bad % classes}]: expected a probability >= 0, received ${labels.data[bad]}.`,
      );
    }
    return { kind: 'probabilities', probabilities: labels.data };
  },
  /** Labels are class numbers, [n] or [n, 1]. */
  sparseCategoricalCrossentropy: (labels: Tensor, classes: number): Targets => {
    const { shape, data } = labels;
    if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) {
      throw new DactylError(
        'E_SHAPE',
        `sparseCategoricalCrossentropy: expected labels of shape (n,), received ${formatShape(shape)}. ` +
          'For one-hot labels use the loss categoricalCrossentropy.',
      );
    }
    checkClasses(data, classes);
    return { kind: 'classes', classes: data };
  },
} as const satisfies Record<string, (labels: Tensor, classes: number) => Targets>;

export type LossName = keyof typeof LOSSES;

/**
 * Training targets t (1 − smoothing) + smoothing / classes: a little of every class (Szegedy et al. 2016). What `fit` reports as training loss is
 * against these.
 */
export function smoothTargets(targets: Targets, rows: number, classes: number, smoothing: number): Targets {
  const rest = smoothing / classes;
  const probabilities = new Float32Array(rows * classes).fill(rest);
  for (let s = 0; s < rows; s++) {
    for (let j = 0; j < classes; j++) {
      const t =
        targets.kind === 'classes'
          ? Number(targets.classes[s] === j)
          : targets.probabilities[s * classes + j];
      probabilities[s * classes + j] += t * (1 - smoothing);
    }
  }
  return { kind: 'probabilities', probabilities };
}

/** A copy, so that whoever changes the labels while `fit` runs does not change what it trains towards. */
export function ownTargets(targets: Targets): Targets {
  return targets.kind === 'classes'
    ? { kind: 'classes', classes: new Int32Array(targets.classes) }
    : { kind: 'probabilities', probabilities: new Float64Array(targets.probabilities) };
}

/** Class numbers → one-hot rows [n, numClasses]; without `numClasses`, the largest label + 1. */
export function toCategorical(labels: Tensor | ArrayLike<number>, numClasses?: number): Tensor<Float32Array> {
  const isTensor = typeof labels === 'object' && labels !== (null as unknown) && 'shape' in labels;
  if (isTensor) checkTensor(labels, 'labels');
  const data = isTensor ? labels.data : (labels as ArrayLike<number>);
  requireType('toCategorical', 'labels: an array of class numbers', isNumbers(data), data);
  for (let s = 0; s < data.length; s++) requireClassNumber(data[s], s);
  const classes =
    numClasses !== undefined
      ? numClasses
      : Array.from(data).reduce((most, label) => (label >= most ? Math.floor(label) + 1 : most), 1);
  if (!(Number.isSafeInteger(classes) && classes >= 1)) {
    throw new DactylError(
      'E_ARGUMENT',
      `toCategorical: expected numClasses: a whole number >= 1; received ${typeof classes === 'number' ? String(classes) : describe(classes)}.`,
    );
  }
  checkClasses(data, classes);
  const rows = new Float32Array(data.length * classes);
  for (let s = 0; s < data.length; s++) rows[s * classes + data[s]] = 1;
  return { data: rows, shape: [data.length, classes] };
}

function checkClasses(labels: ArrayLike<number>, classes: number): void {
  for (let s = 0; s < labels.length; s++) {
    const label = labels[s];
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new DactylError(
      'E_LABEL',
      `labels[${s}]: expected a class from 0 to ${classes - 1}, received ${label}.`,
    );
  }
}

function requireClassNumber(label: unknown, index: number): void {
  requireType(`labels[${index}]`, 'a number, the class', typeof label === 'number', label);
}
