import { readFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Value } from 'typebox/value';
import { decodePicture } from '../../store/loadPicture.ts';
import { form, scan } from '../fixtures/pictures.ts';
import { readerFile, temporaryFolder, testServer, type TestServer } from '../fixtures/serving.ts';
import { Explained, Failure, ReadAnswered } from './schemas.ts';

const { put, remove } = temporaryFolder();
let server: TestServer;
let small: TestServer;
beforeAll(async () => {
  const shipped = put('reader.safetensors', readFileSync('data/reader.safetensors'));
  const other = put('other.safetensors', readerFile());
  server = await testServer({ models: [shipped, other], logLevel: 'silent' });
  small = await testServer({
    models: [other],
    logLevel: 'silent',
    reading: { pixels: 1000, pictures: 2, waiting: 1 },
    limits: { bodyBytes: 20_000 },
  });
});
afterAll(async () => {
  await server.close();
  await small.close();
  remove();
});

interface Digit {
  digit: number;
  probabilities: number[];
  none: number;
  crop?: string;
  notSure?: string;
}
interface Answered {
  model: { name: string; version: string; hash: string };
  decision: string;
  pictures: { numbers: { text: string; digits: Digit[] }[]; error?: string; code?: string }[];
  consent?: { token: string; url: string; until: string };
}

async function read(payload: Buffer | string, { query = '', headers = {}, from = server } = {}) {
  return from.app.inject({ method: 'POST', url: `/v1/read${query}`, payload, headers });
}

