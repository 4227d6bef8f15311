import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { subset } from '../src/data/examples.ts';
import { consentsOf } from '../src/nn/saved.ts';
import { verifierKeys } from '../src/server/audit/keys.ts';
import { verifyAudit } from '../src/server/audit/verify.ts';
import { loadConfig } from '../src/server/config/load.ts';
import { readerFile } from '../src/server/fixtures/serving.ts';
import { makeBackup } from '../src/server/store/backup.ts';
import { restore } from '../src/server/store/backupCommand.ts';
import { type RunningServer, startServer } from '../src/server/serve.ts';
import { loadUnipenDigits } from '../src/store/unipen.ts';
import { dactyl } from './support/dactyl.ts';
import { idx } from './support/evaluated.ts';
import { found } from './support/evidence.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'dactyl-privacy-'));
const DATA_DIR = join(FOLDER, 'data');
const BACKUP = join(FOLDER, 'backup');
const EXTRA = join(FOLDER, 'consented');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const digits = loadUnipenDigits();

/** Of which the network is not sure: it knows nothing yet. */
const image = (k: number): Uint8Array => digits.images.data.slice(k * 784, (k + 1) * 784);

interface Told {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

const told: Told[] = [];
const receiver = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    told.push(JSON.parse(Buffer.concat(parts).toString()) as Told);
    response.writeHead(204).end();
  });
});
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));

function start(): Promise<RunningServer> {
  const config = loadConfig({
    flags: {
      port: 0,
      dataDir: DATA_DIR,
      models: [`reader=${join(FOLDER, 'reader.safetensors')}`],
      logLevel: 'silent',
      admin: { port: 0 },
      webhooks: { urls: [`http://127.0.0.1:${(receiver.address() as AddressInfo).port}`], secrets: [SECRET] },
    },
  });
  return startServer(config);
}

let running: RunningServer | undefined;
afterAll(async () => {
  await running?.stop();
  receiver.close();
  rmSync(FOLDER, { recursive: true, force: true });
});

type Json = Record<string, unknown> & {
  readonly items: {
    readonly image: string;
    readonly answer: { readonly label: string };
    readonly label: unknown;
  }[];
};

