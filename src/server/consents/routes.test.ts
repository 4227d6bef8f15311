import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { consentsAlone, itemOf, type ConsentsAlone } from '../../../test/support/consents.ts';
import { answerErrors, createApp } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { readPng } from '../../data/readers/pictures/png.ts';
import { notFound } from '../errors.ts';
import { consentPage } from './page.ts';
import { consentRoutes } from './routes.ts';

const GIVEN = { purposes: ['training', 'review'], days: 30 } as const;

interface Shown {
  readonly [name: string]: unknown;
  readonly items: { readonly image: string; readonly label: unknown }[];
}

/** What the routes answer, with a log that is kept. */
async function served(): Promise<
  ConsentsAlone & {
    log: string[];
    ask: (
      method: 'GET' | 'PATCH' | 'DELETE',
      path: string,
      body?: unknown,
      headers?: Record<string, string>,
    ) => Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer; json: () => Shown }>;
  }
> {
  const own = await consentsAlone();
  const log: string[] = [];
  const app = createApp(loadConfig({ flags: { logLevel: 'debug' } }), { write: (line) => log.push(line) });
  answerErrors(app, 'own');
  const models = {
    find: () => {
      throw notFound('none');
    },
    predict: () => Promise.reject(new Error('no model')),
  };
  consentRoutes(app, { ...own, models });
  return {
    ...own,
    log,
    async ask(method, path, body, headers = {}) {
      const answer = await app.inject({
        method,
        url: `/v1/consents/${path}`,
        headers,
        ...(body !== undefined && { payload: body as object }),
      });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        bytes: answer.rawPayload,
        json: () => answer.json<Shown>(),
      };
    },
  };
}

test('a consent is shown with its images and what can be done, to nobody in between; the log names no token', async () => {
  const { consents, ask, log } = await served();
  const { token, consent } = await consents.keep(GIVEN, [itemOf(1)], 'decision-1');
  const { status, headers, json } = await ask('GET', token);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
  const { items, rights, says, ...rest } = json();
  expect(rest).toMatchObject({
    consent,
    state: 'kept',
    given: '2026-11-29T00:00:00.000Z',
    until: '2026-12-29T00:00:00.000Z',
    under_age: false,
    decision: 'decision-1',
    images: 1,
    erased: null,
    uses: [],
  });
  expect(says).toBe(
    'The image is kept, encrypted, until 2026-12-29, then erased. Until then it is used for the purposes below.',
  );
  expect(rights).toHaveLength(5);
  // Article 21 is of processing that does not rest on consent.
  expect(rights).toContainEqual(expect.objectContaining({ body: { objection: true }, article: 'GDPR 7(3)' }));
  const png = Buffer.from(items[0].image.replace('data:image/png;base64,', ''), 'base64');
  expect([...readPng(png, 'image').data]).toEqual([...itemOf(1).image]);
  await ask('GET', `${token}x`);
  expect(log.join()).not.toContain(token.split('.')[1].slice(0, 12));
});

