import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { createServer } from 'vite';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import {
  Dense,
  Flatten,
  Input,
  loadMnist,
  loadPicture,
  readDigits,
  readerOf,
  Rescaling,
  Sequential,
} from '../src/index.ts';
import { launchChromium } from './support/chromium.ts';
import { type Ended, run, temporaryFolder } from './support/dactyl.ts';
import { ROOT } from './support/installed.ts';

const example = (name: string, ...flags: string[]): Promise<Ended> =>
  run(process.execPath, [join(ROOT, 'examples', name), ...flags], { cwd: ROOT });

const launched = await launchChromium();
afterAll(async () => {
  await launched.browser?.close();
});

test('paper.ts: both networks are trained, measured and saved', async () => {
  const out = temporaryFolder();
  onTestFinished(() => {
    rmSync(out, { recursive: true });
  });
  const { exit, stdout, stderr } = await example('paper.ts', '--epochs', '1', '--out', out);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toContain('Total params: 111,146');
  for (const name of ['ReLU', 'Tanh']) {
    expect(Number(new RegExp(`Accuracy with ${name}: (0\\.\\d{4})`).exec(stdout)?.[1])).toBeGreaterThan(0.93);
    expect(existsSync(join(out, `${name.toLowerCase()}.safetensors`))).toBe(true);
  }
});

/** A Python, where there is one. */
function python(): string | undefined {
  return ['python3', 'python'].find((name) => {
    try {
      return execFileSync(name, ['--version'], { stdio: 'pipe' }).toString().startsWith('Python 3');
    } catch {
      return false;
    }
  });
}

const PYTHON = python();

test.skipIf(PYTHON === undefined)('paper.py is Python that parses', () => {
  const parse = 'import ast, sys; ast.parse(open(sys.argv[1], encoding="utf-8").read())';
  execFileSync(PYTHON!, ['-c', parse, join(ROOT, 'examples', 'paper.py')], { stdio: 'pipe' });
});

test('worker.ts: the main thread stays free', async () => {
  const { exit, stdout, stderr } = await example('worker.ts');
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(/^Test accuracy 0\.9\d{3}\nThis thread was free all the while\.\n$/);
});

test('own-activation.ts: a network with functions of one’s own learns', async () => {
  const { exit, stdout, stderr } = await example('own-activation.ts', '--epochs', '1');
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(/\nTest accuracy 0\.9\d{3}\n$/);
});

test('keras-mnist-convnet.ts: 34,826 parameters, as Keras counts them, and an accuracy that one epoch gives', async () => {
  const { exit, stdout, stderr } = await example('keras-mnist-convnet.ts', '--epochs', '1');
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toContain('Total params: 34,826');
  expect(stdout).toMatch(/\nTest accuracy 0\.9[6-9]\d{2}\n$/);
});

test('own-csv.ts: digits in a CSV without a test set are read, divided and learnt', async () => {
  const folder = temporaryFolder();
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const { images, labels } = loadMnist().test;
  const header = `label,${Array.from({ length: 784 }, (_, k) => `pixel${k}`).join(',')}`;
  const lines = Array.from(labels, (label, i) =>
    [label, ...images.data.subarray(784 * i, 784 * (i + 1))].join(','),
  );
  writeFileSync(join(folder, 'digits.csv'), [header, ...lines, ''].join('\n'));
  const { exit, stdout, stderr } = await example('own-csv.ts', join(folder, 'digits.csv'), join(folder, 'a'));
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(Number(/val_accuracy: (0\.\d+)[^]*$/.exec(stdout)?.[1])).toBeGreaterThan(0.85);
  expect(existsSync(join(folder, 'a'))).toBe(true);
});

/** A picture of digits of MNIST's test set, dark on light, side by side. */
function numberPng(digits: readonly number[]): Uint8Array {
  const { images } = loadMnist().test;
  const width = 30 * digits.length + 20;
  const data = new Uint8Array(width * 48).fill(235);
  digits.forEach((digit, k) => {
    for (let i = 0; i < 784; i++) {
      const at = (10 + Math.floor(i / 28)) * width + 10 + 30 * k + (i % 28);
      data[at] = 235 - Math.floor(images.data[784 * digit + i] * 0.9);
    }
  });
  return encode({ width, height: 48, depth: 8, channels: 1, data });
}

