import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { readerFile, temporaryFolder } from '../server/fixtures/serving.ts';
import { serve } from './serve.ts';

const { folder, put, remove } = temporaryFolder();
afterAll(remove);
const OPTIONS = { port: '0', store: 'memory' };

test('how long an end may take is told once the server has started, so that a start ends as every command does', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const grace = vi.fn();
  const missing = join(folder, 'none.safetensors');
  await expect(serve([missing], OPTIONS, new AbortController().signal, grace)).rejects.toThrow(/none/);
  expect(grace).not.toHaveBeenCalled();
  await serve([put('good.safetensors', readerFile())], OPTIONS, AbortSignal.abort(), grace);
  expect(grace).toHaveBeenCalledOnce();
  expect(written.mock.calls.join('')).toMatch(/Dactyl answers at http/);
  written.mockRestore();
});
