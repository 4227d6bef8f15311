import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wholeItems } from '../../../test/support/consents.ts';
import { recognised } from '../../reading/recognise.ts';
import { readerOf } from '../../reading/reader.ts';
import { loadMnist } from '../../store/mnist.ts';
import { readerFile, tableFile, temporaryFolder, testServer, type TestServer } from '../fixtures/serving.ts';

/** Requests of the clients themselves (`scripts/fixtures/wire.py`), each with the first test image of MNIST. */
const WIRE = JSON.parse(readFileSync(new URL('./fixtures/wire.json', import.meta.url), 'utf8')) as {
  client: string;
  name: string;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body: string;
}[];

const HEADER = 'inference-header-content-length';
const { put, remove } = temporaryFolder();
const { data } = loadMnist().test.images;
let server: TestServer;
let expected: number[];

beforeAll(async () => {
  const digits = put('digits.safetensors', readerFile());
  server = await testServer({ models: [digits, put('rows.safetensors', tableFile())] });
  const reader = await readerOf(readerFile());
  expected = [...recognised(reader, [data.subarray(0, 784), data.subarray(784, 1568)])];
  reader.model.dispose();
});
afterAll(async () => {
  await server.close();
  remove();
});

interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: number[];
  readonly data?: unknown[];
  readonly parameters?: { binary_data_size: number };
}
interface Answer {
  readonly id?: string;
  readonly model_name: string;
  readonly model_version: string;
  readonly parameters: Record<string, string>;
  readonly outputs: Tensor[];
}

/** A response as its clients read it: JSON, and by name what stands behind it. */
function read(
  headers: Record<string, unknown>,
  payload: Buffer,
): { json: Answer; bytes: Map<string, Buffer> } {
  const encoding = headers['content-encoding'];
  const body =
    encoding === 'gzip' ? gunzipSync(payload) : encoding === 'deflate' ? inflateSync(payload) : payload;
  const length = headers[HEADER] === undefined ? body.length : Number(headers[HEADER]);
  const json = JSON.parse(body.subarray(0, length).toString()) as Answer;
  const bytes = new Map<string, Buffer>();
  let at = length;
  for (const { name, parameters } of json.outputs) {
    if (!parameters) continue;
    bytes.set(name, body.subarray(at, at + parameters.binary_data_size));
    at += parameters.binary_data_size;
  }
  expect(at).toBe(body.length);
  return { json, bytes };
}

async function infer(payload: Buffer | object, headers: Record<string, string> = {}, model = 'digits') {
  const response = await server.app.inject({
    method: 'POST',
    url: `/v2/models/${model}/infer`,
    headers,
    payload: Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload)),
  });
  const { statusCode, rawPayload } = response;
  return { statusCode, headers: response.headers, rawPayload };
}

const image = [...data.subarray(0, 784)];
const plain = { inputs: [{ name: 'image', shape: [1, 28, 28], datatype: 'UINT8', data: image }] };

describe.each(WIRE.map((one) => ({ ...one, title: `${one.client}, ${one.name}` })))(
  '$title',
  ({ name, method, path, headers, body }) => {
    test(
      name === 'index' ? 'lists the models' : 'is answered with the digits’ probabilities, within 1e-7',
      async () => {
        const payload = Buffer.from(body, 'base64');
        const response = await server.app.inject({ method, url: path, headers, payload });
        expect(response.statusCode).toBe(200);
        if (name === 'index') {
          expect(response.json<{ name: string }[]>().map((one) => one.name)).toEqual(['digits', 'rows']);
          return;
        }
        const { json, bytes } = read(response.headers, response.rawPayload);
        const [first] = json.outputs;
        expect(first).toMatchObject({ name: 'probabilities', datatype: 'FP32', shape: [1, 10] });
        const binary = bytes.get('probabilities');
        const values = binary
          ? Array.from({ length: 10 }, (_, k) => binary.readFloatLE(4 * k))
          : (first.data as number[]);
        values.forEach((value, k) => {
          expect(value).toBeCloseTo(expected[k], 7);
        });
        expect(response.headers['content-type']).toBe(
          binary ? 'application/octet-stream' : 'application/json',
        );
      },
    );
  },
);

