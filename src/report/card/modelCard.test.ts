import { expect, test } from 'vitest';
import { unitCosts } from '../../analysis/evaluation/costs.ts';
import { bytesFile } from '../../data/readers/dataFile.ts';
import { readDataSet } from '../../data/readers/readDataSet.ts';
import type { DataSet } from '../../data/dataSet.ts';
import { evidenceOf } from '../../study/evaluation/evidence.ts';
import { type Evaluation, setRecord } from '../../study/evaluation/record.ts';
import { cardOf } from './card.ts';
import { cardMarkdown } from './markdown.ts';

/** Ten images of `side` × `side` equal pixels for each of two classes. */
const table = (value: number, side: number, names: readonly string[]): Uint8Array => {
  const row = (name: string) => [name, ...new Array<number>(side * side).fill(value)].join(',');
  const rows = names.flatMap((name) => new Array<string>(10).fill(row(name)));
  return new TextEncoder().encode(`${row('label').replaceAll(String(value), 'x')}\n${rows.join('\n')}\n`);
};

/** Dark on light, and the test images, which are from elsewhere, light on dark. */
const setOf = (side: number, names: readonly string[]): Promise<DataSet> =>
  readDataSet([bytesFile('folder.csv', table(250, side, names))], {
    test: [bytesFile('testdark.csv', table(5, side, names))],
  });

/** The card of a network that gets half of the images right. */
function cardTextOf(set: DataSet | null, answered = true): string {
  const hash = 'a'.repeat(64);
  const classes = set?.classes.length ?? 10;
  const row = new Array<number>(classes).fill(0);
  const confusion = row.map((_, t) => row.map((_, p) => (p === t || p === (t + 1) % classes ? 5 : 0)));
  const of = { arm: 'relu', activation: 'relu', seed: 1, hash };
  const result = {
    images: 10 * classes,
    subjects: [{ ...of, confusion, accuracy: 0.5, mnist: null }],
  };
  const evaluation: Evaluation = {
    format: 'dactyl-evaluation/1',
    target: { kind: 'study', name: 'train_folder_testdark', hash, quickStudy: false },
    command: '',
    quick: false,
    environment: {
      dactyl: '0.0.0',
      numerics: 1,
      runtime: 'Node',
      platform: 'linux x64',
      processor: 'a processor',
      workers: 1,
    },
    data: {
      trainImages: 20,
      testImages: 10 * classes,
      own: false,
      writers: null,
      files: [],
      ...(set && { set: setRecord(set) }),
    },
    arms: [
      {
        name: 'relu',
        label: 'ReLU',
        activation: 'relu',
        parameters: 10,
        layers: ['Dense 10'],
        recipe: null,
      },
    ],
    networks: [{ ...of, trial: null }],
    parts: answered
      ? [{ part: 'answers', version: 1, key: '', networks: [hash], seconds: 1, sha256: hash, result }]
      : [],
    missing: [],
    evidence: evidenceOf(null, []),
    costs: { matrix: unitCosts(classes), source: null },
    watts: null,
  };
  return cardMarkdown(cardOf(evaluation, { train: row, test: row }, 'dactyl card'));
}

const TWO = ['cat', 'dog'];

test('test images of elsewhere are named as what they are of, in the card and in the data sheet', async () => {
  const set = await setOf(4, TWO);
  const text = cardTextOf({ ...set, facts: { ...set.facts, testOf: 'testdark' } });
  expect(text).toContain('The 20 test images of testdark.');
  expect(text).toContain('20 for training, 20 for testing, of testdark.');
  expect(cardTextOf(set)).toContain('The 20 test images of folder.csv.');
});

test('the preparation is what the readers did', async () => {
  const text = cardTextOf(await setOf(4, TWO));
  expect(text).toMatch(
    /Preparation.*dark on light \(outermost pixels 250 of 255 on average\), inverted; test: light on dark \(outermost pixels 5 of 255 on average\); the division by 255/,
  );
  expect(text).not.toContain('as they are in the files');
  expect(text).not.toMatch(/Preparation.*training images in each/);
  expect(cardTextOf(null)).toContain('Bytes 0 to 255 as they are in the files; the division by 255');
});

test('what each class’s share is, is measured where the table of the shares stands below', async () => {
  const set = await setOf(4, TWO);
  expect(cardTextOf(set)).toContain('Which class it is: measured (Quantitative analyses');
  expect(cardTextOf(set, false)).toContain('Which class it is: not measured here.');
  expect(cardTextOf(null)).toContain('Which digit it is: measured (Quantitative analyses');
  expect(cardTextOf(null)).toMatch(/Who wrote the digit .*: not measured here\./);
});

test('the threshold is the one that predict and serve apply: .99 to digits of 28 × 28 pixels, above .5 else', async () => {
  const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
  for (const set of [null, await setOf(28, digits)]) {
    expect(cardTextOf(set)).toContain('sure from a probability of 0.99 on');
  }
  for (const set of [await setOf(4, TWO), await setOf(28, TWO), await setOf(4, digits)]) {
    expect(cardTextOf(set)).toContain('dactyl serve calls it sure above 0.5.');
  }
});
