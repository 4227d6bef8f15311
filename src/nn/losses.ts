import type { Targets } from '../engine/engine.ts';
import type { LossFamily } from '../engine/losses/family.ts';
import { LOSS_RULES, type LossName as AnyLoss, lossRule, type LossSpec } from '../engine/losses/losses.ts';
import { ownLoss } from '../engine/losses/ownLoss.ts';
import type { LossFunction, LossOptions, LossRule } from '../engine/loss.ts';
import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, isFloat32, isNumbers, requireType } from '../util/options.ts';
import { atOnce, parts, type Steps } from '../util/steps.ts';
import { checkTensor, formatShape, isTensorData, type Tensor, type TensorData } from '../util/tensor.ts';
import { type MetricSetting, targetAt } from './metrics/metric.ts';
import { resolveName } from './names.ts';
import { findInSteps, VALUES_AT_A_TIME } from './numeric.ts';
import { checkOption } from './optionTable.ts';

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

/** A loss as `compile` takes it: its name, its name with options, or a function of one's own (`ownLoss` says what of). */
export type Loss = string | LossSpec | LossFunction;

/** What `compile` makes of a loss. */
export interface ResolvedLoss {
  /** The name alone where no option is given. */
  readonly given: AnyLoss | LossSpec | LossFunction;
  readonly rule: LossRule;
  /** Labels of a network with so many outputs → what the engine compares with, checked. Throws E_SHAPE or E_LABEL. */
  readonly targets: (labels: Tensor, outputs: number) => Steps<Targets>;
}

/** Throws E_ARGUMENT for names and options that there are not. */
export function resolveLoss(loss: Loss): ResolvedLoss {
  if (typeof loss === 'function') {
    // What would never learn: Keras' (target, output) => loss has its derivatives from the framework.
    if (loss.length === 2) {
      throw new DactylError(
        'E_ARGUMENT',
        `compile: expected a loss (target, output, gradient) => number that writes its derivative for each output to gradient; received ${describe(loss)} of two parameters.`,
      );
    }
    const rule = ownLoss(loss);
    return { given: loss, rule, targets: (labels, outputs) => NUMBERS(rule.name, labels, outputs) };
  }
  const isSpec = typeof loss === 'object' && loss !== (null as unknown) && 'name' in loss;
  const name = resolveName('loss', LOSS_RULES, isSpec ? loss.name : loss);
  const spec: LossSpec = { ...(isSpec ? loss : {}), name };
  const family: LossFamily = LOSS_RULES[name];
  checkOptions(name, ['name', ...Object.keys(family.options)], spec);
  for (const [key, option] of Object.entries(family.options)) {
    if (key in spec) checkOption(name, key, option, spec[key as keyof LossOptions]);
  }
  return {
    given: Object.keys(spec).length === 1 ? name : spec,
    rule: lossRule(spec),
    targets: (labels, outputs) => TARGETS[family.labels](name, labels, outputs),
  };
}

type ReadLabels = (loss: string, labels: Tensor, outputs: number) => Steps<Targets>;

/** One number an output, [n, outputs], or [n] where there is one output. */
function rowsOf(expected: string, fits: (x: number) => boolean, advice: string): ReadLabels {
  return function* (loss, { shape, data }, outputs) {
    const flat = outputs === 1 && shape.length === 1;
    if (!flat && !(shape.length === 2 && shape[1] === outputs)) {
      throw new DactylError(
        'E_SHAPE',
        `${loss}: expected labels of shape (n, ${outputs}), received ${formatShape(shape)}. ` +
          `For class numbers use toCategorical(labels, ${outputs})${advice}.`,
      );
    }
    const bad = yield* findInSteps<TensorData>(data, (part) => part.findIndex((t) => !fits(t)));
    if (bad >= 0) {
      throw new DactylError(
        'E_LABEL',
        `labels[${Math.floor(bad / outputs)}, ${bad % outputs}]: expected ${expected}, received ${data[bad]}.`,
      );
    }
    return { kind: 'values', values: data };
  };
}

