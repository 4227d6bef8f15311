import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { predictCommand } from './predict.ts';
import {
  folder,
  put,
  tested,
  reader,
  scans,
  png,
  printed,
  objects,
  type Printed,
} from './fixtures/predicting.ts';

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
