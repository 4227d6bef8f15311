import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Dense, Flatten, Input, Rescaling } from '../nn/layers.ts';
import { encodeModel } from '../nn/saved.ts';
import { Sequential } from '../nn/sequential.ts';
import { encodeReader } from '../reading/reader.ts';
import { loadMnist } from '../store/mnist.ts';
import { MNIST_DATA } from '../study/dataAbout.ts';
import type { Failure } from './predictAnswers.ts';
import { predict, predictCommand, type PredictOptions } from './predict.ts';
import { predictFiles } from './predictFiles.ts';

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'dactyl-predict-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let exitCode: typeof process.exitCode;
beforeAll(() => {
  exitCode = process.exitCode;
});
afterEach(() => {
  process.exitCode = exitCode;
});

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const { train, test: tested } = loadMnist();

/** A dense network after two epochs on MNIST: .95 of the test images. */
let reader = '';
beforeAll(async () => {
  using model = new Sequential(
    [
      Input([28, 28]),
      Rescaling(1 / 255),
      Flatten(),
      Dense(32, { activation: 'relu' }),
      Dense(10, { activation: 'softmax' }),
    ],
    { seed: 1 },
  );
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  await model.fit(train.images, train.labels, { epochs: 2, verbose: 0 });
  reader = put('reader.safetensors', encodeReader(model, { name: 'small', temperature: 1, sureFrom: 0.9 }));
});

/** Dark digits of MNIST on light paper, a picture each. */
function scans(name: string, count: number): { path: string; labels: number[] } {
  for (let i = 0; i < count; i++) {
    const data = tested.images.data.slice(784 * i, 784 * (i + 1)).map((value) => 255 - value);
    put(`${name}/${String(i).padStart(3, '0')}.png`, png(data, 28, 28));
  }
  return { path: join(folder, name), labels: [...tested.labels.subarray(0, count)] };
}

function png(data: Uint8Array, width: number, height: number): Uint8Array {
  return encode({ width, height, depth: 8, channels: data.length / width / height, data });
}

async function printed(
  paths: readonly string[],
  options: PredictOptions = {},
): Promise<{ lines: string[]; warnings: string }> {
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const complain = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const said = (spy: typeof write): string => spy.mock.calls.map(([text]) => String(text)).join('');
  try {
    await predict(paths, options, never);
    return { lines: said(write).trimEnd().split('\n'), warnings: said(complain) };
  } finally {
    write.mockRestore();
    complain.mockRestore();
  }
}

interface Printed extends Partial<Failure> {
  readonly file: string;
  readonly line?: number;
  readonly numbers?: readonly {
    readonly text: string;
    readonly notSure?: string;
    readonly digits: readonly {
      readonly digit: number;
      readonly second: number;
      readonly none: number;
      readonly probabilities: readonly number[];
      readonly notSure?: string;
    }[];
  }[];
  readonly class?: string;
}

/** The answers as plain data, without a thread. */
async function objects(paths: readonly string[], strokes: string | null = null): Promise<Printed[]> {
  const answers: Printed[] = [];
  await predictFiles({ paths, strokes, stdin: null, out: null }, ({ answer }) => {
    answers.push(JSON.parse(JSON.stringify(answer)) as Printed);
  });
  return answers;
}

test('a folder of pictures: a line each, at least 36 of 40 digits of MNIST as their labels say', async () => {
  const { path, labels } = scans('scans', 40);
  const { lines, warnings } = await printed([reader, path]);
  expect(warnings).toBe('');
  expect(process.exitCode).toBe(exitCode);
  expect(lines.length).toBe(40);
  const right = lines.filter((line, i) =>
    line.startsWith(`${path}/${String(i).padStart(3, '0')}.png  ${labels[i]}  `),
  );
  const sure = lines.filter((line) => !line.includes('not sure'));
  expect(right.length + 40 - sure.length).toBeGreaterThanOrEqual(36);
  for (const line of sure) expect(line).toMatch(/ {2}\d+ {2}(?:9\d\.\d|> 99\.9) %$/);
});

