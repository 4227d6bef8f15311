import { afterAll, beforeAll, expect, test } from 'vitest';
import { JSDOM } from 'jsdom';
import { readerFile, temporaryFolder, testServer, type TestServer } from '../fixtures/serving.ts';
import type { MonitorPage } from './page.ts';

const folder = temporaryFolder();
let server: TestServer;

beforeAll(async () => {
  server = await testServer({ models: [`small=${folder.put('small.safetensors', readerFile())}`] });
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

const get = (url: string) => server.app.inject({ url, headers: { host: 'localhost' } });

async function infer(count: number): Promise<void> {
  const data = Array.from({ length: count * 784 }, (_, i) => (i * 37) % 256);
  const inputs = [{ name: 'image', shape: [count, 28, 28], datatype: 'UINT8', data }];
  const answer = await server.app.inject({
    method: 'POST',
    url: '/v2/models/small/infer',
    headers: { host: 'localhost', 'content-type': 'application/json' },
    payload: { inputs },
  });
  expect(answer.statusCode).toBe(200);
}

test('/metrics: Prometheus’ text, with requests by route, images, batches, confidence and what is kept', async () => {
  await infer(3);
  await get('/none/1234');
  const { body, headers } = await get('/metrics');
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = body.split('\n');
  for (const line of [
    'dactyl_http_requests_total{method="POST",route="/v2/models/:model/infer",status="200"} 1',
    'dactyl_queue_images 0',
    'dactyl_batch_images_bucket{le="4"} 1',
    'dactyl_batch_images_sum 3',
    'dactyl_webhook_messages{state="dead"} 0',
    'dactyl_audit_events_total 1',
  ]) {
    expect(lines).toContain(line);
  }
  expect(body).toMatch(/dactyl_images_total\{model="small",version="\w{12}"\} 3/);
  expect(body).toMatch(
    /dactyl_http_request_duration_seconds_count\{method="POST",route="\/v2\/models\/:model\/infer"\} 1/,
  );
  expect(body).not.toContain('1234');
  for (const [, name] of body.matchAll(/^# TYPE (\S+) counter/gm)) expect(name).toMatch(/_total$/);
});

test('the page and its JSON: reference, and what was tried', async () => {
  expect((await get('/v1/monitor/page')).body).toContain('Not enough images yet');
  for (let k = 0; k < 4; k++) await infer(250);
  await server.services.monitor.settled();
  const page = (await get('/v1/monitor')).json<MonitorPage>();
  expect(page.models[0]).toMatchObject({ name: 'small', reference: { kind: 'none', needed: 2000 } });
  expect(page.tried.cleanDays.alarms / page.tried.cleanDays.days).toBeLessThanOrEqual(0.01);
  const { body, headers } = await get('/v1/monitor/page');
  expect(headers).toMatchObject({ 'cache-control': 'no-store' });
  const { document } = new JSDOM(body).window;
  expect([...document.querySelectorAll('h2')].map(({ textContent }) => textContent)).toEqual([
    'Models',
    'What sets it off, and what does not',
    'Messages',
    'How it is judged',
  ]);
  expect(document.querySelectorAll('script')).toHaveLength(0);
  for (const { label } of page.tried.corruptions) expect(body).toContain(label);
});

test('checkpoints of the audit log are pushed out as webhooks', async () => {
  const told: [string, object][] = [];
  const webhooks = {
    emit: (kind: string, data: object) => Promise.resolve(void told.push([kind, data])),
    statements: () => [],
  };
  const own = await testServer(
    { models: [`small=${folder.put('small.safetensors', readerFile())}`] },
    {
      webhooks: webhooks as never,
    },
  );
  await own.services.audit.append({ kind: 'tried', at: 1, facts: {} });
  const note = await own.services.audit.checkpoint();
  expect(told).toEqual([['audit.checkpoint', { note }]]);
  await own.close();
});