test('all outputs, as JSON: what they say of two images', async () => {
  const payload = {
    id: 'both',
    inputs: [{ name: 'image', shape: [2, 784], datatype: 'UINT8', data: [...data.subarray(0, 1568)] }],
  };
  const { headers, rawPayload } = await infer(payload);
  expect(headers['content-type']).toBe('application/json');
  const { json } = read(headers, rawPayload);
  expect(json.id).toBe('both');
  expect(json.model_name).toBe('digits');
  expect(json.parameters.decision_id).toMatch(/^[\w-]{22}$/);
  const of = (name: string): unknown[] => json.outputs.find((one) => one.name === name)!.data!;
  const [a, b] = [expected.slice(0, 11), expected.slice(11)];
  const top = (row: number[]): number => row.slice(0, 10).indexOf(Math.max(...row.slice(0, 10)));
  expect(of('probabilities')).toEqual([...a.slice(0, 10), ...b.slice(0, 10)]);
  expect(of('none')).toEqual([a[10], b[10]]);
  expect(of('index')).toEqual([top(a), top(b)]);
  expect(of('label')).toEqual([String(top(a)), String(top(b))]);
  expect(of('confidence')).toEqual([a[top(a)], b[top(b)]]);
  expect(of('sure')).toEqual([a[top(a)] >= 0.6, b[top(b)] >= 0.6]);
  expect(of('not_sure').map((reason) => reason === '')).toEqual(of('sure'));
  // Nothing was calibrated, so there are no sets.
  expect(json.outputs.map(({ name }) => name)).not.toContain('set');
});

test('an empty list of outputs names none, so all are answered', async () => {
  const names = async (more: object): Promise<string[]> => {
    const { headers, rawPayload } = await infer({ ...plain, ...more });
    return read(headers, rawPayload).json.outputs.map(({ name }) => name);
  };
  expect(await names({ outputs: [] })).toEqual(await names({}));
  expect(await names({ outputs: [] })).toContain('label');
});

test('outputs in the order asked for, each binary or not as it says, else as all are', async () => {
  const outputs = [
    { name: 'label', parameters: { binary_data: true } },
    { name: 'index' },
    { name: 'probabilities', parameters: { binary_data: false } },
  ];
  const own = await infer({ ...plain, outputs });
  const { json, bytes } = read(own.headers, own.rawPayload);
  expect(json.outputs.map(({ name }) => name)).toEqual(['label', 'index', 'probabilities']);
  expect([...bytes.keys()]).toEqual(['label']);
  expect(bytes.get('label')!.readUInt32LE()).toBe(1);
  const all = await infer({ ...plain, parameters: { binary_data_output: true }, outputs });
  expect([...read(all.headers, all.rawPayload).bytes.keys()]).toEqual(['label', 'index']);
});

test('a body of one tensor alone, with 0 in the header, is answered in binary', async () => {
  const { headers, rawPayload } = await infer(Buffer.from(data.subarray(0, 1568)), { [HEADER]: '0' });
  const { json, bytes } = read(headers, rawPayload);
  expect(json.outputs[0].shape).toEqual([2, 10]);
  expect(bytes.get('probabilities')!.readFloatLE(40)).toBeCloseTo(expected[11], 7);
});