test('--json: an object a line and nothing else; probabilities sum to 1 within 1e-6; doubts below 0.9', async () => {
  const { path, labels } = scans('more', 40);
  const answers = await objects([reader, path]);
  expect(answers.map(({ file }) => file)).toEqual(
    labels.map((_, i) => `${path}/${String(i).padStart(3, '0')}.png`),
  );
  let right = 0;
  answers.forEach(({ numbers }, i) => {
    const [{ digits, text, notSure }] = numbers!;
    for (const { digit, second, none, probabilities, notSure: reason } of digits) {
      expect(probabilities.reduce((sum, p) => sum + p, none)).toBeCloseTo(1, 6);
      const order = [...probabilities].sort((a, b) => b - a);
      expect([probabilities[digit], probabilities[second]]).toEqual(order.slice(0, 2));
      expect(reason === undefined).toBe(order[0] >= 0.9);
    }
    expect(notSure === undefined).toBe(!text.includes('?'));
    if (digits.length === 1 && digits[0].digit === labels[i]) right++;
  });
  expect(right).toBeGreaterThanOrEqual(36);
});

test('strokes: an answer for each line in order, packed or not; at least 12 of 20 digits of UNIPEN', async () => {
  const file = gunzipSync(readFileSync('data/unipen-digits.ndjson.gz')).toString();
  const some = file
    .split('\n')
    .filter((line, i) => line !== '' && i % 400 === 0)
    .slice(0, 20);
  const labels = some.map((line) => (JSON.parse(line) as { digit: number }).digit);
  const text = `${some.join('\n\n')}\n`;
  const plain = put('drawn.ndjson', text);
  const answers = await objects([reader], plain);
  expect(answers.map(({ file, line }) => [file, line])).toEqual(some.map((_, k) => [plain, 2 * k + 1]));
  const right = answers.filter(({ numbers }, k) => numbers?.[0].digits[0].digit === labels[k]);
  expect(right.length).toBeGreaterThanOrEqual(12);
  const packed = put('drawn.ndjson.gz', gzipSync(text));
  const same = await objects([reader], packed);
  expect(same.map(({ numbers }) => numbers)).toEqual(answers.map(({ numbers }) => numbers));
});

