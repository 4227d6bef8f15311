import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { dactyl, temporaryFolder } from './support/dactyl.ts';

const MAIN = resolve(import.meta.dirname, '../src/cli/main.ts');

/** Predictions of 40 seeds on 20,000 images: resampling seeds and images takes many seconds. */
function large(folder: string, name: string, by: number): string {
  const path = join(folder, `${name}.csv`);
  const lines = ['seed,label,predicted'];
  for (let seed = 1; seed <= 40; seed++) {
    for (let i = 0; i < 20_000; i++)
      lines.push(`${seed},${i % 10},${(i * by + seed) % 97 === 0 ? 3 : i % 10}`);
  }
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s in the middle of a long judgement: exit code %d, one line, nothing written',
  async (name, code) => {
    const folder = temporaryFolder();
    const out = join(folder, 'page.html');
    const files = [large(folder, 'a', 1), large(folder, 'b', 3)];
    const child = spawn(process.execPath, [MAIN, 'judge', ...files, '--out', out], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => {
      stdout += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString();
    });
    await new Promise((done) => setTimeout(done, 3_000));
    const start = performance.now();
    child.kill(name);
    const exit = await new Promise((done) => child.once('close', done));
    expect({ exit, stdout, stderr }).toEqual({
      exit: code,
      stdout: '',
      stderr: 'dactyl: Judging was stopped on request; nothing was written.\n',
    });
    // A second where nothing else runs.
    expect(performance.now() - start).toBeLessThan(5_000);
  },
);

test('escape codes in the names of files and classes reach neither output nor error', async () => {
  const folder = join(temporaryFolder(), 'x');
  mkdirSync(folder);
  const file = join(folder, '\x1b[31mred\x07.csv');
  writeFileSync(file, `label,predicted\n${'\x1b[2Jcat,dog\ndog,dog\n'.repeat(30)}`);
  const { exit, stdout, stderr } = await dactyl(['judge', file, '--json']);
  expect(exit).toBe(0);
  // eslint-disable-next-line no-control-regex -- these must not be there
  expect(stdout + stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  expect((JSON.parse(stdout) as { classes: string[] }).classes).toContain('\x1b[2Jcat');
  const wrong = await dactyl(['judge', file, join(folder, 'none\x1b[31m.csv')]);
  expect(wrong.exit).toBe(1);
  expect(wrong.stderr).toMatch(/^dactyl: .*none\\u001b\[31m\.csv.*\[E_FILE\]\n$/);
});
