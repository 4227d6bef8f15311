import { ACTIVATIONS, type ActivationName } from '../engine/activations.ts';
import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, isNumber, requireType } from '../util/options.ts';
import { INITIALIZERS, type InitializerName } from './initializers.ts';
import { resolveName } from './names.ts';

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

type Parametrized = { name: 'leakyRelu'; negativeSlope?: number } | { name: 'elu'; alpha?: number };
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
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every((extent) => isNumber(extent, isCount))) {
    const received = Array.isArray(shape) ? JSON.stringify(shape) : describe(shape);
    throw argument('Input', 'a shape of whole numbers > 0, such as [28, 28]', received);
  }
  return { type: 'Input', shape: [...(shape as readonly number[])] };
}

/** [28, 28] → [784], row by row. */
export function Flatten(): FlattenLayer {
  return { type: 'Flatten' };
}

/** x · scale + offset, for example `Rescaling(1 / 255)` for bytes. Stands before the first Dense. */
export function Rescaling(scale: number, offset = 0): RescalingLayer {
  for (const value of [scale, offset] as unknown[]) {
    if (!isNumber(value)) throw argument('Rescaling', 'a finite scale and offset', received(value));
  }
  return { type: 'Rescaling', scale, offset };
}

/**
 * y = activation(x kernel + bias), kernel [inputs][units]. Defaults are Keras': linear, bias, Glorot uniform, zeros.
 * `activation`: a name, or `{ name: 'leakyRelu', negativeSlope }` (0.2 by default), `{ name: 'elu', alpha }` (1).
 */
export function Dense(units: number, options: DenseOptions = {}): DenseLayer {
  if (!isNumber(units, isCount)) throw argument('Dense', 'units: a whole number > 0', received(units));
  checkOptions('Dense', DENSE_OPTIONS, options);
  const {
    activation = 'linear',
    useBias = true,
    kernelInitializer = 'glorotUniform',
    biasInitializer = 'zeros',
    kernelRegularizer = {},
  } = options;
  requireType('Dense', 'useBias: true or false', typeof useBias === 'boolean', useBias);
  checkOptions('Dense: kernelRegularizer', ['l1', 'l2'], kernelRegularizer);
  const { l1 = 0, l2 = 0 } = kernelRegularizer;
  for (const penalty of [l1, l2]) {
    if (!isNumber(penalty, isPenalty)) throw argument('Dense', 'penalties l1, l2 >= 0', received(penalty));
  }
  return {
    type: 'Dense',
    units,
    ...resolveActivation(activation),
    useBias,
    kernelInitializer: resolveName('initializer', INITIALIZERS, kernelInitializer),
    biasInitializer: resolveName('initializer', INITIALIZERS, biasInitializer),
    kernelRegularizer: { l1, l2 },
  };
}

/** While training, each value becomes 0 with probability `rate`, the others are divided by 1 − rate. */
export function Dropout(rate: number): DropoutLayer {
  if (!isNumber(rate, (x) => x >= 0 && x < 1)) throw argument('Dropout', 'a rate in [0, 1)', received(rate));
  return { type: 'Dropout', rate };
}

const LAYERS = { Input, Flatten, Rescaling, Dense, Dropout };

/** The same layer, made anew by its function: so every number in it is checked, and it is no layer but one of the list. E_ARGUMENT otherwise. */
export function rebuildLayer(layer: Layer): Layer {
  if (typeof layer !== 'object' || layer === (null as unknown)) {
    const called = typeof layer === 'function' ? ` Call it: ${(layer as { name: string }).name}(…).` : '';
    throw new DactylError(
      'E_ARGUMENT',
      `Sequential: expected layers made by ${Object.keys(LAYERS).join(', ')}; received ${describe(layer)}.${called}`,
    );
  }
  resolveName('layer', LAYERS, layer.type);
  switch (layer.type) {
    case 'Input':
      checkOptions('Input', ['type', 'shape'], layer);
      return Input(layer.shape);
    case 'Flatten':
      checkOptions('Flatten', ['type'], layer);
      return Flatten();
    case 'Rescaling':
      checkOptions('Rescaling', ['type', 'scale', 'offset'], layer);
      return Rescaling(layer.scale, layer.offset);
    case 'Dropout':
      checkOptions('Dropout', ['type', 'rate'], layer);
      return Dropout(layer.rate);
    case 'Dense': {
      const { type: _, units, parameter, activation: name, ...options } = layer;
      checkOptions('Dense', DENSE_OPTIONS, options);
      if (name === 'leakyRelu') {
        return Dense(units, { ...options, activation: { name, negativeSlope: parameter } });
      }
      return Dense(units, { ...options, activation: name === 'elu' ? { name, alpha: parameter } : name });
    }
  }
}

/** Parameters default to Keras 3's: negative slope 0.2, alpha 1. */
function resolveActivation(option: ActivationOption): { activation: ActivationName; parameter: number } {
  if (typeof option !== 'object' || option === (null as unknown)) {
    const activation = resolveName('activation', ACTIVATIONS, option);
    return { activation, parameter: activation === 'leakyRelu' ? 0.2 : activation === 'elu' ? 1 : 0 };
  }
  const activation = resolveName('activation with a parameter', { leakyRelu: 0, elu: 0 }, option.name);
  const key = activation === 'elu' ? 'alpha' : 'negativeSlope';
  checkOptions(`The activation ${activation}`, ['name', key], option);
  const { [key]: parameter = activation === 'elu' ? 1 : 0.2 } = option as { [name in typeof key]?: number };
  if (!isNumber(parameter, isPenalty)) {
    throw argument('Dense', `a finite parameter >= 0 for ${activation}`, received(parameter));
  }
  return { activation, parameter };
}

function isCount(x: number): boolean {
  return Number.isInteger(x) && x > 0;
}

function isPenalty(x: number): boolean {
  return x >= 0 && x < Infinity;
}

function received(value: unknown): string {
  return typeof value === 'number' ? String(value) : describe(value);
}

function argument(layer: string, expected: string, received: string): DactylError {
  return new DactylError('E_ARGUMENT', `${layer}: expected ${expected}; received ${received}.`);
}
