/** What the engines need to know of each activation; the formulas stand in `reference.ts` and in `assembly/activations/`. */
export const ACTIVATIONS = {
  linear: { zeroAtZero: true, needsInput: false, rises: true },
  relu: { zeroAtZero: true, needsInput: false, rises: true },
  leakyRelu: { zeroAtZero: true, needsInput: false, rises: true },
  elu: { zeroAtZero: true, needsInput: false, rises: true },
  selu: { zeroAtZero: true, needsInput: false, rises: true },
  gelu: { zeroAtZero: true, needsInput: true, rises: false },
  silu: { zeroAtZero: true, needsInput: true, rises: false },
  softplus: { zeroAtZero: false, needsInput: true, rises: true },
  softsign: { zeroAtZero: true, needsInput: false, rises: true },
  sigmoid: { zeroAtZero: false, needsInput: false, rises: true },
  tanh: { zeroAtZero: true, needsInput: false, rises: true },
  softmax: { zeroAtZero: true, needsInput: false, rises: false },
} as const satisfies Record<
  string,
  {
    /** f(0) = 0, so that padding stays zero by itself (softmax clears its own). */
    zeroAtZero: boolean;
    /** The derivative is written with the input, not the output. */
    needsInput: boolean;
    /** It never falls (where its parameter is not negative): the largest of several outputs is the output of the largest. */
    rises: boolean;
  }
>;

export type ActivationName = keyof typeof ACTIVATIONS;