test('a large answer is packed as the client takes it, and the header counts the JSON before', async () => {
  const many = Buffer.concat(Array.from({ length: 20 }, () => Buffer.from(data.subarray(0, 784))));
  for (const [accepted, used] of [
    ['gzip, deflate, br', 'gzip'],
    ['deflate', 'deflate'],
    ['gzip;q=0', undefined],
  ] as const) {
    const { headers, rawPayload } = await infer(many, { [HEADER]: '0', 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(used);
    expect(read(headers, rawPayload).json.outputs[0].shape).toEqual([20, 10]);
  }
});

const deep = Buffer.from(
  `{"inputs":[{"name":"i","shape":[1,784],"datatype":"UINT8","data":${'['.repeat(16_000_000)}`,
);

test.each(['[', '[],'])('16 MB of %s are refused within a second, by their bytes', async (piece) => {
  const payload = Buffer.from(`{"inputs":[{"data":[${piece.repeat(16_000_000 / piece.length)}`);
  const begin = performance.now();
  const { statusCode, rawPayload } = await infer(payload);
  expect(performance.now() - begin).toBeLessThan(1000);
  expect(statusCode).toBe(400);
  expect(rawPayload.toString()).toMatch(/at most (?:16 levels|500000 arrays)/);
});

test.each([
  ['no JSON', Buffer.from('{'), {}, 400],
  ['an array', Buffer.from('[]'), {}, 400],
  ['nothing', Buffer.alloc(0), {}, 400],
  ['no inputs', { inputs: [] }, {}, 400],
  ['two inputs', { inputs: [plain.inputs[0], plain.inputs[0]] }, {}, 400],
  ['a shape of text', { inputs: [{ ...plain.inputs[0], shape: ['1'] }] }, {}, 400],
  ['data millions deep', deep, {}, 400],
  ['data millions deep, packed', gzipSync(deep), { 'content-encoding': 'gzip' }, 400],
  ['a header of JSON millions deep', deep, { [HEADER]: String(deep.length) }, 400],
  ['millions of arrays', Buffer.from(`{"inputs":[${'[],'.repeat(5_000_000)}0]}`), {}, 400],
  ['a key that objects inherit from', Buffer.from('{"__proto__":{"inputs":[]}}'), {}, 400],
  ['an id that is no text', { ...plain, id: 7 }, {}, 400],
  ['an unknown output', { ...plain, outputs: [{ name: 'logits' }] }, {}, 400],
  ['an unknown coverage', { ...plain, parameters: { coverage: 0.5 } }, {}, 400],
  [
    'binary data without the header',
    {
      inputs: [{ name: 'image', shape: [1, 784], datatype: 'UINT8', parameters: { binary_data_size: 784 } }],
    },
    {},
    400,
  ],
  ['a header longer than the body', plain, { [HEADER]: '99999999' }, 400],
  ['a header that is no number', plain, { [HEADER]: '-1' }, 400],
  [
    'bytes behind the JSON that nothing says',
    Buffer.from(`${JSON.stringify(plain)}x`),
    { [HEADER]: String(JSON.stringify(plain).length) },
    400,
  ],
  ['no gzip', plain, { 'content-encoding': 'gzip' }, 400],
  ['an unknown encoding', plain, { 'content-encoding': 'br' }, 415],
  ['a bomb', gzipSync(Buffer.alloc(20 * 2 ** 20)), { 'content-encoding': 'gzip' }, 413],
  ['shared memory', { inputs: [{ ...plain.inputs[0], parameters: { shared_memory_region: 'a' } }] }, {}, 501],
  [
    'a ranking',
    { ...plain, outputs: [{ name: 'probabilities', parameters: { classification: 3 } }] },
    {},
    501,
  ],
  ['a sequence', { ...plain, parameters: { sequence_id: 5 } }, {}, 501],
])('%s: {"error"} and its status', async (_, payload, headers, status) => {
  const response = await infer(payload, headers);
  expect(response.statusCode).toBe(status);
  expect(response.headers['content-type']).toBe('application/json');
  const body = JSON.parse(response.rawPayload.toString()) as Record<string, unknown>;
  expect(Object.keys(body)).toEqual(['error']);
  expect(String(body.error).length).toBeGreaterThan(10);
});

test('unknown models and versions: 404 where they are asked, 503 where they are said to be ready', async () => {
  expect((await infer(plain, {}, 'none')).statusCode).toBe(404);
  const { version } = server.services.models.find('digits');
  const statusOf = async (url: string): Promise<number> => (await server.app.inject({ url })).statusCode;
  expect(await statusOf(`/v2/models/digits/versions/${version}`)).toBe(200);
  expect(await statusOf(`/v2/models/digits/versions/${version}/ready`)).toBe(200);
  expect(await statusOf('/v2/models/digits/versions/1/ready')).toBe(503);
  expect(await statusOf('/v2/models/none/ready')).toBe(503);
  expect(await statusOf('/v2/models/none')).toBe(404);
  expect(await statusOf('/v2/models/digits/config')).toBe(501);
  expect(await statusOf('/v2/systemsharedmemory/status')).toBe(501);
  expect((await server.app.inject({ url: '/v2/models' })).json()).toEqual({ models: ['digits', 'rows'] });
});

test('metadata: shapes with −1 for the number of images, and what else a user has to know', async () => {
  const { hash } = server.services.models.find('digits');
  const about = (await server.app.inject({ url: '/v2/models/digits' })).json<Record<string, unknown>>();
  expect(about).toMatchObject({
    name: 'digits',
    versions: [hash.slice(0, 12)],
    inputs: [{ name: 'image', datatype: 'UINT8', shape: [-1, 28, 28] }],
    parameters: { hash, sure_from: 0.6, temperature: 0.5, classes: '0,1,2,3,4,5,6,7,8,9' },
  });
  for (const value of Object.values(about.parameters as object)) {
    expect(['string', 'number', 'boolean']).toContain(typeof value);
  }
  const rows = (await server.app.inject({ url: '/v2/models/rows' })).json<Record<string, unknown>>();
  expect(rows).toMatchObject({ inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 5] }] });
});

