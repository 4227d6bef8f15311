import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openKeyFolder } from './keyFolder.ts';

const ONE = '00aa11bb22cc33dd44ee';
const TWO = '00ff11bb22cc33dd44ee';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'dactyl-keys-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

const hex = (key: Uint8Array): string => Buffer.from(key).toString('hex');

test('a data key a consent, of 32 bytes, that lies in no file as it is, and that the owner alone may read', () => {
  const path = folder();
  const keys = openKeyFolder(path);
  const [one, two] = [keys.create(ONE), keys.create(TWO)];
  expect(one).toHaveLength(32);
  expect(hex(one)).not.toBe(hex(two));
  expect(hex(openKeyFolder(path).read(ONE).key)).toBe(hex(one));
  const file = join(path, 'consents', '00', `${ONE}.json`);
  const stored = readFileSync(file, 'utf8');
  expect(stored).not.toContain(Buffer.from(one).toString('base64').slice(0, 20));
  for (const secret of [file, join(path, 'master', '1.key')]) expect(statSync(secret).mode & 0o077).toBe(0);
});

test('a destroyed key is gone for good: E_ERASED; destroying it again is no error', () => {
  const keys = openKeyFolder(folder());
  keys.create(ONE);
  const two = keys.create(TWO);
  keys.destroy(ONE);
  keys.destroy(ONE);
  expect(() => keys.read(ONE)).toThrow(expect.objectContaining({ code: 'E_ERASED' }));
  expect(hex(keys.read(TWO).key)).toBe(hex(two));
});

test('after a rotation the data keys are the same, the old master key is gone, and old wrappings open no more', () => {
  const path = folder();
  const keys = openKeyFolder(path);
  const one = keys.create(ONE);
  const file = join(path, 'consents', '00', `${ONE}.json`);
  const old = readFileSync(file);
  expect(keys.rotate()).toEqual({ master: 2, rewrapped: 1 });
  expect(readdirSync(join(path, 'master'))).toEqual(['2.key']);
  expect(hex(keys.read(ONE).key)).toBe(hex(one));
  writeFileSync(file, old);
  expect(() => keys.read(ONE)).toThrow(/expected the master key 1, which wraps a data key; it is not there/);
});

test('a rotation that was interrupted is finished by the next', () => {
  const path = folder();
  const keys = openKeyFolder(path);
  const one = keys.create(ONE);
  writeFileSync(join(path, 'master', '2.key'), `${'ab'.repeat(32)}\n`);
  const two = keys.create(TWO);
  expect(hex(keys.read(ONE).key)).toBe(hex(one));
  expect(keys.rotate()).toEqual({ master: 3, rewrapped: 2 });
  expect(readdirSync(join(path, 'master'))).toEqual(['3.key']);
  expect([hex(keys.read(ONE).key), hex(keys.read(TWO).key)]).toEqual([hex(one), hex(two)]);
});

test('another master key, a changed file, one that belongs to another consent: said clearly', () => {
  const path = folder();
  const keys = openKeyFolder(path);
  keys.create(ONE);
  keys.create(TWO);
  const [one, two] = [ONE, TWO].map((consent) => join(path, 'consents', '00', `${consent}.json`));
  writeFileSync(two, readFileSync(one));
  expect(() => keys.read(TWO)).toThrow(/^00ff11bb22cc33dd44ee, data key: the sealed bytes do not open/);
  writeFileSync(two, '{"master":1}');
  expect(() => keys.read(TWO)).toThrow(/the key key is missing. Put back the file/);
  const master = join(path, 'master', '1.key');
  writeFileSync(master, `${'00'.repeat(32)}\n`);
  expect(() => keys.read(ONE)).toThrow(/sealed with another key/);
  writeFileSync(master, 'short');
  expect(() => keys.read(ONE)).toThrow(/expected a master key, 64 hexadecimal digits/);
  rmSync(master);
  expect(() => openKeyFolder(path)).toThrow(/expected the master key that wraps the data keys beside it/);
});

test('why images are used for nothing stands with their key, over rotations; it cannot be taken out of the file, and files of before have none', () => {
  const path = folder();
  const keys = openKeyFolder(path);
  const one = keys.create(ONE, ['restricted']);
  keys.create(TWO);
  expect(keys.read(TWO).stops).toEqual([]);
  keys.setStops(ONE, ['restricted', 'objected']);
  keys.rotate();
  expect(keys.read(ONE)).toEqual({ key: one, stops: ['restricted', 'objected'] });
  const file = join(path, 'consents', '00', `${ONE}.json`);
  const { stops, ...content } = JSON.parse(readFileSync(file, 'utf8')) as { stops: string[] };
  expect(stops).toEqual(['restricted', 'objected']);
  for (const changed of [content, { ...content, stops: ['restricted'] }, { ...content, stops: [] }]) {
    writeFileSync(file, JSON.stringify(changed));
    expect(() => keys.read(ONE)).toThrow(/the sealed bytes do not open/);
  }
  writeFileSync(file, JSON.stringify({ ...content, stops: ['other'] }));
  expect(() => keys.read(ONE)).toThrow(/expected restricted or objected, received "other"/);
});
