import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { beforeAll, expect, test } from 'vitest';
import { Dense, Flatten, Input, Rescaling } from '../src/nn/layers.ts';
import { Sequential } from '../src/nn/sequential.ts';
import { encodeReader } from '../src/reading/reader.ts';
import { loadMnist } from '../src/store/mnist.ts';
import { dactyl, type Ended, MAIN, run, signalled, temporaryFolder } from './support/dactyl.ts';

const { train, test: tested } = loadMnist();

let model: Uint8Array;
beforeAll(async () => {
  const hidden = Dense(32, { activation: 'relu' });
  const last = Dense(10, { activation: 'softmax' });
  using network = new Sequential([Input([28, 28]), Rescaling(1 / 255), Flatten(), hidden, last], { seed: 1 });
  network.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  await network.fit(train.images, train.labels, { epochs: 2, verbose: 0 });
  model = encodeReader(network, { name: 'small', temperature: 1, sureFrom: 0.9 });
});

/** A folder with the reader and pictures of the first digits of MNIST's test set, dark on light. */
function place(count: number): { folder: string; reader: string; picture: (i: number) => string } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'scans'));
  const reader = join(folder, 'reader.safetensors');
  writeFileSync(reader, model);
  const picture = (i: number): string => join(folder, 'scans', `${String(i).padStart(4, '0')}.png`);
  for (let i = 0; i < count; i++) {
    const data = tested.images.data.slice(784 * i, 784 * (i + 1)).map((value) => 255 - value);
    writeFileSync(picture(i), encode({ width: 28, height: 28, depth: 8, channels: 1, data }));
  }
  return { folder, reader, picture };
}

const inShell = (script: string, args: readonly string[]): Promise<Ended> =>
  run('sh', ['-c', script, 'sh', process.execPath, MAIN, ...args]);

test('standard input: a picture, drawings, nothing', async () => {
  const { reader, picture } = place(1);
  const ended = await inShell(`"$@" < ${picture(0)}`, ['predict', reader, '-']);
  expect(ended).toMatchObject({ exit: 0, stderr: '' });
  // The first image of MNIST's test set is a seven.
  expect(ended.stdout).toMatch(/^standard input {2}7 {2}\S+ %\n$/);
  const drawn = await inShell(`echo '{"strokes": [[0, 0, 1, 90]]}' | "$@"`, [
    ...['predict', reader, '--strokes', '-', '--json'],
  ]);
  expect(drawn.exit).toBe(0);
  expect(JSON.parse(drawn.stdout)).toMatchObject({ line: 1, numbers: [{ digits: [{ digit: 1 }] }] });
  expect(await dactyl(['predict', reader, '-'])).toMatchObject({
    exit: 1,
    stdout: '',
    stderr:
      'dactyl: standard input: expected an image: PNG, JPEG, WebP, BMP or GIF, received an empty file. Is it another file than meant? [E_DATA]\n',
  });
});

const hasScript = spawnSync('script', ['--version']).status === 0;

test.skipIf(!hasScript)('at a terminal, - is refused, and nothing waits', async () => {
  const { reader } = place(0);
  const command = `'${process.execPath}' '${MAIN}' predict '${reader}' -`;
  const { stdout } = await run('script', ['-qec', command, '/dev/null'], { env: { TERM: 'xterm' } });
  expect(stdout).toContain('-: expected a picture from a pipe or a file, received a terminal.');
});

test('one file of three is missing: the others are answered, exit code 1', async () => {
  const { reader, picture, folder } = place(2);
  const ended = await dactyl(['predict', reader, picture(0), join(folder, 'no.png'), picture(1)]);
  expect(ended.exit).toBe(1);
  expect(ended.stdout.split('\n').filter((line) => line.includes('.png')).length).toBe(2);
  expect(ended.stderr).toMatch(
    /^dactyl: Cannot read .*no\.png: it does not exist \(ENOENT\)\. \[E_FILE\]\n$/,
  );
});

test('the shipped reader: the number on a picture in a folder, and where it stands', async () => {
  // Images 0, 1, 3 and 4 of the test set, 7, 2, 0 and 4, three times as large, dark on grainy paper.
  const [width, height] = [400, 160];
  const data = Uint8Array.from(
    { length: width * height },
    (_, i) => 225 + ((Math.imul(i, 40503) >>> 7) % 12),
  );
  [0, 1, 3, 4].forEach((digit, k) => {
    for (let y = 0; y < 84; y++) {
      for (let x = 0; x < 84; x++) {
        const ink = tested.images.data[784 * digit + 28 * Math.floor(y / 3) + Math.floor(x / 3)];
        data[(y + 38) * width + 20 + 90 * k + x] -= Math.floor(ink * 0.8);
      }
    }
  });
  const folder = temporaryFolder();
  const photo = join(folder, 'photo.png');
  writeFileSync(photo, encode({ width, height, depth: 8, channels: 1, data }));
  const { exit, stdout, stderr } = await dactyl(['predict', folder, '--json']);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const { file, numbers } = JSON.parse(stdout) as {
    file: string;
    numbers: { text: string; box: { left: number; top: number; width: number; height: number } }[];
  };
  expect([file, numbers.map(({ text }) => text)]).toEqual([photo, ['7204']]);
  const [{ box }] = numbers;
  expect(box.left).toBeGreaterThanOrEqual(20);
  expect(box.top).toBeGreaterThanOrEqual(38);
  expect(box.left + box.width).toBeLessThanOrEqual(374);
  expect(box.top + box.height).toBeLessThanOrEqual(122);
});