test('lines of drawings that cannot be read say so, and the others are answered', async () => {
  const good = JSON.stringify({ strokes: [[0, 0, 10, 80]] });
  const bad: readonly [string, RegExp][] = [
    ['{"strokes": []}', /line 2: expected strokes: a list of at least one/],
    [
      '{"strokes": [[0, null]]}',
      /line 3: expected stroke 1 to be the x and y of at least one point, as finite/,
    ],
    ['{"strokes": [[0, NaN]]}', /line 4: expected an object of JSON/],
    ['{"strokes": [[0, 1e999]]}', /line 5: expected stroke 1 to be .* finite numbers/],
    ['{"strokes": [[1, 2, 3]]}', /line 6: expected stroke 1/],
    [
      JSON.stringify({ strokes: [new Array(2_000_000).fill(1)] }),
      /line 7: expected at most 100000 points in a drawing, received 1000000/,
    ],
    ['{"digit": 3}', /line 8: expected strokes: .*, received none/],
    ['seven', /line 9: expected an object of JSON, received 'seven'/],
  ];
  const path = put('bad.ndjson', [good, ...bad.map(([line]) => line), good].join('\n'));
  const { lines, warnings } = await printed([reader], { strokes: path, json: true });
  const answers = lines.map((line) => JSON.parse(line) as Printed);
  expect(process.exitCode).toBe(1);
  expect(answers.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(answers[0].numbers).toEqual(answers[9].numbers);
  bad.forEach(([, message], k) => {
    const { error } = answers[k + 1];
    expect(error!.code).toBe('E_DATA');
    expect(error!.message).toMatch(message);
    expect(error!.message.length).toBeLessThan(300);
    expect(warnings).toContain(`dactyl: ${error!.message} [E_DATA]\n`);
  });
});

test('pictures that cannot be read say so in a sentence, and the others are answered', async () => {
  const { path } = scans('good', 1);
  const huge = new Uint8Array(26 + 40);
  huge.set([0x42, 0x4d]);
  const view = new DataView(huge.buffer);
  view.setUint32(14, 40, true);
  view.setInt32(18, 50_000, true);
  view.setInt32(22, 50_000, true);
  view.setUint16(28, 24, true);
  const whole = png(new Uint8Array(784).fill(9), 28, 28);
  const bad: readonly [path: string, code: string, message: RegExp][] = [
    [
      put('bad/none', ''),
      'E_DATA',
      /none: expected an image: PNG, JPEG, WebP, BMP or GIF, received an empty file/,
    ],
    [
      put('bad/note.png', 'seven, eight'),
      'E_DATA',
      /note\.png: expected an image: .*, received (?:a text|something)/,
    ],
    [put('bad/cut.png', whole.subarray(0, 60)), 'E_DATA', /cut\.png/],
    [
      put('bad/huge.bmp', huge),
      'E_DATA',
      /an image of at most 67108864 pixels, received a header of 50000 × 50000/,
    ],
    [
      put('bad/photo.heic', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'),
      'E_DATA',
      /received a HEIC or AVIF image, or a film\. Convert it/,
    ],
    [reader, 'E_DATA', /received a model\. The model is the first argument/],
    [join(folder, 'missing.png'), 'E_FILE', /missing\.png: it does not exist/],
    ['/dev/null', 'E_FILE', /expected a regular file, received a pipe or a device/],
  ];
  const { lines, warnings } = await printed([reader, ...bad.map(([file]) => file), path], { json: true });
  expect(process.exitCode).toBe(1);
  const answers = lines.map((line) => JSON.parse(line) as Printed);
  expect(answers.length).toBe(bad.length + 1);
  bad.forEach(([file, code, message], k) => {
    expect(answers[k].file).toBe(file);
    expect(answers[k].error!.code).toBe(code);
    expect(answers[k].error!.message).toMatch(message);
    expect(warnings).toContain(answers[k].error!.message);
  });
  expect(answers.at(-1)!.numbers).toBeDefined();
});

test('a blank page, a page of ink and a picture of one pixel hold no digit', async () => {
  const paths = [
    put('odd/blank.png', png(new Uint8Array(120 * 90).fill(250), 120, 90)),
    put('odd/ink.png', png(new Uint8Array(120 * 90), 120, 90)),
    put('odd/one.png', png(Uint8Array.of(7), 1, 1)),
  ];
  const { lines, warnings } = await printed([reader, ...paths]);
  expect({ warnings, exitCode: process.exitCode }).toEqual({ warnings: '', exitCode });
  expect(lines.length).toBe(3);
  for (const [k, line] of lines.entries()) {
    expect(line.startsWith(paths[k])).toBe(true);
    expect(line).toMatch(/ {2}– {2}\S/);
  }
});

test('other files of a folder are passed over, and counted', async () => {
  scans('mixed', 2);
  put('mixed/labels.csv', 'file,label\n000.png,7\n');
  put('mixed/README.md', 'of no account');
  const { lines, warnings } = await printed([reader, join(folder, 'mixed')]);
  expect(lines.length).toBe(2);
  expect(warnings).toBe(
    `dactyl: 1 file is no picture and not read, such as ${join(folder, 'mixed/labels.csv')}.\n`,
  );
});

test('the model: a file, or the folder that holds one; none, several, a study’s, a damaged one, another’s', async () => {
  const { path } = scans('few', 1);
  const bytes = readFileSync(reader);
  put('run/model.safetensors', bytes);
  put('run/predictions.safetensors', 'of a trial');
  const fromFolder = await objects([join(folder, 'run'), path]);
  expect(fromFolder).toEqual(await objects([reader, path]));
  put('only/mine.safetensors', bytes);
  expect(await objects([join(folder, 'only'), path])).toEqual(fromFolder);

  const fails = (paths: string[], message: string | RegExp) =>
    expect(objects(paths)).rejects.toThrow(message);
  await fails([join(folder, 'run')], 'expected pictures after the model, received none');
  await expect(printed([])).rejects.toThrow('dactyl predict: expected pictures, received none');
  put('two/a.safetensors', bytes);
  put('two/b.safetensors', bytes);
  await fails(
    [join(folder, 'two'), path],
    /two: expected one model, received 2 files .* such as .*a\.safetensors/,
  );
  put('study/study.json', '{}');
  await fails([join(folder, 'study'), path], 'received that of a study, whose trials have one each');
  const flipped = Uint8Array.from(bytes);
  flipped[flipped.length - 5] ^= 1;
  await fails([put('flipped.safetensors', flipped), path], 'its content is not what its SHA-256 promises');
  await fails([put('other.safetensors', '\x02\0\0\0\0\0\0\0{}'), path], 'not a model of Dactyl');
  mkdirSync(join(folder, 'empty/inner'), { recursive: true });
  await fails(
    [join(folder, 'no.safetensors'), path],
    /^Cannot read the model .*no\.safetensors: it does not exist/,
  );
  await fails([put('texts/model.safetensors', 'seven'), path], /safetensors/);
});

/** [4, 6] pixels: the logit of a class is a hundredth of the sum of its two columns. */
function columns(): Sequential {
  const model = new Sequential([
    Input([4, 6]),
    Flatten(),
    Dense(3, { activation: 'softmax', useBias: false }),
  ]);
  const data = new Float32Array(24 * 3);
  for (let pixel = 0; pixel < 24; pixel++) data[pixel * 3 + Math.floor((pixel % 6) / 2)] = 0.01;
  model.setWeights([{ data, shape: [24, 3] }]);
  return model;
}

test('a model of other images answers with one class for each picture, by the names beside it', async () => {
  const classes = ['left', 'mid <b>', 'right'];
  put('columns/model.safetensors', encodeModel(columns()));
  const data = { ...MNIST_DATA, name: 'Columns', shape: [4, 6], classes };
  put('columns/results.json', JSON.stringify({ data }));
  const bars = [0, 1, 2].map((k) =>
    put(
      `bars/${k}.png`,
      png(
        Uint8Array.from({ length: 96 }, (_, i) => (Math.floor((i % 12) / 4) === k ? 180 : 0)),
        12,
        8,
      ),
    ),
  );
  const answers = await objects([join(folder, 'columns'), ...bars]);
  expect(answers.map((answer) => answer.class)).toEqual(classes);
  // Eight pixels of 180: logits 14.4, 0 and 0.
  const { lines } = await printed([join(folder, 'columns'), ...bars]);
  expect(lines.map((line) => line.split(/ {2,}/).slice(1))).toEqual(
    classes.map((name) => [name, '> 99.9 %']),
  );
  const page = join(folder, 'bars.html');
  await printed([join(folder, 'columns'), ...bars], { out: page });
  expect(readFileSync(page, 'utf8')).toContain('mid &lt;b&gt;');
  // Without names, by number.
  const alone = put('alone.safetensors', encodeModel(columns()));
  expect((await objects([alone, bars[2]])).map((answer) => answer.class)).toEqual(['2']);
  await expect(objects([alone], put('s.ndjson', '{"strokes": [[1, 2]]}'))).rejects.toThrow(
    '--strokes: expected a model that reads digits, received alone.safetensors',
  );
});

test('ten classes of 28 × 28 pixels that are no digits, by results.json, are classes', async () => {
  const classes = [
    'T-shirt',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Boot',
  ];
  using model = new Sequential([Input([28, 28]), Flatten(), Dense(10, { activation: 'softmax' })], {
    seed: 1,
  });
  put('clothes/model.safetensors', encodeModel(model));
  put('clothes/results.json', JSON.stringify({ data: { ...MNIST_DATA, classes } }));
  const { path } = scans('shop', 1);
  const [answer] = await objects([join(folder, 'clothes'), path]);
  expect(classes).toContain(answer.class);
});

test('--out writes the page; not onto an input, not where there is no folder', async () => {
  const { path } = scans('paged', 3);
  const out = join(folder, 'read.html');
  const { lines } = await printed([reader, path, join(folder, 'gone.png')], { out });
  expect(lines.at(-1)).toBe(`Page     ${out}`);
  const page = readFileSync(out, 'utf8');
  expect(page).toMatch(
    /^<!doctype html>[^]*Three\u00a0pictures read[^]*gone\.png: it does not exist[^]*<\/html>/,
  );
  expect(page.match(/alt="What the network saw"/g)?.length).toBe(3);
  // It is handed on.
  expect(page).not.toContain(path);
  await expect(printed([reader, path], { out: reader })).rejects.toThrow('--out: expected another file');
  await expect(printed([reader, path], { out: join(folder, 'no/read.html') })).rejects.toMatchObject({
    code: 'E_FILE',
  });
  await expect(printed([reader, path], { out: folder })).rejects.toMatchObject({ code: 'E_FILE' });
});

test('empty folders, links in a circle, links to nothing: a line each, and the others are answered', async () => {
  const { path } = scans('around/deep/er', 1);
  const around = join(folder, 'around');
  mkdirSync(join(folder, 'bare/inner'), { recursive: true });
  put('words/a.txt', 'seven');
  symlinkSync('loop', join(around, 'loop'));
  symlinkSync('nothing.png', join(around, 'void.png'));
  symlinkSync('../..', join(path, 'up'));
  const bad: readonly [string, string, RegExp][] = [
    [join(folder, 'bare'), 'E_NOT_FOUND', /received a folder with neither/],
    [join(folder, 'words'), 'E_NOT_FOUND', /received a folder with neither/],
    [join(around, 'loop'), 'E_FILE', /symbolic links lead in a circle/],
    [join(folder, 'none.png'), 'E_FILE', /none\.png: it does not exist/],
    [join(path, '000.png/a.png'), 'E_FILE', /a part of the path is a file|it does not exist/],
    [join(path, 'up'), 'E_FILE', /links lead in a circle/],
    [join(around, 'loop'), 'E_FILE', /symbolic links lead in a circle/],
    [join(around, 'void.png'), 'E_FILE', /void\.png: it does not exist/],
    [join(folder, 'none.ndjson'), 'E_FILE', /none\.ndjson: it does not exist/],
  ];
  const named = bad.slice(0, 5).map(([file]) => file);
  for (const paths of [
    [reader, ...named, around],
    [...named, around],
  ]) {
    const { lines, warnings } = await printed(paths, { json: true, strokes: join(folder, 'none.ndjson') });
    expect(process.exitCode).toBe(1);
    const answers = lines.map((line) => JSON.parse(line) as Printed);
    expect(answers.length).toBe(bad.length + 1);
    const failures = answers.filter((answer) => answer.error !== undefined);
    expect(failures.map(({ file, error }) => [file, error!.code])).toEqual(
      bad.map(([file, code]) => [file, code]),
    );
    bad.forEach(([, , message], k) => {
      expect(failures[k].error!.message).toMatch(message);
    });
    expect(warnings.trimEnd().split('\n').length).toBe(bad.length);
    expect(answers.find(({ numbers }) => numbers !== undefined)!.file).toBe(join(path, '000.png'));
  }
});

const isRoot = process.getuid?.() === 0;

test.skipIf(isRoot)('a first file without permission, and a folder: the others are answered', async () => {
  const { path } = scans('allowed', 1);
  const secret = put('secret.png', 'x');
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  chmodSync(secret, 0);
  chmodSync(closed, 0);
  const answers = await objects([secret, closed, path]);
  expect(answers.map(({ file, error }) => [file, error?.code])).toEqual([
    [secret, 'E_FILE'],
    [closed, 'E_FILE'],
    [`${path}/000.png`, undefined],
  ]);
});

test('--out is never a file that is read: of a folder, by a link, a model’s, what lies beside it', async () => {
  const { path } = scans('kept', 2);
  const own = put('mdir/model.safetensors', readFileSync(reader));
  const beside = put('mdir/results.json', '{}');
  const drawn = put('kept.ndjson', '{"strokes": [[0, 0, 10, 80]]}');
  const picture = join(path, '001.png');
  const link = join(folder, 'link.html');
  symlinkSync(picture, link);
  symlinkSync(path, join(folder, 'by'));
  const mdir = join(folder, 'mdir');
  for (const out of [picture, join(folder, 'by/001.png'), link, own, beside, drawn]) {
    const before = readFileSync(out);
    await expect(printed([mdir, path], { out, strokes: drawn })).rejects.toThrow(
      '--out: expected another file than those that are read',
    );
    expect(readFileSync(out).equals(before)).toBe(true);
  }
  await expect(printed([mdir, join(folder, 'by')], { out: picture })).rejects.toThrow('--out: expected');
  // The page of the last time lies among the pictures: it is no picture, and may be written again.
  const out = join(path, 'read.html');
  for (let k = 0; k < 2; k++) {
    const { lines, warnings } = await printed([mdir, path], { out });
    expect({ lines: lines.length, warnings }).toEqual({ lines: 4, warnings: '' });
  }
});

test('--out: standard output is refused; nothing read, no page', async () => {
  for (const out of ['-', '/dev/stdout', '/dev/null', '/proc/self/fd/1']) {
    await expect(printed([reader], { out })).rejects.toThrow(/^--out: expected a file for the page/);
  }
  const out = join(folder, 'nothing.html');
  const { lines, warnings } = await printed([reader, join(folder, 'none.png')], { out });
  expect(lines).toEqual(['']);
  expect(warnings).toMatch(/none\.png: it does not exist[^]*nothing\.html: no page is written/);
  expect(process.exitCode).toBe(1);
  expect(existsSync(out)).toBe(false);
});

test('given twice: --out, --strokes and - are refused', async () => {
  for (const name of ['--out', '--strokes']) {
    const parse = () => predictCommand().parseOptions([name, 'a', name, 'b']);
    expect(parse).toThrow(`${name}: expected one file, received a and b.`);
  }
  const twice = '-: expected standard input once, received it twice';
  await expect(printed(['-'], { strokes: '-' })).rejects.toThrow(twice);
  await expect(printed(['-', '-'])).rejects.toThrow(twice);
});

test('--strokes of another file: few lines', async () => {
  const { path } = scans('wrong', 1);
  const said = async (strokes: string): Promise<string[]> => {
    const { warnings } = await printed([reader], { strokes });
    expect(process.exitCode).toBe(1);
    return warnings.trimEnd().split('\n');
  };
  const picture = await said(join(path, '000.png'));
  expect(picture.length).toBe(1);
  expect(picture[0]).toMatch(
    /000\.png: expected drawings as lines of JSON, received a PNG picture\. Name it without --strokes\./,
  );
  expect((await said(reader))[0]).toMatch(/received a model\. The model is the first argument/);
  const binary = await said(
    put(
      'wrong.bin',
      Uint8Array.from({ length: 9000 }, (_, i) => (i % 7 ? 10 : 0)),
    ),
  );
  expect(binary.length).toBe(1);
  const prose = await said(put('prose.txt', 'one more line\n'.repeat(500)));
  expect(prose.length).toBe(4);
  expect(prose[3]).toMatch(/received none in 500 lines, of which the first 3 are named/);
});

test('strokes: what is wrong is shown as what it is, with the line; no label is asked for', async () => {
  const wrong: readonly [string, RegExp][] = [
    ['{"strokes": [["1", 2]]}', /line 1: expected stroke 1 .*, received the text '1' as number 1\./],
    ['{"strokes": [[0, 1e999]]}', /received Infinity as number 2\./],
    ['{"strokes": [[0, null]]}', /received 'null' as number 2\./],
    ['{"strokes": [[1, 2, 3]]}', /received 3 numbers\./],
    ['{"strokes": [[]]}', /received none\./],
    ['{"strokes": ["1, 2"]}', /received the text '1, 2'\./],
    ['[[1, 2]]', /expected an object with strokes, received/],
    [
      JSON.stringify({ strokes: new Array(3000).fill([1, 2]) }),
      /line 8: expected at most 2000 strokes, received 3000/,
    ],
    ['{"strokes": [[0, 0, 10, 80]]}', /^$/],
  ];
  const answers = await objects([reader], put('shown.ndjson', wrong.map(([line]) => line).join('\n')));
  answers.forEach(({ error }, k) => {
    const message = error?.message ?? '';
    expect(message).toMatch(wrong[k][1]);
    expect(message).not.toMatch(/digit or label|readStrokes/);
  });
});

test.skipIf(process.platform === 'win32')('a name with a line feed stays on one line', async () => {
  const data = tested.images.data.slice(0, 784).map((value) => 255 - value);
  const { lines, warnings } = await printed([
    ...[reader, put('new\nline.png', png(data, 28, 28)), join(folder, 'not\nthere.png')],
  ]);
  expect(lines.length).toBe(1);
  expect(lines[0]).toContain('new\\u000aline.png');
  expect(warnings).toContain('not\\u000athere.png: it does not exist');
});

test('--help has examples', () => {
  let help = '';
  predictCommand()
    .configureOutput({ writeOut: (text) => (help += text) })
    .outputHelp();
  for (const part of [
    '[files...]',
    '--strokes <file>',
    '--json',
    '--out <file>',
    'dactyl predict photo.jpg',
  ]) {
    expect(help).toContain(part);
  }
});
