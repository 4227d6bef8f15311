import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Random } from '../src/util/random.ts';
import { loadModel } from '../src/store/models.ts';
import { dactyl, temporaryFolder } from './support/dactyl.ts';
import { resultsIn } from './support/studies.ts';

const SHAPE = [20, 24, 3];
const CLASSES = 12;

function idx(extents: readonly number[], bytes: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * extents.length));
  header.setUint8(2, 0x08);
  header.setUint8(3, extents.length);
  extents.forEach((extent, axis) => {
    header.setUint32(4 + 4 * axis, extent);
  });
  return Buffer.concat([Buffer.from(header.buffer), bytes]);
}

/** A bright column of the colour and at the place that the class says, in noise. */
function writeImages(folder: string, part: 'train' | 't10k', n: number, classes = CLASSES): void {
  const random = new Random(n, part);
  const [rows, columns, channels] = SHAPE;
  const size = rows * columns * channels;
  const images = Uint8Array.from({ length: n * size }, () => random.integer(60));
  const labels = Uint8Array.from({ length: n }, (_, i) => i % classes);
  labels.forEach((label, i) => {
    for (let r = 0; r < rows; r++)
      images[i * size + (r * columns + 2 * label) * channels + (label % channels)] = 250;
  });
  writeFileSync(join(folder, `${part}-images-idx4-ubyte`), idx([n, ...SHAPE], images));
  writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([n], labels));
}

function images(): string {
  const folder = temporaryFolder();
  writeImages(folder, 'train', 600);
  writeImages(folder, 't10k', 240);
  return folder;
}

test('12 classes of 20 × 24 pixels in colour: stopped with Ctrl-C within a second, gone on with to the same bits, early stopping, all files', async () => {
  const data = images();
  const [out, other] = [temporaryFolder(), temporaryFolder()];
  const recipe = join(out, 'quick.json');
  const said = {
    units: [16],
    epochs: 60,
    learningRate: 0.003,
    // The classes are separable: the loss falls for ever, the accuracy ends at 1.
    earlyStopping: { monitor: 'val_accuracy', patience: 2 },
  };
  writeFileSync(recipe, JSON.stringify(said));
  const command = (place: string) => ['train', '--data', data, '--recipe', recipe, '--out', place];

  let asked = 0;
  const stopped = await dactyl(command(out), {
    signal: (stdout) => {
      if (!stdout.includes('Epoch 3/60')) return undefined;
      asked = performance.now();
      return 'SIGINT';
    },
  });
  expect(performance.now() - asked).toBeLessThan(1_000);
  expect(stopped.exit).toBe(130);
  expect(stopped.stderr).toMatch(
    /^dactyl: Stopped after \w+\sepochs?\. The same command goes on from what was kept, a second before at most\.\n$/,
  );

  const ended = await dactyl(command(out));
  expect(ended.stderr).toBe('');
  expect(ended.exit).toBe(0);
  expect(ended.stdout).toContain(
    '(600, 20, 24, 3) training images, (240, 20, 24, 3) test images, 12 classes',
  );
  expect(ended.stdout).toMatch(/highest validation accuracy after epoch \d+: /);
  const folder = /Model +(.*)\/model\.safetensors/.exec(ended.stdout)![1];
  for (const file of ['learning-curve-accuracy.svg', 'learning-curve-loss.png', 'results.schema.json'])
    expect(existsSync(join(folder, file))).toBe(true);
  const { data: about, trials } = resultsIn(folder);
  expect(about).toMatchObject({ shape: SHAPE, images: { train: 600, test: 240 } });
  expect(about.classes).toHaveLength(CLASSES);
  expect(trials[0].confusionMatrix).toHaveLength(CLASSES);
  expect(trials[0].history.loss.length).toBeLessThan(60);
  expect(trials[0].testAccuracy).toBeGreaterThan(0.9);
  const model = loadModel(join(folder, 'model.safetensors'));
  expect(model.inputShape).toEqual(SHAPE);
  const hash = model.weightsHash();
  model.dispose();
  // Those put back, not those of the last epoch.
  const named = new RegExp(`eights of the model, put back from epoch \\d+: ${hash.slice(0, 16)}…`);
  expect(ended.stdout.replaceAll(/\s+/g, ' ')).toMatch(named);
  expect((await dactyl(['verify', folder])).stdout).toMatch(named);
  expect(trials[0].weightsHash.at(-1)).not.toBe(hash);

  const whole = await dactyl(command(other));
  const again = loadModel(/Model +(.*)/.exec(whole.stdout)![1]);
  expect(again.weightsHash()).toBe(hash);
  again.dispose();
  const kept = await dactyl([...command(out), '--quiet']);
  expect(kept.stdout).toContain('Model');
  expect(kept.stdout).not.toContain('Epoch');
});

