import { expect, test } from 'vitest';
import { epochLine } from './epochLine.ts';

// The first lines of the paper's two models.
test.each([
  [
    1875,
    9,
    { loss: 0.267, accuracy: 0.9214, val_loss: 0.1271, val_accuracy: 0.961 },
    '1875/1875 - 9s - 5ms/step - accuracy: 0.9214 - loss: 0.2670 - val_accuracy: 0.9610 - val_loss: 0.1271',
  ],
  [
    1875,
    9.4,
    { loss: 0.27268, accuracy: 0.92289, val_loss: 0.13534, val_accuracy: 0.9598 },
    '1875/1875 - 9s - 5ms/step - accuracy: 0.9229 - loss: 0.2727 - val_accuracy: 0.9598 - val_loss: 0.1353',
  ],
])("as in the paper's output: %i steps", (steps, seconds, logs, line) => {
  expect(epochLine(steps, seconds, logs)).toBe(line);
});

// keras/src/utils/progbar.py: _format_time, and the values of verbose = 2.
test('without metrics; steps of microseconds and of seconds', () => {
  expect(epochLine(1875, 0.6, { loss: 2.30259 })).toBe('1875/1875 - 1s - 320us/step - loss: 2.3026');
  expect(epochLine(3, 12, { loss: 12.5 })).toBe('3/3 - 12s - 4s/step - loss: 12.5000');
});

test('values up to a thousandth in scientific notation, as Python writes it', () => {
  const line = epochLine(10, 1, { loss: 0.000123456, accuracy: 0, val_loss: 0.001, val_accuracy: 1 });
  expect(line).toBe(
    '10/10 - 1s - 100ms/step - accuracy: 0.0000e+00 - loss: 1.2346e-04 - val_accuracy: 1.0000 - val_loss: 1.0000e-03',
  );
});

test('values between two roundings go to the even digit, as in Python; any names, in their order', () => {
  const logs = { loss: 0.03125, val_loss: 0.09375, f1_score: 0.5, auc: 1 };
  expect(epochLine(1, 2.5, logs)).toBe(
    '1/1 - 2s - 2s/step - auc: 1.0000 - f1_score: 0.5000 - loss: 0.0312 - val_loss: 0.0938',
  );
});
