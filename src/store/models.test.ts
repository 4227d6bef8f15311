import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/dactyl.ts';
import { errorOf, smallModel } from '../../test/support/models.ts';
import { loadModel, saveModel } from './models.ts';

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
