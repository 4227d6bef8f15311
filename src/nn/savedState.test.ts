import { expect, test } from 'vitest';
import { errorOf, points } from '../../test/support/models.ts';
import { decodeSafetensors, encodeSafetensors } from '../util/safetensors.ts';
import { BatchNormalization, Dense, Dropout, Input } from './layers.ts';
import { Adam, Lion, RMSprop, SGD } from './optimizers.ts';
import { decodeModel, encodeModel } from './saved.ts';
import { Sequential } from './sequential.ts';

const QUIET = { verbose: 0 } as const;
const { inputs, labels } = points(40);

function model(optimizer: Parameters<Sequential['compile']>[0]['optimizer']): Sequential {
  const made = new Sequential(
    [
      Input(inputs.shape.slice(1)),
      Dense(9, { activation: 'relu' }),
      BatchNormalization(),
      Dropout(0.3),
      Dense(3, { activation: 'softmax' }),
    ],
    { seed: 4 },
  );
  made.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return made;
}

const OPTIMIZERS = [
  Adam({ clipnorm: 1 }),
  SGD({ momentum: 0.9 }),
  RMSprop({ centered: true, momentum: 0.5 }),
  Lion(),
];

test.each(OPTIMIZERS.map((optimizer) => [optimizer.name, optimizer] as const))(
  'saved with its optimizer %s, a model trains on to the same bits as if it had not been; without, to others',
  async (_, optimizer) => {
    const whole = model(optimizer);
    await whole.fit(inputs, labels, { ...QUIET, epochs: 2, batchSize: 7 });
    const saved = encodeModel(whole, { includeOptimizer: true });
    const bare = encodeModel(whole);
    await whole.fit(inputs, labels, { ...QUIET, epochs: 2, batchSize: 7 });
    const [again, afresh] = [decodeModel(saved), decodeModel(bare)];
    for (const one of [again, afresh]) {
      await one.fit(inputs, labels, { ...QUIET, epochs: 2, batchSize: 7 });
    }
    expect(again.weightsHash()).toBe(whole.weightsHash());
    expect(afresh.weightsHash()).not.toBe(whole.weightsHash());
  },
);

test('a state that lacks a piece is E_FORMAT; one that is asked of a model without data to save is E_STATE', async () => {
  const made = model('adam');
  const { tensors, metadata } = decodeSafetensors(encodeModel(made, { includeOptimizer: true }), 'file');
  const parts = Object.fromEntries(tensors);
  delete parts['state/first/0'];
  const broken = encodeSafetensors(parts, Object.fromEntries(metadata));
  expect((await errorOf(() => decodeModel(broken))).code).toBe('E_FORMAT');
  const plain = new Sequential(made.layers);
  expect((await errorOf(() => encodeModel(plain, { includeOptimizer: true }))).code).toBe('E_STATE');
});
