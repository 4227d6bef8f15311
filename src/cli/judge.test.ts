import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { PredictionJudgement } from '../study/judgePredictions.ts';
import { judge, judgeCommand, type JudgeOptions } from './judge.ts';

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
    await judge(files, options);
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

test('--out writes the page', { timeout: 60_000 }, async () => {
  const out = join(folder, 'judgement.html');
  expect(await printed([a, b], { rope: 0.1, out })).toContain(out);
  expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>[^]*a is more accurate than b[^]*<\/html>/);
});

test('errors: missing file, other bytes than UTF-8, too large, --out onto an input', async () => {
  const huge = put('huge.csv', 'label,predicted\n');
  truncateSync(huge, 2 ** 28 + 1);
  const latin = put('latin.csv', Uint8Array.of(108, 97, 98, 101, 108, 0xe9, 10));
  await expect(judge([join(folder, 'none.csv')], { rope: 0.1 })).rejects.toMatchObject({ code: 'E_FILE' });
  await expect(judge([latin], { rope: 0.1 })).rejects.toThrow('latin.csv: expected text in UTF-8');
  await expect(judge([huge], { rope: 0.1 })).rejects.toThrow('at most 268435456 bytes, received 268435457');
  await expect(judge([a], { rope: 0.1, out: a })).rejects.toMatchObject({ code: 'E_ARGUMENT' });
});

test.each(['', 'wide', '-0.1', '100', 'NaN'])('--rope %j is E_ARGUMENT', async (rope) => {
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
