import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { PredictionJudgement } from '../study/judgePredictions.ts';
import { judge, judgeCommand, type JudgeOptions } from './judge.ts';

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'dactyl-judge-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function printed(files: string[], options: JudgeOptions): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    await judge(files, options, never);
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

const a = put('a.csv', `label,predicted\n${'0,0\n1,1\n'.repeat(20)}`);
const b = put('b.csv', `\ufefflabel,predicted\r\n${'0,0\r\n1,0\r\n'.repeat(20)}`);

test('prints a line for each model and the verdict of the pair', async () => {
  const text = (await printed([a, b], { rope: 0.1 })).replaceAll('\u00a0', ' ');
  expect(text).toMatch(/^a +1 +1\.0000 +– +1\.0000 +1\.0000 +0\.9124 … 1\.0000 +Wilson, images +–$/m);
  expect(text).toContain('a is more accurate than b: supported\n');
  expect(text).toContain('From one run each it does not follow that one way of training is better');
});

test('--json prints the numbers and nothing else', async () => {
  const json = JSON.parse(await printed([a, b], { rope: 0.1, json: true })) as PredictionJudgement;
  expect(json.rope).toBe(0.001);
  expect(json.pairs[0].mcnemar[0].exactP).toBeCloseTo(2 / 2 ** 20, 15);
});

test('--out writes the page', async () => {
  const out = join(folder, 'judgement.html');
  expect(await printed([a, b], { rope: 0.1, out })).toContain(out);
  expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>[^]*a is more accurate than b[^]*<\/html>/);
});

test('errors: missing file, other bytes than UTF-8, too large, --out onto an input', async () => {
  const huge = put('huge.csv', 'label,predicted\n');
  truncateSync(huge, 2 ** 28 + 1);
  const latin = put('latin.csv', Uint8Array.of(108, 97, 98, 101, 108, 0xe9, 10));
  await expect(judge([join(folder, 'none.csv')], { rope: 0.1 }, never)).rejects.toMatchObject({
    code: 'E_FILE',
  });
  await expect(judge([latin], { rope: 0.1 }, never)).rejects.toThrow('latin.csv: expected text in UTF-8');
  await expect(judge([huge], { rope: 0.1 }, never)).rejects.toThrow(
    'at most 268435456 bytes, received 268435457',
  );
  await expect(judge([a], { rope: 0.1, out: a }, never)).rejects.toMatchObject({ code: 'E_ARGUMENT' });
});

test('a folder, a device: one line', async () => {
  for (const [path, what] of [
    [folder, 'a folder'],
    ['/dev/zero', 'a device'],
  ])
    await expect(judge([path], { rope: 0.1 }, never)).rejects.toMatchObject({
      code: 'E_FILE',
      message: `${path}: expected a file of predictions, received ${what}.`,
    });
});

test('page and JSON name files without their folders', async () => {
  const out = join(folder, 'shared.html');
  const json = await printed([a, b], { rope: 0.1, json: true, out });
  expect(json).not.toContain(folder);
  expect(readFileSync(out, 'utf8')).not.toContain(folder);
  expect(readFileSync(out, 'utf8')).toContain('a.csv');
});

test('more than ten pairs are summed up', async () => {
  const files = Array.from({ length: 6 }, (_, k) => put(`m${k}.csv`, readFileSync(a)));
  const text = await printed(files, { rope: 0.1 });
  expect(text.replaceAll('\u00a0', ' ')).toContain('Of the 15 pairs 15 are open');
  expect(text.split('\n').length).toBeLessThan(16);
});

test('in the middle of a long judgement the signal ends it within two seconds, and no page is written', async () => {
  // 20 seeds on 20,000 images in groups: resampling alone takes seconds.
  const rows = (by: number) =>
    Array.from({ length: 400_000 }, (_, i) => `${i % 20},${i % 10},${(i * by) % 97 === 0 ? 3 : i % 10}`).join(
      '\n',
    );
  const files = [1, 3].map((by) => put(`long${by}.csv`, `seed,label,predicted\n${rows(by)}\n`));
  const out = join(folder, 'long.html');
  const controller = new AbortController();
  let aborted = Infinity;
  setTimeout(() => {
    aborted = performance.now();
    controller.abort();
  }, 300);
  await expect(judge(files, { rope: 0.1, out }, controller.signal)).rejects.toMatchObject({
    code: 'E_ABORTED',
  });
  expect(performance.now() - aborted).toBeLessThan(2_000);
  expect(existsSync(out)).toBe(false);
});

test('escape codes in the names of files and classes are written out', async () => {
  const path = put('\x1b[31mred.csv', `label,predicted\n${'\x1b[2Jcat,dog\ndog,dog\n'.repeat(30)}`);
  const text = await printed([path], { rope: 0.1 });
  expect(text).toContain('\\u001b[31mred');
  expect(text).not.toContain('\x1b');
  const json = await printed([path], { rope: 0.1, json: true });
  expect((JSON.parse(json) as PredictionJudgement).classes).toContain('\x1b[2Jcat');
});

test('E_ABORTED once the signal says so, and no page', async () => {
  const out = join(folder, 'none.html');
  await expect(judge([a, b], { rope: 0.1, out }, AbortSignal.abort())).rejects.toMatchObject({
    code: 'E_ABORTED',
  });
  expect(existsSync(out)).toBe(false);
});

test.each(['', 'wide', '-0.1', '100', '1e9', 'NaN', 'Infinity'])('--rope %j is E_ARGUMENT', async (rope) => {
  const parsed = judgeCommand()
    .exitOverride()
    .parseAsync([a, `--rope=${rope}`], { from: 'user' });
  await expect(parsed).rejects.toMatchObject({ code: 'E_ARGUMENT' });
});

test('--rope is in percentage points', async () => {
  const action = vi.fn();
  await judgeCommand().action(action).parseAsync([a, b, '--rope', '0.5'], { from: 'user' });
  expect(action.mock.calls[0].slice(0, 2)).toEqual([[a, b], { rope: 0.5, color: true }]);
});
