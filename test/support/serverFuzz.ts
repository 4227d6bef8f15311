import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Random } from '../../src/util/random.ts';
import { mutated } from './mutations.ts';

/** A request of the right kind, before it is damaged. */
interface Sample {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface ServerFault {
  readonly what: string;
  readonly request: { readonly method: string; readonly url: string; readonly headers: object };
  /** Base64. */
  readonly body: string;
}

const NOTHING = new Uint8Array();
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const pictures = (
  JSON.parse(
    readFileSync(new URL('../../src/data/readers/pictures/fixtures/pictures.json', import.meta.url), 'utf8'),
  ) as { file: string }[]
).map(({ file }) => new Uint8Array(Buffer.from(file, 'base64')));

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM = { 'content-type': 'multipart/form-data; boundary=x' };

function formOf(picture: Uint8Array): Uint8Array {
  const head = text(
    '--x\r\nContent-Disposition: form-data; name="consent"\r\n\r\ntraining\r\n--x\r\nContent-Disposition: form-data; name="a"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n',
  );
  return new Uint8Array(Buffer.concat([head, picture, text('\r\n--x--\r\n')]));
}

/** JSON of the protocol with `count` images behind it, as tritonclient sends them. */
function binary(count: number): { body: Uint8Array; headers: Record<string, string> } {
  const json = text(
    JSON.stringify({
      id: '1',
      inputs: [
        {
          name: 'image',
          datatype: 'UINT8',
          shape: [count, 28, 28],
          parameters: { binary_data_size: 784 * count },
        },
      ],
      parameters: { binary_data_output: true },
    }),
  );
  return {
    body: new Uint8Array(Buffer.concat([json, new Uint8Array(784 * count)])),
    headers: { 'inference-header-content-length': String(json.length) },
  };
}

const INFER = JSON.stringify({
  inputs: [{ name: 'image', datatype: 'FP32', shape: [1, 28, 28], data: new Array<number>(784).fill(7) }],
});
const PATHS = [
  '/',
  '/v2',
  '/v2/models/small',
  '/v2/models/small/versions/1/ready',
  '/v1/models/small',
  '/v1/cards/small',
  '/v1/consents/AAAAAAAAAAAAAAAAAAAAAA',
  '/v1/consents/AAAAAAAAAAAAAAAAAAAAAA/export',
  '/v1/reviews',
  '/v1/monitor',
  '/metrics',
  '/documentation/json',
  '/documentation/static/index.css',
];

/** What is damaged, most often what is decoded. */
const KINDS: readonly ((random: Random) => Sample)[] = [
  (random) => sample('/v1/read', pictures[random.integer(pictures.length)]),
  (random) => sample('/v1/read?crops=1', formOf(pictures[random.integer(pictures.length)]), FORM),
  () => sample('/v1/read', text('{"strokes":[[0,0,10,80],[5,5]],"consent":"training"}'), JSON_TYPE),
  () => sample('/v1/explain?method=gradient&index=0', text('{"strokes":[[0,0,10,80]]}'), JSON_TYPE),
  () => sample('/v2/models/small/infer', text(INFER), JSON_TYPE),
  (random) => {
    const { body, headers } = binary(1 + random.integer(3));
    return sample('/v2/models/small/infer', body, headers);
  },
  (random) => ({
    method: ['GET', 'DELETE', 'PATCH', 'POST', 'PUT', 'OPTIONS', 'HEAD'][random.integer(7)],
    url: PATHS[random.integer(PATHS.length)],
    headers: JSON_TYPE,
    body: random.integer(2) === 0 ? NOTHING : text('{"restricted":true,"labels":[{"item":1,"label":"7"}]}'),
  }),
];

function sample(url: string, body: Uint8Array, headers: Record<string, string> = {}): Sample {
  return { method: 'POST', url, headers, body };
}

/** Printable, as a path or a header has to be for a client to send it; a client takes a backslash for a slash. */
function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte > 0x20 && byte < 0x7f && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}

/** Sends `count` damaged requests, the same for the same seed, `atOnce` at a time; the faults: answers of 5xx but 503, of the protocol's 501, and none at all. `seen` is told each status. */
export async function fuzzServer(
  app: FastifyInstance,
  random: Random,
  count: number,
  { atOnce = 8, seen }: { readonly atOnce?: number; readonly seen?: (status: number) => void } = {},
): Promise<ServerFault[]> {
  const faults: ServerFault[] = [];
  for (let done = 0; done < count; done += atOnce) {
    const requests = Array.from({ length: Math.min(atOnce, count - done) }, () => damaged(random));
    await Promise.all(
      requests.map(async (request) => {
        const what = await faultOf(app, request, seen);
        if (what === undefined) return;
        const { method, url, headers, body } = request;
        faults.push({ what, request: { method, url, headers }, body: Buffer.from(body).toString('base64') });
      }),
    );
  }
  return faults;
}

function damaged(random: Random): Sample {
  const { method, url, headers, body } = KINDS[random.integer(KINDS.length)](random);
  const damage = random.integer(6);
  const changed = damage < 4 && body.length > 0 ? mutated(body, random) : body;
  return {
    method,
    url: damage === 4 ? `/${printable(mutated(text(url.slice(1)), random))}` : url,
    headers:
      damage === 5
        ? Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [name, printable(mutated(text(value), random))]),
          )
        : headers,
    body: changed,
  };
}

async function faultOf(
  app: FastifyInstance,
  { method, url, headers, body }: Sample,
  seen?: (status: number) => void,
): Promise<string | undefined> {
  try {
    const { statusCode } = await app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(body.length > 0 && { payload: Buffer.from(body) }),
    });
    seen?.(statusCode);
    const allowed = statusCode < 500 || statusCode === 503 || (statusCode === 501 && url.startsWith('/v2/'));
    return allowed ? undefined : `status ${statusCode}`;
  } catch (error) {
    return String(error);
  }
}
