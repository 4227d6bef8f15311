import { ACTIVATIONS, type ActivationName } from '../engine/activations.ts';
import { DactylError } from '../util/errors.ts';
import { INITIALIZERS, type InitializerName } from './initializers.ts';
import { checkOptions, resolveName } from './names.ts';

/** l1 Σ|w| + l2 Σw², added to the loss. */
export interface Regularizer {
  readonly l1: number;
  readonly l2: number;
}

export interface InputLayer {
  readonly type: 'Input';
  /** Of one example, without the batch: [28, 28]. */
  readonly shape: readonly number[];
}
export interface FlattenLayer {
  readonly type: 'Flatten';
}
export interface RescalingLayer {
  readonly type: 'Rescaling';
  readonly scale: number;
  readonly offset: number;
}
export interface DenseLayer {
  readonly type: 'Dense';
  readonly units: number;
  readonly activation: ActivationName;
  /** Negative slope of leakyRelu, alpha of elu; 0 otherwise. */
  readonly parameter: number;
  readonly useBias: boolean;
  readonly kernelInitializer: InitializerName;
  readonly biasInitializer: InitializerName;
  readonly kernelRegularizer: Regularizer;
}
export interface DropoutLayer {
  readonly type: 'Dropout';
  readonly rate: number;
}

/** The closed list of layers: a saved model names these and nothing else. */
export type Layer = InputLayer | FlattenLayer | RescalingLayer | DenseLayer | DropoutLayer;

type Parametrized = { name: 'leakyRelu'; negativeSlope: number } | { name: 'elu'; alpha: number };
export type ActivationOption = ActivationName | (string & {}) | Parametrized;

export interface DenseOptions {
  activation?: ActivationOption;
  useBias?: boolean;
  kernelInitializer?: InitializerName | (string & {});
  biasInitializer?: InitializerName | (string & {});
  kernelRegularizer?: Partial<Regularizer>;
}

const DENSE_OPTIONS = [
  'activation',
  'useBias',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
] as const satisfies (keyof DenseOptions)[];

/** The shape of one example, without the batch. Stands first in every `Sequential`. */
export function Input(shape: readonly number[]): InputLayer {
  if (shape.length === 0 || !shape.every((extent) => Number.isInteger(extent) && extent > 0)) {
    throw argument('Input', 'a shape of whole numbers > 0, such as [28, 28]', JSON.stringify(shape));
  }
  return { type: 'Input', shape };
}

/** [28, 28] → [784], row by row. */
export function Flatten(): FlattenLayer {
  return { type: 'Flatten' };
}

/** x · scale + offset, for example `Rescaling(1 / 255)` for bytes. Stands before the first Dense. */
export function Rescaling(scale: number, offset = 0): RescalingLayer {
  if (!Number.isFinite(scale) || !Number.isFinite(offset)) {
    throw argument('Rescaling', 'a finite scale and offset', `${scale}, ${offset}`);
  }
  return { type: 'Rescaling', scale, offset };
}

/**
 * y = activation(x kernel + bias), kernel [inputs][units]. Defaults are Keras': linear, bias, Glorot uniform, zeros.
 * `activation`: a name, or `{ name: 'leakyRelu', negativeSlope }` (0.2 by default), `{ name: 'elu', alpha }` (1).
 */
export function Dense(units: number, options: DenseOptions = {}): DenseLayer {
  if (!Number.isInteger(units) || units < 1) throw argument('Dense', 'units: a whole number > 0', units);
  checkOptions('Dense', DENSE_OPTIONS, options);
  const { activation = 'linear', useBias = true, kernelRegularizer = {} } = options;
  const { l1 = 0, l2 = 0 } = kernelRegularizer;
  if (!(l1 >= 0 && l2 >= 0 && Number.isFinite(l1 + l2))) {
    throw argument('Dense', 'penalties l1, l2 >= 0', `${l1}, ${l2}`);
  }
  return {
    type: 'Dense',
    units,
    ...resolveActivation(activation),
    useBias,
    kernelInitializer: resolveName('initializer', INITIALIZERS, options.kernelInitializer ?? 'glorotUniform'),
    biasInitializer: resolveName('initializer', INITIALIZERS, options.biasInitializer ?? 'zeros'),
    kernelRegularizer: { l1, l2 },
  };
}

/** While training, each value becomes 0 with probability `rate`, the others are divided by 1 − rate. */
export function Dropout(rate: number): DropoutLayer {
  if (!(rate >= 0 && rate < 1)) throw argument('Dropout', 'a rate in [0, 1)', rate);
  return { type: 'Dropout', rate };
}

/** Parameters default to Keras 3's: negative slope 0.2, alpha 1. */
function resolveActivation(option: ActivationOption): { activation: ActivationName; parameter: number } {
  if (typeof option === 'string') {
    const activation = resolveName('activation', ACTIVATIONS, option);
    return { activation, parameter: activation === 'leakyRelu' ? 0.2 : activation === 'elu' ? 1 : 0 };
  }
  const activation = resolveName('activation with a parameter', { leakyRelu: 0, elu: 0 }, option.name);
  const parameter = option.name === 'elu' ? option.alpha : option.negativeSlope;
  if (!(parameter >= 0 && Number.isFinite(parameter))) {
    throw argument('Dense', `a finite parameter >= 0 for ${activation}`, parameter);
  }
  return { activation, parameter };
}

function argument(layer: string, expected: string, received: unknown): DactylError {
  return new DactylError('E_ARGUMENT', `${layer}: expected ${expected}; received ${String(received)}.`);
}
