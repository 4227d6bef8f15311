/** What the engines need to know of each activation; the formulas stand in `reference.ts` and in `assembly/activations/`. */
export const ACTIVATIONS = {
  linear: { zeroAtZero: true, needsInput: false },
  relu: { zeroAtZero: true, needsInput: false },
  leakyRelu: { zeroAtZero: true, needsInput: false },
  elu: { zeroAtZero: true, needsInput: false },
  selu: { zeroAtZero: true, needsInput: false },
  gelu: { zeroAtZero: true, needsInput: true },
  silu: { zeroAtZero: true, needsInput: true },
  softplus: { zeroAtZero: false, needsInput: true },
  softsign: { zeroAtZero: true, needsInput: false },
  sigmoid: { zeroAtZero: false, needsInput: false },
  tanh: { zeroAtZero: true, needsInput: false },
  softmax: { zeroAtZero: true, needsInput: false },
} as const satisfies Record<
  string,
  {
    /** f(0) = 0, so that padding stays zero by itself (softmax clears its own). */
    zeroAtZero: boolean;
    /** The derivative is written with the input, not the output. */
    needsInput: boolean;
  }
>;

export type ActivationName = keyof typeof ACTIVATIONS;
