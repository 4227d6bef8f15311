import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEvents } from './events.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

test('a file of events is replaced; any other, such as the study, is left as it is', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'new', 'events.jsonl');
  for (const name of ['one', 'two']) {
    const events = openEvents(path);
    events.write({ event: 'study', name });
    events.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('{"event":"study","name":"two"}\n');
  const study = join(folder, 'study.json');
  writeFileSync(study, '{ "name": "mine" }');
  expect(() => openEvents(study)).toThrow(/--events .*study\.json: expected a new file, or one of events/);
  expect(readFileSync(study, 'utf8')).toBe('{ "name": "mine" }');
});

test('a pipe that nobody reads is refused at once', () => {
  const path = join(temporaryFolder(), 'pipe');
  if (spawnSync('mkfifo', [path]).status !== 0) return;
  expect(() => openEvents(path)).toThrow(/it is a pipe that nobody reads/);
});