const NUMBERS = rowsOf('a finite float32 number', isFloat32, '');

const TARGETS: Record<LossFamily['labels'], ReadLabels> = {
  probability: rowsOf(
    'a probability >= 0',
    (t) => t >= 0 && isFloat32(t),
    ' or the loss sparseCategoricalCrossentropy',
  ),
  unitInterval: rowsOf('a number in [0, 1]', (t) => t >= 0 && t <= 1, ''),
  number: NUMBERS,
  *class(loss, { shape, data }, classes) {
    if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) {
      throw new DactylError(
        'E_SHAPE',
        `${loss}: expected labels of shape (n,), received ${formatShape(shape)}. ` +
          'For one-hot labels use the loss categoricalCrossentropy.',
      );
    }
    yield* checkClasses(data, classes);
    return { kind: 'classes', classes: data };
  },
};

/**
 * Training targets t (1 − smoothing) + smoothing / classes: a little of every class (Szegedy et al. 2016); of labels that hold or not, which have two
 * values each, + smoothing / 2. What `fit` reports as training loss is against these.
 */
export function* smoothTargets(
  targets: Targets,
  rows: number,
  { width, task }: Pick<MetricSetting, 'width' | 'task'>,
  smoothing: number,
): Steps<Targets> {
  const values = new Float32Array(rows * width);
  const rest = Math.fround(smoothing / (task === 'labels' ? 2 : width));
  yield* parts(values.length, VALUES_AT_A_TIME, (from, to) => {
    for (let i = from; i < to; i++) {
      const j = i % width;
      values[i] = rest + targetAt(targets, (i - j) / width, j, width) * (1 - smoothing);
    }
  });
  return { kind: 'values', values, ...weightsOf(targets) };
}

/** The weights of targets that have some. */
export function weightsOf({ weights }: Targets): Pick<Targets, 'weights'> {
  return weights ? { weights: Float64Array.from(weights) } : {};
}

/** Class numbers → one-hot rows [n, numClasses]; without `numClasses`, the largest label + 1. */
export function toCategorical(labels: Tensor | ArrayLike<number>, numClasses?: number): Tensor<Float32Array> {
  const isTensor = typeof labels === 'object' && labels !== (null as unknown) && 'shape' in labels;
  if (isTensor) checkTensor(labels, 'labels');
  const given = isTensor ? labels.data : (labels as ArrayLike<number>);
  requireType('toCategorical', 'labels: an array of class numbers', isNumbers(given), given);
  for (let s = 0; s < given.length; s++) requireClassNumber(given[s], s);
  const data = Float64Array.from(given);
  const classes =
    numClasses !== undefined
      ? numClasses
      : data.reduce((most, label) => (label >= most ? Math.floor(label) + 1 : most), 1);
  if (!(Number.isSafeInteger(classes) && classes >= 1)) {
    throw new DactylError(
      'E_ARGUMENT',
      `toCategorical: expected numClasses: a whole number >= 1; received ${typeof classes === 'number' ? String(classes) : describe(classes)}.`,
    );
  }
  atOnce(checkClasses(data, classes));
  const rows = new Float32Array(data.length * classes);
  for (let s = 0; s < data.length; s++) rows[s * classes + data[s]] = 1;
  return { data: rows, shape: [data.length, classes] };
}

function* checkClasses(labels: TensorData, classes: number): Steps<void> {
  const isClass = (label: number): boolean => Number.isInteger(label) && label >= 0 && label < classes;
  const bad = yield* findInSteps(labels, (part) => part.findIndex((label) => !isClass(label)));
  if (bad < 0) return;
  throw new DactylError(
    'E_LABEL',
    `labels[${bad}]: expected a class from 0 to ${classes - 1}, received ${labels[bad]}.`,
  );
}

function requireClassNumber(label: unknown, index: number): void {
  requireType(`labels[${index}]`, 'a number, the class', typeof label === 'number', label);
}
