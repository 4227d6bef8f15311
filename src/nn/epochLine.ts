import type { EpochLogs } from './history.ts';

/** Keras' order of the values in a line of progress. */
const ORDER = ['accuracy', 'loss', 'val_accuracy', 'val_loss'] as const;

/** Keras' verbose = 2: `1875/1875 - 9s - 5ms/step - accuracy: 0.9214 - loss: 0.2670 - val_accuracy: 0.9610 - val_loss: 0.1271`. */
export function epochLine(steps: number, seconds: number, logs: EpochLogs): string {
  const values = ORDER.filter((name) => logs[name] !== undefined).map(
    (name) => `${name}: ${formatValue(logs[name]!)}`,
  );
  return [`${steps}/${steps}`, `${seconds.toFixed(0)}s`, perStep(seconds / steps), ...values].join(' - ');
}

/** As Python's `.4f`, or `.4e` up to a thousandth. */
function formatValue(value: number): string {
  return value > 1e-3 ? value.toFixed(4) : value.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2');
}

function perStep(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(0)}s/step`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(0)}ms/step`;
  return `${(seconds * 1e6).toFixed(0)}us/step`;
}