test('the export is one zip with description, image and picture', async () => {
  const { consents, ask } = await served();
  const sent = Buffer.from('as it was sent');
  const item = {
    ...itemOf(1),
    original: { bytes: sent, type: 'image/jpeg' },
  };
  const { token, consent } = await consents.keep(GIVEN, [item, { ...itemOf(2), shape: [4, 98, 2] }], 'd');
  const { headers, bytes } = await ask('GET', `${token}/export`);
  expect(headers).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="dactyl-consent-${consent}.zip"`,
  });
  const files = unzipSync(new Uint8Array(bytes));
  expect(Object.keys(files).sort()).toEqual(['consent.json', 'image-1.png', 'image-2.bin', 'original-1.jpg']);
  expect([...readPng(files['image-1.png'], 'image').data]).toEqual([...item.image]);
  expect(Buffer.from(files['original-1.jpg']).equals(sent)).toBe(true);
  const described = JSON.parse(strFromU8(files['consent.json'])) as Shown;
  expect(described).toMatchObject({
    consent,
    purposes: [{ purpose: 'training' }, { purpose: 'review' }],
    items: [{ answer: { label: '4' } }, {}],
  });
  expect(described.logic).toMatch(/Art|probabil/);
});

test('PATCH restricts, objects and corrects; what it does not understand is refused, and nothing changes', async () => {
  const { consents, ask } = await served();
  const { token } = await consents.keep(GIVEN, [itemOf(1)], 'd');
  expect((await ask('PATCH', token, { restricted: true })).json().state).toBe('restricted');
  expect((await ask('PATCH', token, { objection: true })).json().state).toBe('objected');
  expect(
    (
      await ask('PATCH', token, { labels: [{ item: 1, label: '9' }], objection: false, restricted: false })
    ).json().state,
  ).toBe('kept');
  expect((await ask('GET', token)).json().items[0].label).toEqual({ value: '9', by: 'person' });
  for (const wrong of [
    {},
    { restricted: 'yes' },
    { until: 1 },
    { labels: [] },
    { labels: [{ item: 1, label: 'ten' }] },
  ]) {
    const { status, json } = await ask('PATCH', token, wrong);
    expect(status).toBe(400);
    expect(json()).toMatchObject({ code: 'E_ARGUMENT' });
  }
});

test('DELETE erases and leaves the proof; a model that was trained with the image is named; then images are 410, a wrong token 404', async () => {
  const { consents, ask } = await served();
  const { token, consent } = await consents.keep(GIVEN, [itemOf(1)], 'd');
  await consents.used([consent], { kind: 'model', what: 'reader 0123456789ab' });
  const note =
    'These images were used to train the model reader 0123456789ab. Erasing them does not untrain it; models that are trained from now on';
  expect((await ask('GET', token)).json().note).toBe(`${note} would not have them.`);
  const { status, json } = await ask('DELETE', token);
  expect(status).toBe(200);
  expect(json()).toMatchObject({
    state: 'erased',
    erased: { at: '2026-11-29T00:00:00.000Z', reason: 'request' },
    note: `${note} do not have them.`,
  });
  const after = (await ask('GET', token)).json();
  expect(after).toMatchObject({
    state: 'erased',
    purposes: [{ purpose: 'training' }, { purpose: 'review' }],
    items: [],
  });
  expect((await ask('DELETE', token)).status).toBe(200);
  const gone = await ask('GET', `${token}/export`);
  expect([gone.status, gone.json().code]).toEqual([410, 'E_ERASED']);
  expect((await ask('PATCH', token, { restricted: true })).status).toBe(410);
  expect((await ask('DELETE', 'nothing')).status).toBe(404);
});

test('the token is taken from its header, too, so that no address has it; the page sends it so, and what can be done names no token', async () => {
  const { consents, ask } = await served();
  const { token } = await consents.keep(GIVEN, [itemOf(1)], 'd');
  const by = { 'dactyl-consent-token': token };
  const shown = await ask('GET', 'mine', undefined, by);
  expect(shown.status).toBe(200);
  expect(JSON.stringify(shown.json().rights)).toContain('GET /v1/consents/mine/export');
  expect(shown.bytes.toString()).not.toContain(token);
  expect((await ask('GET', 'mine/export', undefined, by)).status).toBe(200);
  expect((await ask('PATCH', 'mine', { restricted: true }, by)).json().says).toMatch(
    /It is used for nothing while/,
  );
  for (const wrong of [{}, { 'dactyl-consent-token': `${token}x` }]) {
    expect((await ask('GET', 'mine', undefined, wrong)).status).toBe(404);
    expect((await ask('DELETE', 'mine', undefined, wrong)).status).toBe(404);
  }
  expect(consentPage()).toContain("fetch('/v1/consents/mine'");
  expect((await ask('DELETE', 'mine', undefined, by)).json().state).toBe('erased');
});

test('a key that is missing though nothing was erased is not told as an erasure', async () => {
  const { consents, ask, folder } = await served();
  const { token } = await consents.keep(GIVEN, [itemOf(1)], 'd');
  rmSync(join(folder, 'keys', 'consents'), { recursive: true });
  const { status, json } = await ask('GET', token);
  expect(status).toBe(410);
  expect(json()).toMatchObject({ code: 'E_NOT_FOUND' });
  expect(json().error).toMatch(/key is missing, and no erasure/);
});

test('a damaged image is named in what is shown and in the export, and the others are there', async () => {
  const { consents, database, ask } = await served();
  const { token } = await consents.keep(GIVEN, [itemOf(1), itemOf(2), itemOf(3)], 'decision-1');
  await database.query("UPDATE consent_items SET image = x'0102' WHERE item = 2");
  await database.query('DELETE FROM consent_items WHERE item = 3');
  const shown = await ask('GET', token);
  expect(shown.status).toBe(200);
  const damaged = (item: number) => ({
    item,
    image: null,
    damaged: expect.stringMatching(/^This image is damaged/) as string,
  });
  const whole = { item: 1, answer: itemOf(1).answer };
  expect(shown.json().items).toMatchObject([whole, damaged(2), damaged(3)]);
  const { status, bytes } = await ask('GET', `${token}/export`);
  expect(status).toBe(200);
  const files = unzipSync(bytes);
  expect(Object.keys(files).sort()).toEqual(['consent.json', 'image-1.png']);
  expect((JSON.parse(strFromU8(files['consent.json'])) as Shown).items).toMatchObject([
    { ...whole, image: 'image-1.png' },
    damaged(2),
    damaged(3),
  ]);
});
