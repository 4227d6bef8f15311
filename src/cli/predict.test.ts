import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Dense, Flatten, Input } from '../nn/layers.ts';
import { encodeModel } from '../nn/saved.ts';
import { Sequential } from '../nn/sequential.ts';
import { MNIST_DATA } from '../study/dataAbout.ts';
import { predictCommand } from './predict.ts';
import {
  exitCode,
  folder,
  put,
  reader,
  scans,
  png,
  printed,
  objects,
  type Printed,
} from './fixtures/predicting.ts';

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

test('pictures of a folder that are of a kind that is not read are told as unreadable, not passed over', async () => {
  const { path } = scans('foreign', 1);
  put('foreign/scan.TIFF', 'II*\0\x08\0\0\0');
  put('foreign/page', 'MM\0*\0\0\0\x08');
  put('foreign/photo', '\0\0\0\x18ftypheic\0\0\0\0mif1heic');
  put('foreign/film.mp4', '\0\0\0\x18ftypisom\0\0\0\0isommp41');
  const { lines, warnings } = await printed([reader, path]);
  expect(lines.length).toBe(1);
  expect(process.exitCode).toBe(1);
  const told = warnings.trim().split('\n');
  expect(told).toHaveLength(4);
  expect(told[0]).toMatch(/foreign\/page: .* received a TIFF image\. Convert it to PNG\. \[E_DATA\]$/);
  expect(told[1]).toMatch(/foreign\/photo: .* received a HEIC or AVIF image/);
  expect(told[2]).toMatch(/foreign\/scan\.TIFF: .* received a TIFF image\. Convert it to PNG\. \[E_DATA\]$/);
  expect(told[3]).toContain('1 file is no picture and not read, such as');
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