test('stopped after two and a half seconds it goes on, a second before at most', async () => {
  const out = temporaryFolder();
  const recipe = join(out, 'long.json');
  writeFileSync(recipe, JSON.stringify({ epochs: 9000, learningRate: 1e-5 }));
  const command = ['train', '--data', images(), '--recipe', recipe, '--out', out];
  const epochIn = (stdout: string): number => Number(/.*Epoch (\d+)\/9000/s.exec(stdout)?.[1] ?? 0);
  let begun = 0;
  const first = await dactyl(command, {
    signal: (stdout) => {
      if (epochIn(stdout) === 0) return undefined;
      begun ||= performance.now();
      return performance.now() - begun > 2500 ? 'SIGINT' : undefined;
    },
  });
  expect(first.exit).toBe(130);
  const second = await dactyl(command, {
    signal: (stdout) => (epochIn(stdout) > 0 ? 'SIGINT' : undefined),
  });
  const from = Number(/Epoch (\d+)\/9000/.exec(second.stdout)![1]);
  expect(from).toBeGreaterThan(epochIn(first.stdout) / 3);
  expect(from).toBeLessThanOrEqual(epochIn(first.stdout) + 1);
});

test('the same command after its data have changed: refused, nothing is written over; with the data of before it is kept', async () => {
  const data = images();
  const out = temporaryFolder();
  const recipe = join(out, 'quick.json');
  writeFileSync(recipe, '{ "units": [8], "epochs": 1 }');
  const train = () => dactyl(['train', '--data', data, '--recipe', recipe, '--out', out, '--quiet']);
  const first = await train();
  expect(first).toMatchObject({ exit: 0, stderr: '' });
  const model = /Model +(.*)/.exec(first.stdout)![1];
  const kept = readFileSync(model);
  writeImages(data, 'train', 612);
  const { exit, stdout, stderr } = await train();
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
  expect(stderr).toMatch(
    /^dactyl: .* holds a finished training of other images or labels \(SHA-256 .*another --out, or remove the folder\. \[E_MISMATCH\]\n$/,
  );
  expect(readFileSync(model)).toEqual(kept);
  writeImages(data, 'train', 600);
  expect(await train()).toMatchObject({ exit: 0, stderr: '' });
  expect(readFileSync(model)).toEqual(kept);
});

test('what does not fit is one sentence: other test images, an unknown key, a network of other pixels, a class without images', async () => {
  const data = images();
  const out = temporaryFolder();
  const train = async (...args: string[]) => {
    const { exit, stderr } = await dactyl(['train', '--data', data, '--out', out, ...args]);
    expect(exit).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    return stderr;
  };
  expect(await train('--test', '/usr/no-such-folder')).toMatch(/no-such-folder.*\[E_(NOT_FOUND|FILE)\]/);
  const recipe = join(out, 'recipe.json');
  writeFileSync(recipe, '{\n  "unitz": [8]\n}');
  expect(await train('--recipe', recipe)).toMatch(/recipe\.json, line 2: .*unitz.*units.*\[E_FORMAT\]/);
  const layers = [
    { type: 'Input', shape: [28, 28] },
    { type: 'Flatten' },
    { type: 'Dense', units: 12, activation: 'softmax' },
  ];
  writeFileSync(recipe, JSON.stringify({ layers }));
  expect(await train('--recipe', recipe)).toMatch(/expected Input of the 1440 values of an image first/);
  writeImages(data, 't10k', 240, 11);
  expect(await train()).toMatch(/expected test examples of every class .*received none of class '11'/);
  expect(readFileSync(join(data, 'train-labels-idx1-ubyte'))).toHaveLength(608);
});
