import { adagrad } from '../engine/rules/adagrad.ts';
import { adam } from '../engine/rules/adam.ts';
import { adamW } from '../engine/rules/adamW.ts';
import { lion } from '../engine/rules/lion.ts';
import { rmsprop } from '../engine/rules/rmsprop.ts';
import type { OptionsOf, SpecOf } from '../engine/rules/rules.ts';
import { sgd } from '../engine/rules/sgd.ts';
import { specOf } from './optimizer.ts';

/*
 * Keras' optimizers with Keras' defaults; `src/engine/rules/` has the formulas. Each also takes `weightDecay` (before a step
 * w −= w · weightDecay · learningRate) and at most one of `clipnorm` (largest norm of each parameter's gradient), `globalClipnorm` (of all
 * together) and `clipvalue`. Options out of their range are E_ARGUMENT.
 */

/** Adam (Kingma & Ba 2015). */
export function Adam(options: OptionsOf<'adam'> = {}): SpecOf<'adam'> {
  return specOf<'adam'>(adam, options);
}

/** Stochastic gradient descent, with momentum and Nesterov's form of it. */
export function SGD(options: OptionsOf<'sgd'> = {}): SpecOf<'sgd'> {
  return specOf<'sgd'>(sgd, options);
}

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019). */
export function AdamW(options: OptionsOf<'adamW'> = {}): SpecOf<'adamW'> {
  return specOf<'adamW'>(adamW, options);
}

/** RMSprop (Tieleman & Hinton 2012), with momentum and, centred, the variance of the gradients for their mean square (Graves 2013). */
export function RMSprop(options: OptionsOf<'rmsprop'> = {}): SpecOf<'rmsprop'> {
  return specOf<'rmsprop'>(rmsprop, options);
}

/** Adagrad (Duchi, Hazan & Singer 2011). */
export function Adagrad(options: OptionsOf<'adagrad'> = {}): SpecOf<'adagrad'> {
  return specOf<'adagrad'>(adagrad, options);
}

/** Lion (Chen et al. 2023). */
export function Lion(options: OptionsOf<'lion'> = {}): SpecOf<'lion'> {
  return specOf<'lion'>(lion, options);
}
