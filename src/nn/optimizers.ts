import type { OptimizerSpec } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { describe } from '../util/describe.ts';
import { checkOptions, isNumber, requireType } from '../util/options.ts';
import { resolveName } from './names.ts';

type AdamSpec = Extract<OptimizerSpec, { name: 'adam' }>;
type SgdSpec = Extract<OptimizerSpec, { name: 'sgd' }>;

/** Below this epsilon, moments that the engine drops as too small could move a weight. */
const SMALLEST_EPSILON = 1e-12;

/** Adam (Kingma & Ba 2015) in Keras' form and with its defaults; see `assembly/adam.ts`. */
export function Adam(options: Partial<Omit<AdamSpec, 'name'>> = {}): AdamSpec {
  const defaults = { name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;
  checkOptions('Adam', Object.keys(defaults), options);
  const spec = { ...defaults, ...options, name: defaults.name };
  checkRate('Adam', spec.learningRate);
  for (const beta of ['beta1', 'beta2'] as const)
    check('Adam', beta, 'in [0, 1)', spec[beta], inUnitInterval);
  check(
    'Adam',
    'epsilon',
    `>= ${SMALLEST_EPSILON}`,
    spec.epsilon,
    (x) => x >= SMALLEST_EPSILON && x < Infinity,
  );
  return spec;
}

/** Stochastic gradient descent, with momentum and Nesterov's form of it, Keras' defaults; see `assembly/sgd.ts`. */
export function SGD(options: Partial<Omit<SgdSpec, 'name'>> = {}): SgdSpec {
  const defaults = { name: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false } as const;
  checkOptions('SGD', Object.keys(defaults), options);
  const spec = { ...defaults, ...options, name: defaults.name };
  checkRate('SGD', spec.learningRate);
  check('SGD', 'momentum', 'in [0, 1)', spec.momentum, inUnitInterval);
  requireType('SGD', 'nesterov: true or false', typeof spec.nesterov === 'boolean', spec.nesterov);
  return spec;
}

const OPTIMIZERS = { adam: Adam, sgd: SGD } as const;

/** A name (with the defaults) or what `Adam()` or `SGD()` returned. */
export function resolveOptimizer(optimizer: string | OptimizerSpec): OptimizerSpec {
  if (typeof optimizer !== 'object' || optimizer === (null as unknown) || !('name' in optimizer)) {
    return OPTIMIZERS[resolveName('optimizer', OPTIMIZERS, optimizer)]();
  }
  resolveName('optimizer', OPTIMIZERS, optimizer.name);
  return optimizer.name === 'adam' ? Adam(optimizer) : SGD(optimizer);
}

export function checkRate(what: string, learningRate: number): void {
  check(what, 'learningRate', '> 0', learningRate, (x) => x > 0 && x < Infinity);
}

function inUnitInterval(x: number): boolean {
  return x >= 0 && x < 1;
}

function check(
  what: string,
  name: string,
  expected: string,
  x: unknown,
  valid: (x: number) => boolean,
): void {
  if (isNumber(x, valid)) return;
  const received = typeof x === 'number' ? String(x) : describe(x);
  throw new DactylError('E_ARGUMENT', `${what}: expected ${name} ${expected}; received ${received}.`);
}