test('a picture as the body, whatever its type is said to be: numbers, digits, probabilities that sum to 1 within 1e-9', async () => {
  for (const type of ['image/png', 'application/x-www-form-urlencoded', undefined]) {
    const answer = await read(scan(7, 2), { headers: type === undefined ? {} : { 'content-type': type } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    const body = answer.json<Answered>();
    expect([...Value.Errors(ReadAnswered, body)]).toEqual([]);
    expect(body.model.version).toBe(body.model.hash.slice(0, 12));
    const found = body.pictures[0].numbers.flatMap((number) => number.digits);
    expect(found.map(({ digit }) => digit)).toEqual([7, 2]);
    for (const { probabilities, none } of found) {
      expect(probabilities.reduce((sum, p) => sum + p, none)).toBeCloseTo(1, 9);
    }
  }
});

test('a form with several files: one answer each in order; one that is no picture is said beside the others; crops are PNG', async () => {
  const { payload, headers } = form([
    { name: 'a', file: '../../etc/passwd', content: scan(1) },
    { name: 'b', file: 'b.png', content: 'seven' },
    { name: 'c', file: 'c.png', content: scan(0) },
  ]);
  const answer = await read(payload, { headers, query: '?crops=1' });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).not.toContain('passwd');
  const body = answer.json<Answered>();
  expect([...Value.Errors(ReadAnswered, body)]).toEqual([]);
  expect(body.pictures[0].numbers[0].digits[0].digit).toBe(1);
  expect(body.pictures[1]).toEqual({
    error: expect.stringMatching(
      /^Picture 2: expected an image: PNG, JPEG, WebP, BMP or GIF, received/,
    ) as string,
    code: 'E_DATA',
  });
  expect(body.pictures[2].numbers[0].digits[0].digit).toBe(0);
  const crop = Buffer.from(body.pictures[2].numbers[0].digits[0].crop!, 'base64');
  expect((await decodePicture(new Uint8Array(crop), 'crop')).channels).toBe(1);
});

test('JSON with strokes is read; decisions stand in the audit log without pixels', async () => {
  const strokes = [[50, 10, 50, 90]];
  const answer = await read(JSON.stringify({ strokes }), { headers: { 'content-type': 'application/json' } });
  const { pictures, decision } = answer.json<Answered>();
  expect(pictures[0].numbers[0].digits[0].digit).toBe(1);
  const rows = await server.services.database.query(
    'SELECT kind, facts FROM audit_events WHERE subject = ?',
    [decision],
  );
  expect(rows[0].kind).toBe('decision');
  expect(JSON.parse(String(rows[0].facts))).toMatchObject({ route: 'v1/read', n: 1 });
});

test.each([
  ['nothing', '', {}, 400, /Expected a picture .* as the body/],
  ['no picture', 'seven', {}, 400, /^The picture: expected an image/],
  [
    'JSON of another kind',
    '{"strokes":[["a",1]]}',
    { 'content-type': 'application/json' },
    400,
    /^strokes\[0\]\[0\]: expected a number; received "a"\. Such as \{"strokes": \[\[x0, y0/,
  ],
  ['JSON without strokes', '{}', { 'content-type': 'application/json' }, 400, /^The body: expected strokes;/],
  [
    'a consent that is none',
    '{"strokes":[[1,2]],"consent":5}',
    { 'content-type': 'application/json' },
    400,
    /^consent: expected one or more of training, review, research.*received 5\. Nothing was kept/,
  ],
  [
    'a malformed type',
    '{}',
    { 'content-type': 'garbage' },
    415,
    /^Content-Type: expected application\/json, received "garbage"\./,
  ],
  [
    'JSON with other fields',
    '{"strokes":[[1,2]],"path":"/etc"}',
    { 'content-type': 'application/json' },
    400,
    /^The body: expected no other names than strokes, consent, .*; received "path"\./,
  ],
  [
    'half a point',
    '{"strokes":[[1,2,3]]}',
    { 'content-type': 'application/json' },
    400,
    /x and y of at least one point/,
  ],
  ['no JSON', '{', { 'content-type': 'application/json' }, 400, /Expected JSON in UTF-8/],
  [
    'an inherited name',
    '{"__proto__":{}}',
    { 'content-type': 'application/json' },
    400,
    /received __proto__/,
  ],
  ['a packed body', 'x', { 'content-encoding': 'gzip' }, 415, /Content-Encoding: expected none/],
  ['a form without its boundary', 'x', { 'content-type': 'multipart/form-data' }, 400, /form/],
  [
    'a form that is cut',
    '--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nx',
    { 'content-type': 'multipart/form-data; boundary=b' },
    400,
    /cut or damaged/,
  ],
  [
    'a form without files',
    '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n',
    { 'content-type': 'multipart/form-data; boundary=b' },
    400,
    /at least one file/,
  ],
] as const)('%s: refused in a sentence', async (_, payload, headers, status, message) => {
  const answer = await read(payload, { headers });
  expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([
    status,
    expect.stringMatching(message),
  ]);
  expect(Value.Check(Failure, answer.json())).toBe(true);
});

test.each([
  ['?crops=2', 400],
  ['?colour=1', 400],
  ['?coverage=0.5', 400],
  ['?model=none', 404],
  ['?model=__proto__', 404],
  ['?model=reader&version=0', 404],
  ['?model=other', 200],
  ['?coverage=0.9', 200],
])('%s: %i', async (query, status) => {
  expect((await read(scan(3), { query })).statusCode).toBe(status);
});

test('limits of pixels, files and bytes are held to', async () => {
  const large = await read(scan(1, 2), { from: small });
  expect([large.statusCode, large.json<{ error: string }>().error]).toEqual([
    400,
    'The picture: expected an image of at most 1000 pixels, received a header of 80 × 28. Make the image smaller.',
  ]);
  const files = ['a', 'b', 'c'].map((name) => ({ name, file: name, content: scan(1).subarray(0, 100) }));
  const heavy = form([{ name: 'a', file: 'a', content: Buffer.alloc(20_001) }]);
  for (const [payload, headers, message] of [
    [form(files).payload, form(files).headers, 'The form: expected at most 2 files.'],
    [Buffer.alloc(20_001), {}, 'The body: expected at most 20000 bytes.'],
    [heavy.payload, heavy.headers, 'A file of the form: expected at most 20000 bytes.'],
  ] as const) {
    const answer = await read(payload, { headers, from: small });
    expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([413, message]);
  }
});

test('an empty file of a form is said beside the answers to the others, by its place', async () => {
  const sent = form([
    { name: 'a', file: 'a.png', content: scan(4) },
    { name: 'b', file: 'b.png', content: Buffer.alloc(0) },
  ]);
  const answer = await read(sent.payload, { headers: sent.headers });
  expect(answer.statusCode).toBe(200);
  const [first, second] = answer.json<{ pictures: Record<string, unknown>[] }>().pictures;
  expect(first).not.toHaveProperty('error');
  expect(second).toEqual({
    code: 'E_DATA',
    error: expect.stringMatching(/2.*received an empty file/) as string,
  });
  const alone = form([{ name: 'b', file: 'b.png', content: Buffer.alloc(0) }]);
  const refused = await read(alone.payload, { headers: alone.headers });
  expect([refused.statusCode, refused.json<{ error: string }>().error]).toEqual([
    400,
    expect.stringContaining('received an empty file'),
  ]);
});

test.each(['consent', 'consent_days', 'Consent', 'under-age'])(
  '%s as a file of a form is refused, not taken for a picture, where images are read and where they are explained',
  async (name) => {
    const sent = form([
      { name: 'a', file: 'a.png', content: scan(4) },
      { name, file: 'c', content: 'training' },
    ]);
    for (const url of ['/v1/read', '/v1/explain']) {
      const answer = await server.app.inject({ method: 'POST', url, ...sent });
      expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([
        400,
        `${name}: expected a field of the form (without a filename; requests of Python: data=, not files=); received "a file". Nothing was kept.`,
      ]);
    }
  },
);

test('more fields of a form than are read: 413, with how many may be', async () => {
  const fields = Array.from({ length: 17 }, (_, k) => ({ name: `f${k}`, content: 'x' }));
  const sent = form([{ name: 'a', file: 'a.png', content: scan(4) }, ...fields]);
  const answer = await read(sent.payload, { headers: sent.headers });
  expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([
    413,
    'The form: expected at most 16 fields besides its files.',
  ]);
});

test('more requests at once than threads and places to wait: 503 with Retry-After, and as many as there is room for are answered', async () => {
  const statuses = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const { statusCode, headers } = await read(scan(1).subarray(0, 5000), { from: small });
      return [statusCode, headers['retry-after']];
    }),
  );
  // One thread and one place.
  expect(statuses.filter(([status]) => status === 503)).toEqual([
    [503, '1'],
    [503, '1'],
    [503, '1'],
    [503, '1'],
  ]);
  expect((await read(scan(1), { from: small })).statusCode).not.toBe(503);
});

test('a picture is kept where the request consents, in a form or in headers, and nowhere else; its token shows it', async () => {
  const count = async (): Promise<unknown> =>
    (await server.services.database.query('SELECT count(*) AS n FROM consents'))[0].n;
  const before = Number(await count());
  await read(scan(4));
  expect(await count()).toBe(before);
  const { payload, headers } = form([
    { name: 'a', file: 'a.png', content: scan(4, 5) },
    { name: 'consent', content: 'training review' },
    { name: 'consent_days', content: '30' },
  ]);
  const kept = (await read(payload, { headers })).json<Answered>();
  expect([...Value.Errors(ReadAnswered, kept)]).toEqual([]);
  const shown = await server.app.inject({ url: kept.consent!.url });
  expect(shown.statusCode).toBe(200);
  expect(shown.json<{ items: unknown[] }>().items.length).toBe(2);
  const byHeader = await read(scan(6), {
    headers: { 'dactyl-consent': 'research', 'dactyl-consent-days': '7' },
  });
  expect(byHeader.json<Answered>().consent?.token).toBeDefined();
  expect(await count()).toBe(before + 2);
  const unclear = await read(scan(6), { headers: { 'dactyl-consent-days': '7' } });
  expect(unclear.statusCode).toBe(400);
  expect(await count()).toBe(before + 2);
});

test('a consent that is not understood or cannot be honoured is refused, also in /v1/explain; of a blank picture it is null, and said why', async () => {
  const count = async (): Promise<unknown> =>
    (await server.services.database.query('SELECT count(*) AS n FROM consents'))[0].n;
  const before = await count();
  const given = { 'dactyl-consent': 'training', 'dactyl-consent-days': '7' };
  for (const name of ['dactyl-consent-underage', 'dactyl-consent-child']) {
    const refused = await read(scan(4), { headers: { ...given, [name]: 'true' } });
    expect([refused.statusCode, refused.body], name).toEqual([
      400,
      expect.stringContaining('Dactyl-Consent-Under-Age'),
    ]);
  }
  const twice = form([
    { name: 'a', file: 'a.png', content: scan(4) },
    { name: 'consent', content: 'training' },
    { name: 'consent_days', content: '3' },
    { name: 'consent_under_age', content: 'true' },
    { name: 'consent_under_age', content: 'false' },
  ]);
  expect((await read(twice.payload, { headers: twice.headers })).statusCode).toBe(400);
  const explained = await server.app.inject({
    method: 'POST',
    url: '/v1/explain',
    payload: scan(4),
    headers: given,
  });
  expect([explained.statusCode, explained.body]).toEqual([
    400,
    expect.stringContaining('no consent in /v1/explain'),
  ]);
  const blank = encode({
    width: 40,
    height: 40,
    depth: 8,
    channels: 1,
    data: new Uint8Array(1600).fill(255),
  });
  const answer = (await read(Buffer.from(blank), { headers: given })).json<Record<string, unknown>>();
  expect([...Value.Errors(ReadAnswered, answer)]).toEqual([]);
  expect(answer).toMatchObject({
    consent: null,
    consentNote: expect.stringContaining('no digit') as unknown,
  });
  expect(await count()).toBe(before);
});

test('an explanation: why 4 and not 9, as numbers and as PNG; of gradients the contrast is the difference of both maps within 1e-4 of the largest', async () => {
  const explain = (query: string) =>
    server.app.inject({ method: 'POST', url: `/v1/explain${query}`, payload: scan(4) });
  const answer = await explain('?class=4&against=9');
  expect(answer.statusCode).toBe(200);
  const body = answer.json<{
    class: string;
    against: string;
    scores: number[];
    maps: Record<string, { values: number[]; png: string }>;
  }>();
  expect([...Value.Errors(Explained, body)]).toEqual([]);
  expect([body.class, body.against]).toEqual(['4', '9']);
  expect(body.scores[0]).toBeGreaterThan(body.scores[1]);
  // Every method is linear in the target, and this one takes no steps.
  const gradient = (await explain('?class=4&against=9&method=gradient')).json<typeof body>();
  const { class: own, against, contrast } = gradient.maps;
  const largest = Math.max(...own.values.map(Math.abs));
  contrast.values.forEach((value, p) => {
    expect(Math.abs(value - (own.values[p] - against.values[p]))).toBeLessThan(1e-4 * largest);
  });
  expect(Buffer.from(body.maps.contrast.png, 'base64').subarray(1, 4).toString()).toBe('PNG');
  expect((await explain('?against=none')).json<{ against: string }>().against).toBe('none');
  expect((await explain('?class=ten')).statusCode).toBe(400);
  expect((await explain('?class=4&against=4')).statusCode).toBe(400);
  expect((await explain('?index=1')).statusCode).toBe(400);
  expect((await explain('?method=guess')).statusCode).toBe(400);
});

test('the strokes in docs/serving.md are read as the page says, and surely', async () => {
  const page = readFileSync('docs/serving.md', 'utf8');
  const [, payload, said] = /--json '(\{"strokes".*\})' .*: a (\d)$/m.exec(page)!;
  const headers = { 'content-type': 'application/json' };
  const answer = await server.app.inject({ method: 'POST', url: '/v1/read', headers, payload });
  const { numbers } = answer.json<Answered>().pictures[0];
  expect(numbers).toMatchObject([{ text: said }]);
  expect(numbers[0].digits[0].notSure).toBeUndefined();
});