test('what was answered stands in the audit log under the decision’s id, without pixels', async () => {
  const { headers, rawPayload } = await infer(plain);
  const { decision_id: id } = read(headers, rawPayload).json.parameters;
  const rows = await server.services.database.query('SELECT * FROM audit_events WHERE subject = ?', [id]);
  expect(rows).toHaveLength(1);
  const text = JSON.stringify(rows);
  expect(text).toContain('digits');
  expect(text).toMatch(/\\?"n\\?":1/);
  expect(text.length).toBeLessThan(800);
});

test('with consent the image is kept and a token given; without, or with half of one, nothing is', async () => {
  const count = async (): Promise<number> =>
    (await server.services.database.query('SELECT consent FROM consent_items')).length;
  await infer(plain);
  expect(await count()).toBe(0);
  const parameters = { consent: 'training review', consent_days: 30 };
  const { headers, rawPayload } = await infer({ ...plain, parameters });
  const { consent_token: token } = read(headers, rawPayload).json.parameters;
  expect(await count()).toBe(1);
  const kept = await server.services.consents.find(token);
  const [item] = wholeItems(await server.services.consents.items(kept, 'shown'));
  expect([...item.image]).toEqual(image);
  expect((await infer({ ...plain, parameters: { consent: 'training' } })).statusCode).toBe(400);
  expect(await count()).toBe(1);
});

test('consent by headers is honoured like that by parameters; a name that is not known, or a place where it is not read, is refused', async () => {
  const given = { consent: 'training', consent_days: 3 };
  const headers = {
    'dactyl-consent': 'training',
    'dactyl-consent-days': '3',
    'dactyl-consent-under-age': 'true',
  };
  const byHeader = await infer(plain, headers);
  const { consent_token: token } = read(byHeader.headers, byHeader.rawPayload).json.parameters;
  expect(await server.services.consents.find(token)).toMatchObject({ underAge: true });
  const [input] = plain.inputs;
  for (const refused of [
    { ...plain, parameters: { ...given, consent_underage: true } },
    { ...plain, ...given },
    { inputs: [{ ...input, parameters: given }] },
    { ...plain, outputs: [{ name: 'probabilities', parameters: given }] },
  ]) {
    expect((await infer(refused)).statusCode).toBe(400);
  }
  const url = '/v2/models/digits/infer?consent=training&consent_days=3';
  const payload = Buffer.from(JSON.stringify(plain));
  expect((await server.app.inject({ method: 'POST', url, payload })).statusCode).toBe(400);
});
