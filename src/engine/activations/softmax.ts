import type { Activation, RowCurve } from './activation.ts';

/** y = e^z / Σ e^z over the last axis. */
export const softmax = { zeroAtZero: true, rises: false } as const satisfies Activation;

export const softmaxCurve: RowCurve = {
  title: 'Softmax',
  forward(z) {
    const largest = z.reduce((a, b) => Math.max(a, b));
    const exponentials = z.map((x) => Math.exp(x - largest));
    const sum = exponentials.reduce((a, b) => a + b);
    return exponentials.map((e) => e / sum);
  },
  backward(z, dy) {
    const y = softmaxCurve.forward(z);
    const mean = y.reduce((sum, p, j) => sum + p * dy[j], 0);
    return y.map((p, j) => p * (dy[j] - mean));
  },
};
