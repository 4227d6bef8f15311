import { fixed } from '../util/fixed.ts';
import type { EpochLogs } from './history.ts';

/** Keras' verbose = 2: `1875/1875 - 9s - 5ms/step - accuracy: 0.9214 - loss: 0.2670 - val_accuracy: 0.9610 - val_loss: 0.1271`; values in the order of their names. */
export function epochLine(steps: number, seconds: number, logs: EpochLogs): string {
  const values = Object.entries<number | undefined>(logs)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${formatValue(value!)}`);
  return [`${steps}/${steps}`, `${fixed(seconds, 0)}s`, perStep(seconds / steps), ...values].join(' - ');
}

/** As Python's `.4f`, or `.4e` up to a thousandth. */
function formatValue(value: number): string {
  return value > 1e-3 ? fixed(value, 4) : value.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2');
}

function perStep(seconds: number): string {
  if (seconds >= 1) return `${fixed(seconds, 0)}s/step`;
  if (seconds >= 1e-3) return `${fixed(seconds * 1e3, 0)}ms/step`;
  return `${fixed(seconds * 1e6, 0)}us/step`;
}