async function ask(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: Json; bytes: Uint8Array }> {
  const answer = await fetch(`${running!.url}${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type') === 'application/json';
  return {
    status: answer.status,
    bytes,
    json: (isJson ? JSON.parse(new TextDecoder().decode(bytes)) : {}) as Json,
  };
}

async function infer(k: number, parameters: Record<string, unknown> = {}): Promise<Record<string, string>> {
  const { status, json } = await ask('POST', '/v2/models/reader/infer', {
    parameters,
    inputs: [{ name: 'images', shape: [1, 28, 28], datatype: 'UINT8', data: [...image(k)] }],
  });
  expect(status).toBe(200);
  return json.parameters as Record<string, string>;
}

/** Files below the folder that hold the ink of an image: as bytes, as base64 in any position, in hexadecimal digits or as numbers of JSON. */
function traces(folder: string, k: number): string[] {
  const pixels = image(k);
  const from = pixels.findIndex((value, at) => at % 3 === 0 && value > 0 && pixels[at + 2] > 0);
  const ink = Buffer.from(pixels.subarray(from, from + 12));
  const forms = [ink, ink.toString('base64'), ink.toString('hex'), [...ink].join(',')];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => forms.some((form) => readFileSync(path).includes(form)));
}

const consentIn = (zip: Uint8Array): Json =>
  JSON.parse(new TextDecoder().decode(unzipSync(zip)['consent.json'])) as Json;

/** Some of the drawings as a data set of its own. */
function writeImages(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [part, first, step] of [
    ['train', 5, 16],
    ['t10k', 9, 40],
  ] as const) {
    const rows = Uint32Array.from({ length: Math.floor(8000 / step) }, (_, k) => first + k * step);
    const { images, labels } = subset(digits, rows);
    idx(join(folder, `${part}-images-idx3-ubyte`), images.shape, images.data);
    idx(join(folder, `${part}-labels-idx1-ubyte`), [labels.length], labels);
  }
}

test('the whole life of a consent over HTTP', { timeout: 900_000 }, async () => {
  writeFileSync(join(FOLDER, 'reader.safetensors'), readerFile());
  running = await start();

  // Without consent nothing is kept.
  const without = await infer(0);
  expect(Object.keys(without)).toEqual(['decision_id']);
  expect(traces(DATA_DIR, 0)).toEqual([]);
  const refused = await ask('POST', '/v2/models/reader/infer', {
    parameters: { consent: 'training' },
    inputs: [{ name: 'images', shape: [1, 28, 28], datatype: 'UINT8', data: [...image(0)] }],
  });
  expect([refused.status, refused.json.error]).toEqual([
    400,
    expect.stringMatching(/consent_days: expected for how long.*Nothing was kept/),
  ]);
  expect(await running.services.database.query('SELECT id FROM consents')).toEqual([]);

  // With consent it is, and nowhere as it was.
  const given = { consent: 'training review', consent_days: 30 };
  const { consent_token: token, consent_until: until } = await infer(1, given);
  const { consent_token: other } = await infer(2, given);
  expect(new Date(until).getTime() - Date.now()).toBeGreaterThan(29.9 * 86_400_000);
  for (const k of [1, 2]) expect(traces(DATA_DIR, k)).toEqual([]);
  const path = `/v1/consents/${token}`;
  const shown = await ask('GET', path);
  expect(shown.json).toMatchObject({
    state: 'kept',
    purposes: [{ purpose: 'training' }, { purpose: 'review' }],
    images: 1,
  });
  expect(shown.json.items).toHaveLength(1);
  const consent = shown.json.consent as string;
  const exported = await ask('GET', `${path}/export`);
  expect(consentIn(exported.bytes)).toMatchObject({
    consent,
    items: [{ image: 'image-1.png', explanation: 'explanation-1.json', shape: [28, 28] }],
  });

  // A person looks where the network was not sure; who restricts or objects is left out.
  const changed = async (change: unknown): Promise<unknown> => (await ask('PATCH', path, change)).json.state;
  const waiting = async (): Promise<unknown> => (await ask('GET', '/v1/reviews')).json.waiting;
  expect(await waiting()).toBe(2);
  expect(await changed({ restricted: true })).toBe('restricted');
  expect(await waiting()).toBe(1);
  expect(await changed({ restricted: false, objection: true })).toBe('objected');
  expect(await waiting()).toBe(1);
  expect(await changed({ objection: false })).toBe('kept');
  const { json: claimed } = await ask('POST', '/v1/reviews/claim');
  expect(Object.keys(claimed)).not.toContain('label');
  const decided = await ask('POST', `/v1/reviews/${String(claimed.review)}/decision`, {
    claim: claimed.claim,
    outcome: '7',
  });
  expect(decided.json).toMatchObject({ outcome: '7' });
  expect(await changed({ labels: [{ item: 1, label: '3' }] })).toBe('kept');

  // What may be trained with goes out, is trained with, and its consent is part of the model.
  writeImages(join(FOLDER, 'drawings'));
  writeFileSync(join(FOLDER, 'small.json'), JSON.stringify({ units: [8], epochs: 1, earlyStopping: null }));
  const admin = await running.services.keys.create({ name: 'trainer', scopes: ['admin'] });
  const exportAll = () =>
    dactyl(['serve', 'export-training', '--out', EXTRA, '--url', running!.adminUrl!], {
      env: { DACTYL_API_KEY: admin.text },
    });
  expect(await ask('PATCH', `/v1/consents/${other}`, { labels: [{ item: 1, label: '5' }] })).toMatchObject({
    status: 200,
  });
  const first = await exportAll();
  expect(first).toMatchObject({
    exit: 0,
    stdout: expect.stringMatching(/^Two.images under two.consents in /) as unknown,
  });
  const out = join(FOLDER, 'runs');
  const trained = await dactyl([
    'train',
    '--data',
    join(FOLDER, 'drawings'),
    '--recipe',
    join(FOLDER, 'small.json'),
    '--extra',
    EXTRA,
    '--out',
    out,
    '--quiet',
  ]);
  expect(trained).toMatchObject({ exit: 0, stderr: '' });
  const [name] = readdirSync(out).filter((folder) => folder.startsWith('train_'));
  const run = join(out, name);
  const model = readFileSync(join(run, 'model.safetensors'));
  expect(consentsOf(new Uint8Array(model))).toContain(consent);
  expect(readFileSync(join(run, 'card.md'), 'utf8')).toContain(consent);
  expect((await dactyl(['verify', run])).stdout).toMatch(/It came out with the same bits/);

  // Where that model is served, the consent says so; a backup is made of the store, as it is then.
  writeFileSync(join(FOLDER, 'reader.safetensors'), model);
  await running.stop();
  running = await start();
  await makeBackup(DATA_DIR, BACKUP);
  const version = running.services.models.list()[0].version;
  expect((await ask('GET', path)).json.note).toMatch(
    new RegExp(`used to train the model reader ${version}\\. Erasing them does not untrain it`),
  );

  // Erased: at once, with the proof left, and recipients told.
  const erased = await ask('DELETE', path);
  expect(erased.json).toMatchObject({
    state: 'erased',
    consent,
    note: expect.stringContaining(`reader ${version}`) as unknown,
  });
  expect((await ask('GET', path)).json).toMatchObject({
    state: 'erased',
    items: [],
    purposes: [{ purpose: 'training' }, { purpose: 'review' }],
  });
  expect((await ask('GET', `${path}/export`)).status).toBe(410);
  await expect
    .poll(() => told.filter(({ type }) => type === 'consent.erased'), { timeout: 30_000 })
    .toMatchObject([
      {
        type: 'consent.erased',
        data: {
          consent,
          reason: 'request',
          uses: [{ kind: 'training set' }, { kind: 'model', what: `reader ${version}` }],
        },
      },
    ]);
  const again = await exportAll();
  expect(again.stdout).toMatch(
    /^One.image under one.consent in .*\nErased since an earlier export, and removed: /,
  );
  expect(existsSync(join(EXTRA, `${consent}-1.png`))).toBe(false);
  const unverifiable = await dactyl(['verify', run]);
  expect(unverifiable.exit).toBe(1);
  expect(unverifiable.stderr).toMatch(
    new RegExp(
      `the images of one.consent were erased since \\(${consent}\\)\\. It cannot be trained again.*E_ERASED`,
    ),
  );

  // A backup brings nothing back: the key is gone, and the list is replayed.
  await running.stop();
  for (const file of readdirSync(DATA_DIR)) if (file.startsWith('store.sqlite')) rmSync(join(DATA_DIR, file));
  expect(await restore(BACKUP, DATA_DIR, {})).toMatchObject({ erased: 1 });
  running = await start();
  const restored = await ask('GET', path);
  expect(restored.json).toMatchObject({ state: 'erased', items: [], erased: { reason: 'request' } });
  expect((await ask('GET', `/v1/consents/${other}`)).json).toMatchObject({ state: 'kept' });
  for (const k of [0, 1, 2]) expect(traces(DATA_DIR, k)).toEqual([]);

  // Every step stands in the audit log, which holds together.
  const { database } = running.services;
  const events = await database.query('SELECT kind FROM audit_events WHERE subject = ? ORDER BY seq', [
    consent,
  ]);
  expect(events.map(({ kind }) => String(kind).replace('consent.', ''))).toEqual([
    'given',
    'review.offered',
    'shown',
    'exported',
    'restricted',
    'released',
    'objected',
    'objection-withdrawn',
    'corrected',
    'used',
    'used',
    // The backup is of before the erasure; its restoration brought it about anew.
    'erased',
  ]);
  const keys = verifierKeys(join(DATA_DIR, 'keys', 'audit'));
  const reports = await verifyAudit(database, { keys, outside: [] });
  expect(reports.flatMap(({ findings }) => findings)).toEqual([]);

  found({
    id: 'privacy-life',
    points: ['E5', 'E11'],
    articles: ['GDPR 7', 'GDPR 15', 'GDPR 16', 'GDPR 17', 'GDPR 18', 'GDPR 19', 'GDPR 20'],
    says: 'An image sent without consent is in no byte of the data folder, as bytes, base64, hexadecimal or JSON. One sent with consent was shown, exported, corrected, restricted, objected to, trained with and erased by its token over HTTP; a backup of before the erasure brought nothing back, the proof of the consent stayed, recipients were told, the audit log verified.',
  });
});
