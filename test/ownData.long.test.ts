import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { beforeAll, expect, test } from 'vitest';
import { Random } from '../src/util/random.ts';
import { dactyl, type Ended } from './support/dactyl.ts';

const [ROWS, COLUMNS, CHANNELS] = [12, 10, 3];
const CLASSES = ['bars', 'columns', 'dots'];
const TRAIN = 300;

/** Pictures of three patterns in colours, as IDX files with their classes in a table of names. */
function writeImages(folder: string, part: 'train' | 't10k', n: number): void {
  const random = new Random(n, part);
  const size = ROWS * COLUMNS * CHANNELS;
  const images = Uint8Array.from({ length: n * size }, () => random.integer(90));
  const labels = Uint8Array.from({ length: n }, (_, i) => i % CLASSES.length);
  labels.forEach((label, i) => {
    const [shift, channel] = [random.integer(3), random.integer(CHANNELS)];
    for (let r = 0; r < ROWS; r++) {
      for (let c = 0; c < COLUMNS; c++) {
        const on = [(r + shift) % 3 === 0, (c + shift) % 3 === 0, (r + c + shift) % 3 === 0][label];
        if (on) images[i * size + (r * COLUMNS + c) * CHANNELS + channel] = 160 + random.integer(90);
      }
    }
  });
  const head = (...shape: number[]): Buffer => {
    const bytes = Buffer.alloc(4 + 4 * shape.length);
    bytes.set([0, 0, 8, shape.length]);
    shape.forEach((extent, k) => bytes.writeUInt32BE(extent, 4 + 4 * k));
    return bytes;
  };
  const [imageHead, labelHead] = [head(n, ROWS, COLUMNS, CHANNELS), head(n)];
  writeFileSync(join(folder, `${part}-images-idx4-ubyte`), Buffer.concat([imageHead, images]));
  writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), Buffer.concat([labelHead, labels]));
}

const FOLDER = mkdtempSync(join(tmpdir(), 'dactyl-patterns-'));
const DATA = join(FOLDER, 'patterns');
const OUT = join(FOLDER, 'runs');
const json = (name: string, value: unknown): string => {
  const path = join(FOLDER, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};

/** Sentences that are of MNIST whatever the data are: where methods and bounds come from. */
const OF_MNIST = [
  /The paper's [^.]*? are about the handwritten digits of MNIST[^.]*\./g,
  /C\. Yadav, L\. Bottou: Cold case: the lost MNIST digits/g,
  /MNIST-C-style means the definitions of MNIST-C, whose levels were chosen for digits of 28 × 28 pixels/g,
  /Strokes are measured of grey images of digits and letters only/g,
  /drawings\s*not run: it is about digits of 28 × 28 grey pixels/g,
];

/** What a page says of these images. */
function pageText(path: string): string {
  const { document } = new JSDOM(readFileSync(path, 'utf8')).window;
  const main = document.querySelector('main')!;
  main.querySelectorAll('script, style, #references').forEach((one) => {
    one.remove();
  });
  const alts = [...main.querySelectorAll('[aria-label], img[alt]')].map(
    (one) => one.getAttribute('aria-label') ?? one.getAttribute('alt') ?? '',
  );
  const text = [main.textContent, ...alts].join(' ').replace(/\s+/g, ' ');
  return OF_MNIST.reduce((rest, one) => rest.replace(one, ''), text);
}

function expectItsOwn(path: string): string {
  expect(existsSync(path), path).toBe(true);
  const text = pageText(path);
  expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
  for (const word of [
    /\bdigits?\b/i,
    /\b28 × 28\b/,
    /\b60,000\b/,
    /\b54,000\b/,
    /\b6,000\b/,
    /\b10,000 test\b/,
  ]) {
    const found = new RegExp(`.{0,80}${word.source}.{0,40}`, word.flags).exec(text);
    expect(found?.[0], `${path}: ${word.source}`).toBeUndefined();
  }
  return text;
}

let trained: Ended;
let compared: Ended;

beforeAll(async () => {
  mkdirSync(DATA);
  writeImages(DATA, 'train', TRAIN);
  writeImages(DATA, 't10k', 150);
  const recipe = json('small.json', { units: [8], epochs: 3, learningRate: 0.01 });
  trained = await dactyl(['train', '--data', DATA, '--recipe', recipe, '--out', OUT]);
  compared = await dactyl([
    ...['compare', '--data', DATA, '--seeds', '2', '--epochs', '2', '--units', '8'],
    ...['--validation', 'holdout', '--out', OUT],
  ]);
}, 600_000);

const folderOf = ({ stdout }: Ended, file: string): string => {
  const found = new RegExp(`^\\w+ +(\\S+)/${file}`, 'm').exec(stdout);
  expect(found, stdout).not.toBeNull();
  return found![1];
};

test('train: a model, curves, and a card with a contact sheet and what was understood', () => {
  expect(trained).toMatchObject({ exit: 0, stderr: '' });
  const card = join(folderOf(trained, 'card.html'), 'card.html');
  const text = expectItsOwn(card);
  expect(text).toContain('The first 8 training images of each class');
  expect(text).toContain('300 training and 150 test images of 12 × 10 pixels');
  expect(text).toContain('270 of them, 30 kept out for validation');
  const { document } = new JSDOM(readFileSync(card, 'utf8')).window;
  expect(document.querySelectorAll('.contact img')).toHaveLength(3);
});

test('compare: a report that speaks of these images alone', () => {
  expect(compared).toMatchObject({ exit: 0, stderr: '' });
  const text = expectItsOwn(join(folderOf(compared, 'report.html'), 'report.html'));
  expect(text).toContain('Of the 300 training images 30 were held out, in proportion to class;');
  expect(text).toContain('What was understood of the files');
  expect(text).toContain('three channels: colours as they are');
});

test('evaluate and card of the comparison: every part, or why not', async () => {
  const study = folderOf(compared, 'report.html');
  const evaluated = await dactyl(['evaluate', study, '--quick']);
  expect(evaluated.exit).toBe(0);
  const text = expectItsOwn(join(study, 'evaluation.html'));
  expect(text).toContain('Sets of classes that promise');
  expect(await dactyl(['card', study])).toMatchObject({ exit: 0 });
  expectItsOwn(join(study, 'card.html'));
}, 600_000);

test('study run and tune with data: their pages, with as many images held out as there are', async () => {
  const study = json('patterns.json', {
    name: 'patterns',
    question: 'Which?',
    recipe: { units: [8], epochs: 2 },
    arms: { relu: {}, tanh: { activation: 'tanh' } },
    seeds: 2,
    split: { kind: 'folds', folds: 3, repeats: 1, groups: 'images' },
    data: DATA,
  });
  expect(await dactyl(['study', 'run', study, '--out', OUT])).toMatchObject({ exit: 0, stderr: '' });
  const folds = expectItsOwn(join(OUT, 'patterns', 'report.html'));
  expect(folds).toContain('the 300 training images were divided into three folds, in proportion to class.');
  const search = json('search.json', {
    name: 'search',
    question: 'Which rate?',
    recipe: { units: [8] },
    arms: { relu: {}, tanh: { activation: 'tanh' } },
    space: { learningRate: { kind: 'logUniform', from: 0.001, to: 0.03 } },
    configurations: 4,
    rungs: [1, 2],
    reduction: 2,
    confirmation: 2,
  });
  const tuned = await dactyl(['tune', search, '--data', DATA, '--out', OUT]);
  expect(tuned).toMatchObject({ exit: 0, stderr: '' });
  expect(expectItsOwn(join(OUT, 'search', 'report.html'))).toContain('on 30 held-out training images');
}, 600_000);
