import { expect, test } from 'vitest';
import { errorOf } from '../../test/support/models.ts';
import { sha256Hex } from '../util/hash.ts';
import { Random } from '../util/random.ts';
import { decodeSafetensors, encodeSafetensors } from '../util/safetensors.ts';
import type { Tensor } from '../util/tensor.ts';
import { decodeFitState, encodeFitState, type FitState } from './fitState.ts';

const STATE: FitState = {
  run: 'a run',
  epoch: 2,
  position: 3,
  lossSum: 0.1 + 0.2,
  correct: 1,
  order: Uint32Array.of(2, 0, 3, 1),
  shuffle: Uint32Array.of(0xffff_ffff, 0x8000_0000, 1, 0),
  history: { loss: [0.1, 1 / 3], val_loss: [5e-324, 1e300] },
  best: {
    epoch: 1,
    value: 1 / 7,
    weights: Array.from({ length: 12 }, (_, k) => ({ data: Float32Array.of(k, -0), shape: [1, 2] })),
  },
  network: new Map<string, Tensor>([
    ['weights/0', { data: Float32Array.of(1e-45, -0, 3), shape: [3] }],
    ['dropout/1', { data: Int32Array.of(-1, 2), shape: [2] }],
    ['optimizer', { data: Float64Array.of(Math.PI), shape: [1] }],
  ]),
};

test('what goes in comes out, every bit, with or without a best epoch', () => {
  const extra = { text: 'ü\u0000"', list: [1, null] };
  expect(decodeFitState(encodeFitState(STATE, extra), 'f')).toEqual({ state: STATE, extra });
  const { best, ...plain } = STATE;
  expect(best).toBeDefined();
  expect(decodeFitState(encodeFitState(plain), 'f')).toEqual({ state: plain, extra: null });
  expect(encodeFitState(STATE, extra)).toEqual(encodeFitState(STATE, extra));
});

test('10,000 epochs and hashes fit', () => {
  const loss = Array.from({ length: 10_000 }, (_, k) => 1 / (k + 3));
  const extra = loss.map(() => 'f'.repeat(64));
  const received = decodeFitState(encodeFitState({ ...STATE, history: { loss } }, extra), 'f');
  expect(received.state.history.loss).toEqual(loss);
  expect(received.extra).toEqual(extra);
});

test('a file cut at any byte is E_FORMAT', async () => {
  const bytes = encodeFitState(STATE);
  for (let length = 0; length < bytes.length; length++) {
    expect((await errorOf(() => decodeFitState(bytes.subarray(0, length), 'f'))).code).toBe('E_FORMAT');
  }
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  expect((await errorOf(() => decodeFitState(longer, 'f'))).code).toBe('E_FORMAT');
});

test('one bit flipped in any byte is E_FORMAT', async () => {
  const bytes = encodeFitState(STATE);
  const random = new Random(1, 'flips');
  for (let k = 0; k < bytes.length; k++) {
    const bad = bytes.slice();
    bad[k] ^= 1 << random.integer(8);
    const { code, message } = await errorOf(() => decodeFitState(bad, 'some/file'));
    expect(code).toBe('E_FORMAT');
    expect(message).toContain('some/file');
  }
});

/** A file with a true SHA-256 that holds other arrays than it should. */
function forged(change: (tensors: Record<string, Tensor>) => void): Uint8Array {
  const { tensors } = decodeSafetensors(encodeFitState(STATE), 'f');
  const own = Object.fromEntries(tensors);
  change(own);
  const bytes = encodeSafetensors(own, { format: 'dactyl-fit/1', sha256: '0'.repeat(64) });
  const place = new TextDecoder('latin1').decode(bytes).indexOf('0'.repeat(64));
  bytes.set(new TextEncoder().encode(sha256Hex(bytes)), place);
  return bytes;
}

function json(text: string): Tensor {
  const data = new TextEncoder().encode(text);
  return { data, shape: [data.length] };
}

const PLAIN = { run: 'a run', epoch: 2, position: 3, correct: 1, history: {}, best: null, extra: null };
const described = (change: object): Tensor => json(JSON.stringify({ ...PLAIN, ...change }));

test('an honest forgery is read', () => {
  expect(
    decodeFitState(
      forged(() => undefined),
      'f',
    ).state,
  ).toEqual(STATE);
});

test.each<[string, (tensors: Record<string, Tensor>) => void]>([
  ['no description', (t) => delete t.state],
  ['a description of another type', (t) => (t.state = t.shuffle)],
  ['no JSON', (t) => (t.state = json('{'))],
  ['JSON that is no object', (t) => (t.state = json('[]'))],
  ['an unknown key', (t) => (t.state = described({ more: 1 }))],
  ['a negative epoch', (t) => (t.state = described({ epoch: -1 }))],
  ['half an epoch', (t) => (t.state = described({ epoch: 0.5 }))],
  ['a text as a position', (t) => (t.state = described({ position: '3' }))],
  ['a history of texts', (t) => (t.state = described({ history: { loss: ['1'] } }))],
  ['a history that is no list', (t) => (t.state = described({ history: { loss: 1 } }))],
  ['null in the history', (t) => (t.state = described({ history: { loss: [null] } }))],
  ['a best epoch without a value', (t) => (t.state = described({ best: { epoch: 1 } }))],
  ['no sum', (t) => delete t.lossSum],
  ['a sum as float32', (t) => (t.lossSum = { data: Float32Array.of(1), shape: [1] })],
  ['two sums', (t) => (t.lossSum = { data: Float64Array.of(1, 2), shape: [2] })],
  ['no order', (t) => delete t.order],
  ['an order of floats', (t) => (t.order = { data: Float32Array.of(1), shape: [1] })],
  ['three words of a generator', (t) => (t.shuffle = { data: Int32Array.of(1, 2, 3), shape: [3] })],
  ['best weights of another type', (t) => (t['best/3'] = { data: Int32Array.of(1), shape: [1] })],
  ['best weights with a hole', (t) => delete t['best/3']],
  ['an unknown array', (t) => (t.more = t.shuffle)],
])('a file with a true SHA-256 and %s is E_FORMAT', async (_, change) => {
  expect((await errorOf(() => decodeFitState(forged(change), 'f'))).code).toBe('E_FORMAT');
});
