import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'dactyl-config-'));

function file(content: unknown): string {
  const path = join(folder, `${String(Math.trunc(performance.now() * 1000))}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function messageOf(sources: Parameters<typeof loadConfig>[0]): string {
  try {
    loadConfig(sources);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was wrong');
}

test('defaults: this machine only, no models but the reader', () => {
  expect(loadConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    store: 'sqlite',
    models: [],
    limits: { images: 4096 },
  });
});

test('the environment wins over the file, flags over the environment', () => {
  const path = file({ port: 1, host: 'a', stopSeconds: 3, limits: { images: 7 } });
  const environment = { DACTYL_PORT: '2', DACTYL_HOST: 'b', DACTYL_MODELS: 'x,y=z', DACTYL_WIDE: '1' };
  const config = loadConfig({ file: path, environment, flags: { port: 3, store: undefined } });
  expect(config).toMatchObject({ port: 3, host: 'b', stopSeconds: 3, models: ['x', 'y=z'] });
  expect(config.limits).toEqual({ images: 7, bodyBytes: 16 * 2 ** 20 });
  expect(loadConfig({ environment: { DACTYL_CONFIG: path } }).port).toBe(1);
});

test('one error names everything wrong, each with where it was set', () => {
  const path = file({ limits: { images: 0, imges: 5 }, stopSeconds: 'soon', colour: 'red' });
  const message = messageOf({
    file: path,
    environment: { DACTYL_INFERENCE_THREADS: 'many', DACTYL_PROT: '80' },
    flags: { port: 70_000, store: 'mysql' },
  });
  expect(message).toMatch(/^The server’s settings: 8 are wrong\./);
  for (const part of [
    'DACTYL_PROT: no setting has this name',
    `limits.imges (${path}): no setting has this name`,
    `colour (${path}): no setting has this name`,
    'port (--port)',
    'received 70000',
    'store (--store): expected sqlite, a file in dataDir; postgres',
    'inference.threads (DACTYL_INFERENCE_THREADS)',
    'received "many"',
    `stopSeconds (${path})`,
    `limits.images (${path})`,
  ]) {
    expect(message).toContain(part);
  }
});

test('a file that is no JSON object is named beside the rest', () => {
  expect(messageOf({ file: file('{'), flags: { port: -1 } })).toMatch(/2 are wrong.*expected JSON.*--port/s);
  expect(messageOf({ file: file([1]) })).toContain('expected a JSON object');
  expect(() => loadConfig({ file: join(folder, 'none.json') })).toThrow('it does not exist');
});
