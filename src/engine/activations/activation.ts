/** What the engine needs to know of an activation; its kernels, of the same name, stand in `assembly/activations/`. */
export interface Activation {
  /** f(0) = 0, so that padding stays zero by itself (softmax clears its own). */
  readonly zeroAtZero: boolean;
  /** The derivative is written with the input, not the output. */
  readonly needsInput?: true;
  /** It never falls (where its parameter is not negative): the largest of several outputs is the output of the largest. */
  readonly rises: boolean;
  /** A number >= 0 that it takes. */
  readonly parameter?: ActivationParameter;
}

export interface ActivationParameter {
  /** What the option is called, and Keras' default. */
  readonly option: string;
  readonly usual: number;
}

interface Described {
  /** Its name in prose. */
  readonly title: string;
}

/**
 * An activation of single numbers in float64, as plain as possible: the kernels are held to it. x is the input, a the parameter (0 where there
 * is none). It stands beside what the engine needs, and apart from it, so that bundles do not hold it.
 */
export interface Curve extends Described {
  f(x: number, a: number): number;
  df(x: number, a: number): number;
  /** The ends where |f′(x)| ≤ `FLAT` · max |f′|; where the slope turns its sign in between is not counted. */
  plateaus(a: number): Plateaus;
}

/** An activation of whole rows: y = f(z), and the gradient with respect to z given that with respect to y. */
export interface RowCurve extends Described {
  forward(z: Float64Array): Float64Array;
  backward(z: Float64Array, dy: Float64Array): Float64Array;
}

/** Where an activation is flat: at inputs x ≤ `below` and x ≥ `above`. */
export interface Plateaus {
  readonly below: number;
  readonly above: number;
}

/** A slope under this share of the activation's largest one counts as flat: 1 − .99², so that tanh is flat where |tanh x| ≥ .99. */
export const FLAT = 0.0199;

export function flatBeyond(x: number): Plateaus {
  return { below: -x, above: x };
}

export function flatBelow(x: number): Plateaus {
  return { below: x, above: Infinity };
}

export const NEVER_FLAT: Plateaus = { below: -Infinity, above: Infinity };