test('a pipe that is closed after the first line: exit code 141, no page', async () => {
  const { reader, folder } = place(400);
  const page = join(folder, 'page.html');
  const { stdout, stderr } = await inShell('{ "$@"; echo "ended with $?" >&2; } | head -1', [
    ...['predict', reader, join(folder, 'scans'), '--out', page],
  ]);
  expect(stdout.trimEnd().split('\n').length).toBe(1);
  expect(stderr).toMatch(/^ended with 141\n$/);
  expect(existsSync(page)).toBe(false);
});

const hasFull = statSync('/dev/full', { throwIfNoEntry: false })?.isCharacterDevice() === true;

test.skipIf(!hasFull)('a full disk: one line, exit code 1', async () => {
  const { reader, folder } = place(400);
  const ended = await inShell('"$@" > /dev/full', ['predict', reader, join(folder, 'scans')]);
  expect(ended.exit).toBe(1);
  expect(ended.stderr).toMatch(/^dactyl: Cannot write to standard output: [^\n]*\n$/);
});

test('a pipe as a file, and a name like an option: what to write is said', async () => {
  const { reader, picture, folder } = place(1);
  const piped = await run('bash', [
    '-c',
    `"$@" <(cat ${picture(0)})`,
    'sh',
    process.execPath,
    MAIN,
    'predict',
    reader,
  ]);
  expect(piped.exit).toBe(1);
  expect(piped.stderr).toMatch(/received a pipe or a device\. Give a pipe as standard input and name it -,/);
  writeFileSync(join(folder, '-x.png'), readFileSync(picture(0)));
  const dashed = await inShell(`cd ${folder}; "$@"`, ['predict', '-x.png']);
  expect(dashed.exit).toBe(1);
  expect(dashed.stderr).toContain('A file of that name is given as ./-x.png.');
  symlinkSync('loop', join(folder, 'loop'));
  const looped = await dactyl(['predict', reader, picture(0), '--out', join(folder, 'loop/x.html')]);
  expect(looped.stderr).toMatch(/^dactyl: Cannot read .*loop: its symbolic links lead in a circle/);
});

test('Ctrl-C while many pictures are read: exit code 130 within a second, no page', async () => {
  const { reader, folder } = place(4000);
  const page = join(folder, 'page.html');
  let asked = 0;
  const ended = await dactyl(['predict', reader, join(folder, 'scans'), '--out', page], {
    signal: () => {
      asked = performance.now();
      return 'SIGINT';
    },
  });
  // Promised is one second; the rest is for a machine with other work.
  expect(performance.now() - asked).toBeLessThan(3000);
  expect(ended).toMatchObject({ exit: 130, stderr: 'dactyl: Reading was stopped on request.\n' });
  expect(existsSync(page)).toBe(false);
});

test('Ctrl-C while standard input gives nothing: exit code 130', async () => {
  const { reader } = place(0);
  const { exit, stderr, milliseconds } = await signalled(['predict', reader, '-'], 'SIGINT', 1000, 'pipe');
  expect({ exit, stderr }).toEqual({ exit: 130, stderr: 'dactyl: Reading was stopped on request.\n' });
  expect(milliseconds).toBeLessThan(3000);
});

test('dactyl train’s folder of other classes answers with their names', async () => {
  const folder = temporaryFolder();
  // A bright row at the top, in the middle or below.
  const names = ['above', 'amid', 'below'];
  const picture = (label: number, k: number): Uint8Array => {
    const inRow = (i: number): boolean => Math.floor(Math.floor(i / 12) / 3) === label;
    const data = Uint8Array.from({ length: 9 * 12 }, (_, i) => (inRow(i) ? 200 + k : (7 * i + k) % 40));
    return encode({ width: 12, height: 9, depth: 8, channels: 1, data });
  };
  names.forEach((name, label) => {
    mkdirSync(join(folder, 'rows', name), { recursive: true });
    for (let k = 0; k < 40; k++) writeFileSync(join(folder, 'rows', name, `${k}.png`), picture(label, k));
    writeFileSync(join(folder, `${name}.png`), picture(label, 50));
  });
  const recipe = join(folder, 'recipe.json');
  writeFileSync(recipe, JSON.stringify({ units: [16], epochs: 30, learningRate: 0.01 }));
  const trained = await dactyl([
    ...['train', '--data', join(folder, 'rows'), '--recipe', recipe, '--out', folder, '--quiet'],
  ]);
  expect(trained).toMatchObject({ exit: 0 });
  const [, kept] = /Model +(.*)\/model\.safetensors/.exec(trained.stdout)!;
  const pictures = names.map((name) => join(folder, `${name}.png`));
  const { exit, stdout } = await dactyl(['predict', kept, ...pictures, '--json']);
  expect(exit).toBe(0);
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { class: string });
  expect(answers.map((answer) => answer.class)).toEqual(names);
});

test('the page is one file that loads and runs nothing', async () => {
  const { reader, folder } = place(30);
  const page = join(folder, 'page.html');
  expect(await dactyl(['predict', reader, join(folder, 'scans'), '--out', page])).toMatchObject({ exit: 0 });
  const markup = readFileSync(page, 'utf8');
  expect(markup).toContain('default-src &#39;none&#39;');
  expect(markup).not.toMatch(/<script|src="(?!data:)|url\(/);
});
