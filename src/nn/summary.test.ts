import { expect, test } from 'vitest';
import { Dense, Dropout, Flatten, Input, type Layer, Rescaling } from './layers.ts';
import { Sequential } from './sequential.ts';

function summary(...layers: Layer[]): string {
  using model = new Sequential(layers);
  return model.summary();
}

test("the paper's network: Keras 3's table, letter by letter", () => {
  const received = summary(
    Input([28, 28]),
    Flatten(),
    Dense(128, { activation: 'relu' }),
    Dense(64, { activation: 'relu' }),
    Dense(32, { activation: 'relu' }),
    Dense(10, { activation: 'softmax' }),
  );
  expect(received).toBe(`Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ flatten (Flatten)               │ (None, 784)            │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense (Dense)                   │ (None, 128)            │       100,480 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense_1 (Dense)                 │ (None, 64)             │         8,256 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense_2 (Dense)                 │ (None, 32)             │         2,080 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense_3 (Dense)                 │ (None, 10)             │           330 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 111,146 (434.16 KB)
 Trainable params: 111,146 (434.16 KB)
 Non-trainable params: 0 (0.00 B)`);
});

test('other layers: shapes before Flatten, numbered names, no bias; bytes below a KB', () => {
  const lines = summary(
    Input([2, 3]),
    Rescaling(2),
    Flatten(),
    Dropout(0.1),
    Dense(5, { useBias: false }),
    Dropout(0.2),
    Dense(2, { activation: 'softmax' }),
  ).split('\n');
  expect(
    lines
      .filter((line) => line.startsWith('│'))
      .map((line) =>
        line
          .split('│')
          .slice(1, 4)
          .map((cell) => cell.trim()),
      ),
  ).toEqual([
    ['rescaling (Rescaling)', '(None, 2, 3)', '0'],
    ['flatten (Flatten)', '(None, 6)', '0'],
    ['dropout (Dropout)', '(None, 6)', '0'],
    ['dense (Dense)', '(None, 5)', '30'],
    ['dropout_1 (Dropout)', '(None, 5)', '0'],
    ['dense_1 (Dense)', '(None, 2)', '12'],
  ]);
  expect(lines.at(-3)).toBe(' Total params: 42 (168.00 B)');
});

test('a megabyte', () => {
  expect(summary(Input([512]), Dense(512, { useBias: false }))).toContain('Total params: 262,144 (1.00 MB)');
});