test.each(['read-photo', 'correct-and-train', 'own-csv', 'own-folder'])(
  '%s.ts without an argument says how it is used',
  async (name) => {
    const { exit, stdout, stderr } = await example(`${name}.ts`);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^Usage: node examples/${name}\\.ts [^\\n]*\\n$`));
  },
);

test('read-photo.ts: the number on a picture', async () => {
  const folder = temporaryFolder();
  // These images of the test set are 7, 2, 0 and 4.
  writeFileSync(join(folder, 'photo.png'), numberPng([0, 1, 3, 4]));
  const { exit, stdout, stderr } = await example('read-photo.ts', join(folder, 'photo.png'));
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(/^7204 {2}[01]\.\d{3} {2}at \d+, \d+\n/);
});

test('read-strokes.ts: a seven of two strokes, and drawings of a file', async () => {
  const { exit, stdout, stderr } = await example('read-strokes.ts');
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(/first digit: 7 with [01]\.\d{3}, else \d\n/);
  const file = join(temporaryFolder(), 'drawn.ndjson');
  const one = JSON.stringify({ strokes: [[10, 0, 11, 40, 10, 90]] });
  writeFileSync(file, `${one}\n${one}\n`);
  expect((await example('read-strokes.ts', file)).stdout.match(/first digit: 1 /g)?.length).toBe(2);
});

test('correct-and-train.ts: what is taught is read by the new reader', async () => {
  const folder = temporaryFolder();
  // Image 23, a clear five, is to be a six from now on.
  writeFileSync(join(folder, 'odd.png'), numberPng([23]));
  writeFileSync(join(folder, 'row.png'), numberPng([0, 1, 3, 4]));
  writeFileSync(join(folder, 'corrections.csv'), 'file,number\nodd.png,6\nrow.png,7204\n');
  const out = join(folder, 'own.safetensors');
  const { exit, stdout, stderr } = await example(
    ...['correct-and-train.ts', folder, join(folder, 'corrections.csv'), out],
  );
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(/^5 digits, 1 of them read wrongly\.\nOf them 0 are read wrongly now\.\n$/);
  const own = await readerOf(readFileSync(out));
  const [{ digits }] = readDigits(await loadPicture(join(folder, 'odd.png')), own).numbers;
  expect(digits.map(({ digit }) => digit)).toEqual([6]);
});

test('own-folder.ts: pictures in folders, one a class, become a data set that a convolutional network learns', async () => {
  const folder = temporaryFolder();
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const { images, labels } = loadMnist().test;
  const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
  for (const name of names) mkdirSync(join(folder, 'scans', name), { recursive: true });
  for (let i = 0; i < 1_000; i++) {
    const data = images.data.subarray(784 * i, 784 * (i + 1));
    const png = encode({ width: 28, height: 28, depth: 8, channels: 1, data });
    writeFileSync(join(folder, 'scans', names[labels[i]], `${i}.png`), png);
  }
  const { exit, stdout, stderr } = await example(
    'own-folder.ts',
    join(folder, 'scans'),
    '28',
    join(folder, 'own.safetensors'),
  );
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toContain('10 classes (eight, five,');
  expect(stdout).toContain('a fifth of each class was drawn');
  expect(Number(/Test accuracy (0\.\d{4})/.exec(stdout)?.[1])).toBeGreaterThan(0.85);
  expect(existsSync(join(folder, 'own.safetensors'))).toBe(true);
});

const where =
  launched.browser === null ? `in Chromium, which does not start here: ${launched.reason}` : 'in Chromium';

test.skipIf(launched.browser === null)(`browser/: the same weights ${where} as in Node`, async () => {
  const root = join(ROOT, 'examples/browser');
  const server = await createServer({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
  onTestFinished(() => server.close());
  await server.listen(0);
  const page = await launched.browser!.newPage();
  await page.goto(`${server.resolvedUrls!.local[0]}?epochs=1`);
  await page.waitForFunction("document.querySelector('#log').textContent.includes('Weights')", undefined, {
    timeout: 120_000,
  });
  const text = (await page.textContent('#log'))!;
  expect(text).toMatch(/^Epoch 1\/1: test accuracy 0\.9\d{3}\n/);
  expect(text).toContain(`Weights ${await hashInNode()}\n`);
});

async function hashInNode(): Promise<string> {
  const { train } = loadMnist();
  const hidden = [128, 64, 32].map((units) => Dense(units, { activation: 'relu' }));
  const last = Dense(10, { activation: 'softmax' });
  using model = new Sequential([Input([28, 28]), Rescaling(1 / 255), Flatten(), ...hidden, last], {
    seed: 1,
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(train.images, train.labels, { verbose: 0 });
  return model.weightsHash();
}
