import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/dactyl.ts';
import { errorOf, smallModel } from '../../test/support/models.ts';
import { Dense, Input } from '../nn/layers.ts';
import { Sequential } from '../nn/sequential.ts';
import { loadModel, saveModel, saveModelInTurns } from './models.ts';

test('a model saved into a folder that does not exist: E_FILE that names the folder', async () => {
  const folder = join(temporaryFolder(), 'models');
  const { code, message } = await errorOf(() => {
    saveModel(smallModel(), join(folder, 'a.safetensors'));
  });
  expect(code).toBe('E_FILE');
  expect(message).toContain(`the folder ${folder} does not exist (ENOENT). Make it first`);
});

test('a model saved and loaded has the same weights; a missing file says that the file is missing', async () => {
  const folder = temporaryFolder();
  const model = smallModel();
  saveModel(model, join(folder, 'a.safetensors'));
  expect(loadModel(join(folder, 'a.safetensors')).weightsHash()).toBe(model.weightsHash());
  const missing = join(folder, 'b.safetensors');
  expect((await errorOf(() => loadModel(missing))).message).toContain(`${missing}: it does not exist`);
});

test('saved in turns a model is the same file, also of more bytes than are hashed at a time; where it cannot be written, E_FILE and nothing half-written', async () => {
  const folder = temporaryFolder();
  using wide = new Sequential([Input([1100]), Dense(1000), Dense(1)], { seed: 1 });
  for (const model of [smallModel(), wide]) {
    saveModel(model, join(folder, 'a.safetensors'));
    await saveModelInTurns(model, join(folder, 'b.safetensors'));
    const [at, inTurns] = ['a', 'b'].map((name) => readFileSync(join(folder, `${name}.safetensors`)));
    expect(inTurns.equals(at)).toBe(true);
  }
  expect(readFileSync(join(folder, 'b.safetensors')).length).toBeGreaterThan(2 ** 22);
  expect(readdirSync(folder).sort()).toEqual(['a.safetensors', 'b.safetensors']);
  const { code } = await errorOf(() => saveModelInTurns(wide, join(folder, 'none', 'c.safetensors')));
  expect(code).toBe('E_FILE');
});
