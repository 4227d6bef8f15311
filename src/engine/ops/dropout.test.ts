import { expect, test } from 'vitest';
import {
  bitsOf,
  classes,
  dense,
  firstRows,
  largestGap,
  network,
  pixels,
  randomWeights,
  uniform,
} from '../../../test/support/networks.ts';
import { Random } from '../../util/random.ts';
import type { Network, NetworkSpec, Targets } from '../engine.ts';
import type { Step } from '../op.ts';
import { referenceEngine } from '../reference.ts';
import { createWasmEngine } from '../wasm.ts';
import { dropout as dropoutStep } from './dropout.ts';

const dropout = (rate: number): Step => dropoutStep({ rate });
const SPEC = { scale: 1, offset: 0 };
const FIRST: Targets = { kind: 'classes', classes: [0] };

/** The identity as a kernel [width][width]. */
function identity(width: number): Float32Array {
  return Float32Array.from({ length: width * width }, (_, k) => (k % (width + 1) === 0 ? 1 : 0));
}

/** The next mask of `place` dropout layers of the same width, the last of which has `rate`: ones go in, and with zero weights at the end the gradient is half of what comes through. */
function maskReader(width: number, rate: number, place = 0): { net: Network; next: () => number[] } {
  const before = Array.from({ length: place }, () => [
    dropout(0),
    ...dense(width, { useBias: false }),
  ]).flat();
  const net = createWasmEngine().createNetwork({
    ...SPEC,
    shape: [width],
    steps: [...before, dropout(rate), ...dense(2, { activation: 'softmax', useBias: false })],
  });
  net.setWeights([...Array.from({ length: place }, () => identity(width)), new Float32Array(2 * width)]);
  const rows = net.createRows({ data: new Float32Array(width).fill(1), shape: [1, width] });
  const next = (): number[] => {
    const gradients = net.gradients(rows, FIRST, firstRows(1));
    const last = gradients[gradients.length - 1];
    return Array.from({ length: width }, (_, i) => 2 * last[2 * i + 1]);
  };
  return { net, next };
}

test.each([0.1, 0.3, 0.5, 0.9])(
  'rate %f: that share of 20,000 values dropped within 4 standard deviations, the others times 1 / (1 - rate)',
  (rate) => {
    const { net, next } = maskReader(20_000, rate);
    net.setSeed(1);
    const mask = next();
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
    const dropped = mask.filter((m) => m === 0).length / mask.length;
    expect(Math.abs(dropped - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / mask.length));
  },
);

test('rate 0 drops nothing; a rate just below 1 drops nearly everything', () => {
  expect(maskReader(100, 0).next()).toEqual(new Array(100).fill(1));
  const kept = maskReader(1000, 1 - 1e-12)
    .next()
    .filter((m) => m !== 0);
  expect(kept.length).toBe(0);
});

test('a seed starts the same masks again; seeds, batches and layers have masks of their own: overlap within 5 standard deviations', () => {
  const width = 4000;
  const first = maskReader(width, 0.5);
  first.net.setSeed(7);
  const masks = [first.next(), first.next()];
  first.net.setSeed(7);
  expect([first.next(), first.next()]).toEqual(masks);
  first.net.setSeed(8);
  masks.push(first.next());
  first.net.setSeed(-7);
  masks.push(first.next());
  const second = maskReader(width / 10, 0.5, 1);
  second.net.setSeed(7);
  const later = second.next();
  for (let a = 0; a < masks.length; a++) {
    for (let b = 0; b < a; b++) {
      const agree = masks[a].filter((m, i) => m === masks[b][i]).length;
      expect(Math.abs(agree - width / 2)).toBeLessThan(5 * Math.sqrt(width / 4));
    }
    const agree = later.filter((m, i) => m === masks[a][i]).length;
    expect(Math.abs(agree - later.length / 2)).toBeLessThan(5 * Math.sqrt(later.length / 4));
  }
});

test('the four lanes of a mask are independent: each pair agrees on half within 5 standard deviations', () => {
  const mask = maskReader(16_000, 0.5).next();
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b < a; b++) {
      let agree = 0;
      for (let i = 0; i < mask.length; i += 4) agree += Number(mask[i + a] === mask[i + b]);
      expect(Math.abs(agree - 2000)).toBeLessThan(5 * Math.sqrt(1000));
    }
  }
});

test('off in evaluate and predict: the bits of the network without dropout', () => {
  const random = new Random(1, 'off');
  const plain = network(20, [12, 9], 4, { activation: 'tanh' });
  const { steps } = plain;
  const [a, b, c] = [0, 2, 4].map((k) => steps.slice(k, k + 2));
  const dropping: NetworkSpec = {
    ...plain,
    steps: [dropout(0.5), ...a, dropout(0.4), ...b, dropout(0.3), ...c],
  };
  const weights = randomWeights(plain, random);
  const inputs = { data: uniform(60, -1, 1, random), shape: [3, 20] };
  const targets = classes(3, 4, random);
  const results = [plain, dropping].map((spec) => {
    const net = createWasmEngine().createNetwork(spec);
    net.setWeights(weights);
    const rows = net.createRows(inputs);
    return { outputs: bitsOf([net.predict(rows)]), measured: net.evaluate(rows, targets) };
  });
  expect(results[1]).toEqual(results[0]);
});

test('backward: gradients behind a known mask are those of the reference with masked rows of the next kernel, within 5e-6', () => {
  const random = new Random(2, 'backward');
  const width = 21;
  const { net: reader, next } = maskReader(width, 0.4);
  reader.setSeed(5);
  const mask = next();
  const plain = network(13, [width], 4, { activation: 'tanh' }, { scale: 1 / 255 });
  const { steps } = plain;
  const weights = randomWeights(plain, random);
  const masked = weights.map((w, k) => (k === 2 ? w.map((x, at) => x * mask[Math.floor(at / 4)]) : w));
  const net = createWasmEngine().createNetwork({
    ...plain,
    steps: [...steps.slice(0, 2), dropout(0.4), ...steps.slice(2)],
  });
  net.setWeights(weights);
  net.setSeed(5);
  for (const inputs of [pixels(1, 13, random), { data: uniform(13, -255, 255, random), shape: [1, 13] }]) {
    net.setSeed(5);
    const reference = referenceEngine.createNetwork(plain);
    reference.setWeights(masked);
    const expected = reference.float64Gradients(reference.createRows(inputs), FIRST, firstRows(1));
    // d loss / d kernel = mask × d loss / d (masked kernel)
    expected[2] = expected[2].map((g, at) => g * mask[Math.floor(at / 4)]);
    net.gradients(net.createRows(inputs), FIRST, firstRows(1)).forEach((g, k) => {
      expect(largestGap(g, expected[k])).toBeLessThan(5e-6);
    });
  }
});

test('two dropouts in a row multiply: of 20,000 values a share 0.75 is dropped within 4 standard deviations, the rest times 4', () => {
  const width = 20_000;
  const net = createWasmEngine().createNetwork({
    ...SPEC,
    shape: [width],
    steps: [dropout(0.5), dropout(0.5), ...dense(2, { activation: 'softmax', useBias: false })],
  });
  const rows = net.createRows({ data: new Float32Array(width).fill(1), shape: [1, width] });
  const [g] = net.gradients(rows, FIRST, firstRows(1));
  const mask = Array.from({ length: width }, (_, i) => 2 * g[2 * i + 1]);
  expect(new Set(mask)).toEqual(new Set([0, 4]));
  const share = mask.filter((m) => m === 0).length / width;
  expect(Math.abs(share - 0.75)).toBeLessThan(4 * Math.sqrt(0.1875 / width));
});
