import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readerFile, temporaryFolder, testServer, type TestServer } from '../fixtures/serving.ts';
import { ModelList, ModelVersions } from './schemas.ts';

const { put, remove } = temporaryFolder();
let server: TestServer;
beforeAll(async () => {
  const withCard = put('reader.safetensors', readerFile());
  put('reader.md', '# The card\n\n<b>Not for</b> decisions about people.\n');
  const other = put('other.safetensors', readerFile());
  server = await testServer({ models: [withCard, other], logLevel: 'silent' });
});
afterAll(async () => {
  await server.close();
  remove();
});

test('models and their cards: as Markdown, or as a page in which nothing runs; a short one where nobody wrote one', async () => {
  const list = (await server.app.inject({ url: '/v1/models' })).json<{
    models: { name: string; version: string; card: string }[];
  }>();
  expect([...Value.Errors(ModelList, list)]).toEqual([]);
  expect(list.models.map(({ name }) => name)).toEqual(['reader', 'other']);
  const one = await server.app.inject({ url: '/v1/models/other' });
  expect([...Value.Errors(ModelVersions, one.json())]).toEqual([]);
  expect((await server.app.inject({ url: '/v1/models/none' })).statusCode).toBe(404);
  const card = await server.app.inject({ url: list.models[0].card });
  expect(card.headers['content-type']).toBe('text/markdown; charset=utf-8');
  expect(card.body).toBe('# The card\n\n<b>Not for</b> decisions about people.\n');
  const page = await server.app.inject({ url: '/v1/cards/reader', headers: { accept: 'text/html,*/*' } });
  expect(page.body).toContain('<h1>The card</h1><p>&lt;b&gt;Not for&lt;/b&gt; decisions about people.</p>');
  expect(page.headers['content-security-policy']).toMatch(
    /^default-src 'none'; img-src data:; font-src data:; style-src 'sha256-/,
  );
  expect((await server.app.inject({ url: '/v1/cards/other' })).body).toContain(
    '**No card was made for this model**',
  );
  for (const id of ['..', '..%2f..%2fetc%2fpasswd', 'reader.md', '%00']) {
    expect((await server.app.inject({ url: `/v1/cards/${id}` })).statusCode, id).toBe(404);
  }
});
