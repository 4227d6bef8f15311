import { afterAll, beforeAll, expect, test } from 'vitest';
import { readerFile, temporaryFolder, testServer, type TestServer } from '../fixtures/serving.ts';

interface Operation {
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly parameters?: readonly { readonly name: string; readonly schema: object }[];
}

const { put, remove } = temporaryFolder();
let server: TestServer;
let paths: Record<string, Record<string, Operation>>;

beforeAll(async () => {
  server = await testServer({ models: [put('reader.safetensors', readerFile())] });
  const document = await server.app.inject({ url: '/documentation/json' });
  ({ paths } = document.json<{ paths: typeof paths }>());
});
afterAll(async () => {
  await server.close();
  remove();
});

/** Which take an image from the queue, and need nothing for that. */
const WITHOUT = ['post /v1/reviews/claim'];

test('every route that reads a body has it in the document, so that the page has a field for it', () => {
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { requestBody }]) => ({
      route: `${method} ${path}`,
      types: Object.keys(requestBody?.content ?? {}),
    })),
  );
  const reading = routes.filter(({ route }) => /^(?:post|put|patch) /.test(route));
  expect(reading.map(({ route }) => route)).toEqual(
    expect.arrayContaining(['post /v1/read', 'patch /v1/consents/{token}', ...WITHOUT]),
  );
  expect(reading.filter(({ types }) => types.length === 0).map(({ route }) => route)).toEqual(WITHOUT);
});

test.each(['/v1/read', '/v1/explain'])('%s takes a picture, a form with one, or strokes', (path) => {
  const { content } = paths[path].post.requestBody!;
  const binary = { type: 'string', format: 'binary' };
  for (const type of ['png', 'jpeg', 'webp', 'bmp', 'gif']) {
    expect(content[`image/${type}`].schema).toMatchObject(binary);
  }
  expect(content['multipart/form-data'].schema).toMatchObject({
    required: ['file'],
    properties: { file: binary },
  });
  expect(content['application/json'].schema).toMatchObject({ required: ['strokes'] });
});

test.each([
  ['/v1/read', 'coverage', { type: 'number', enum: [0.9, 0.95, 0.99] }],
  ['/v1/read', 'crops', { type: 'string', enum: ['0', '1'] }],
  ['/v1/explain', 'method', { type: 'string', enum: expect.arrayContaining(['integratedBlank']) as unknown }],
])('%s: of %s the document has all values', (path, name, schema) => {
  const found = paths[path].post.parameters!.find((parameter) => parameter.name === name)!;
  expect(found.schema).toMatchObject(schema);
  expect(found.schema).not.toHaveProperty('anyOf');
});

test('the document has every route of programs that docs/serving.md lists', () => {
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/v2',
      '/v2/health/live',
      '/v2/health/ready',
      '/v2/models',
      '/v2/repository/index',
      '/v2/models/{model}/versions/{version}/infer',
      '/v1/read',
      '/v1/explain',
      '/v1/models',
      '/v1/models/{name}',
      '/v1/cards/{id}',
      '/v1/monitor',
      '/v1/consents/{token}',
      '/v1/consents/{token}/export',
      '/v1/reviews',
    ]),
  );
});
