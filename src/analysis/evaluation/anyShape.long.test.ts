import { expect, test } from 'vitest';
import type { Examples } from '../../data/examples.ts';
import { Dense, Flatten, Input, Rescaling } from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import { sizeOf } from '../../util/tensor.ts';
import type { EvaluationData, Subject } from '../subject.ts';
import { unmetNeed } from './needs.ts';
import { PART_NAMES, PARTS } from './parts.ts';

const FORMS: readonly { shape: readonly number[]; classes: number }[] = [
  { shape: [10, 12, 3], classes: 12 },
  { shape: [9, 7], classes: 2 },
  { shape: [8, 8, 1], classes: 10 },
  { shape: [6, 13, 2], classes: 62 },
];

function examples(n: number, shape: readonly number[], classes: number, seed: number): Examples {
  const random = new Random(seed, 'examples');
  const data = Uint8Array.from({ length: n * sizeOf(shape) }, () => random.integer(256));
  const labels = Uint8Array.from({ length: n }, (_, k) => k % classes);
  return { images: { data, shape: [n, ...shape] }, labels, classes };
}

function network(shape: readonly number[], classes: number, seed: number): Subject {
  const layers = [
    Input([...shape]),
    Rescaling(1 / 255),
    Flatten(),
    Dense(6, { activation: 'relu' }),
    Dense(classes, { activation: 'softmax' }),
  ];
  const model = new Sequential(layers, { seed });
  return { arm: 'relu', activation: 'relu', seed, hash: model.weightsHash(), model };
}

const numbersOf = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(numbersOf)
      : [];

test.each(FORMS)(
  'every part that has what it needs measures $classes classes of $shape, in numbers that JSON can hold',
  async ({ shape, classes }) => {
    const names = Array.from({ length: classes }, (_, k) => `class ${k}`);
    const data: EvaluationData = {
      train: examples(2 * classes + 70, shape, classes, 1),
      test: examples(classes + 100, shape, classes, 2),
      classes: names,
      facts: {},
    };
    const half = ({ seed }: { seed: number }) => {
      const rows = Uint32Array.from({ length: data.train.labels.length }, (_, k) => k);
      return new Random(seed, 'half')
        .shuffle(rows)
        .slice(0, rows.length / 2)
        .sort();
    };
    const shadows = [1, 2, 3, 4, 5, 6].map((seed) => network(shape, classes, seed));
    const measured: string[] = [];
    for (const name of PART_NAMES) {
      const chosen = PARTS[name];
      const { needs, scope } = chosen;
      if (unmetNeed(needs, { data, name: 'made up', givenTest: false }) !== null) continue;
      const own = shadows.slice(0, scope === 'one' ? 1 : name === 'membership' ? 6 : 2);
      const result = await chosen.measure({ subjects: own, data, quick: true, trainedOn: half }, {});
      const numbers = numbersOf(result);
      expect(numbers.length, name).toBeGreaterThan(0);
      expect(numbersOf(JSON.parse(JSON.stringify(result))).length, name).toBe(numbers.length);
      measured.push(name);
    }
    expect(PART_NAMES.filter((name) => !measured.includes(name))).toEqual([
      'drawings',
      'untouched',
      'mitigation',
    ]);
  },
);
