import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { Clock } from '../../src/server/clock.ts';
import type { Database } from '../../src/server/store/database.ts';
import { endpointOf } from '../../src/server/webhooks/endpoint.ts';
import { claimDue } from '../../src/server/webhooks/outbox.ts';
import { createWebhooks, type Webhooks } from '../../src/server/webhooks/webhooks.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ends: (() => Promise<unknown> | void)[] = [];

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver on this machine that answers with these statuses, the last again and again. */
async function receiver(...statuses: number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      const status = statuses[Math.min(received.length, statuses.length) - 1];
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=t`, received };
}

interface Moved extends Clock {
  at: number;
}

/** What the outbox promises, tried on an empty store of each kind. */
export function webhooksSuite(open: () => Promise<Database>): void {
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function outbox(
    urls: string[],
  ): Promise<{ webhooks: Webhooks; clock: Moved; database: Database; warn: unknown[] }> {
    const database = await open();
    ends.push(() => database.close());
    const clock: Moved = { at: 1_614_265_330_000, now: () => clock.at, every: () => () => undefined };
    const warn: unknown[] = [];
    const log = {
      warn: (facts: unknown) => void warn.push(facts),
      error: (facts: unknown) => void warn.push(facts),
    };
    const config = { webhooks: { urls, secrets: [SECRET], allowHttp: false } };
    const webhooks = createWebhooks({ config, clock, log: log as never, database });
    ends.push(() => webhooks.close());
    return { webhooks, clock, database, warn };
  }

  test('a message arrives once at each endpoint, signed, with type, time and data', async () => {
    const [a, b] = [await receiver(204), await receiver(200)];
    const { webhooks } = await outbox([a.url, b.url]);
    await webhooks.emit('drift.started', { model: 'm' });
    await webhooks.send();
    await webhooks.send();
    for (const { received } of [a, b]) {
      expect(received).toHaveLength(1);
      const [{ headers, body }] = received;
      expect(JSON.parse(body)).toEqual({
        type: 'drift.started',
        timestamp: '2021-02-25T15:02:10.000Z',
        data: { model: 'm' },
      });
      expect(headers['webhook-timestamp']).toBe('1614265330');
      const id = String(headers['webhook-id']);
      const key = Buffer.from(SECRET.slice(6), 'base64');
      const hmac = createHmac('sha256', key).update(`${id}.1614265330.${body}`).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${hmac}`);
    }
    expect(a.received[0].headers['webhook-id']).toBe(b.received[0].headers['webhook-id']);
    expect(await webhooks.state()).toMatchObject({ pending: 0, delivered: 2, dead: 0 });
  });

  test('a refused message is tried again after 5 s, 15 s …, with the same id, and signed anew', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    ends.push(() => void vi.restoreAllMocks());
    const { url, received } = await receiver(500, 503, 200);
    const { webhooks, clock } = await outbox([url]);
    await webhooks.emit('a.b', {});
    await webhooks.send();
    clock.at += 4_999;
    await webhooks.send();
    expect(received).toHaveLength(1);
    clock.at += 1;
    await webhooks.send();
    clock.at += 14_999;
    await webhooks.send();
    expect(received).toHaveLength(2);
    clock.at += 1;
    await webhooks.send();
    expect(received.map(({ headers }) => headers['webhook-timestamp'])).toEqual([
      '1614265330',
      '1614265335',
      '1614265350',
    ]);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await webhooks.state()).toMatchObject({ delivered: 1, pending: 0 });
  });

  test('after ten tries a message is dead, is counted and listed, and stays so', async () => {
    const { url, received } = await receiver(500);
    const { webhooks, clock, warn } = await outbox([url]);
    await webhooks.emit('a.b', { secret: 'x' });
    for (let k = 0; k < 15; k++) {
      await webhooks.send();
      clock.at += 24 * 3_600_000;
    }
    expect(received).toHaveLength(10);
    const state = await webhooks.state();
    expect(state).toMatchObject({ dead: 1, pending: 0 });
    expect(state.givenUp).toMatchObject([{ kind: 'a.b', attempts: 10, why: 'status 500' }]);
    expect(JSON.stringify([state, warn])).not.toContain('token');
  });

  test.each([
    [302, 'pending', 'is not followed'],
    [410, 'dead', 'ends it at once'],
  ] as const)('%i leaves it %s: it %s', async (status, left, _why) => {
    const { url, received } = await receiver(status);
    const { webhooks } = await outbox([url]);
    await webhooks.emit('a.b', {});
    await webhooks.send();
    expect(received).toHaveLength(1);
    expect(await webhooks.state()).toMatchObject({ [left]: 1 });
  });

  test('nobody listens: tried again; claimed and cut off in the middle: tried again after a minute', async () => {
    const { webhooks, clock, database } = await outbox(['http://127.0.0.1:9/']);
    await webhooks.emit('a.b', {});
    await webhooks.send();
    const [row] = await database.query('SELECT detail, attempts, state FROM webhook_deliveries');
    expect(row).toMatchObject({ attempts: 1, state: 'pending' });
    const { url, received } = await receiver(200);
    const { id } = endpointOf(url, false);
    await database.write([
      { sql: 'UPDATE webhook_deliveries SET endpoint = ?, next_at = ?', values: [id, clock.at + 60_000] },
    ]);
    const config = { webhooks: { urls: [url], secrets: [SECRET], allowHttp: false } };
    const second = createWebhooks({
      config,
      clock,
      log: { warn: vi.fn(), error: vi.fn() } as never,
      database,
    });
    await second.send();
    expect(received).toHaveLength(0);
    clock.at += 60_000;
    await second.send();
    expect(received).toHaveLength(1);
    await second.close();
  });

  test('two instances on one database send a message once', async () => {
    const { url, received } = await receiver(200);
    const { webhooks, clock, database } = await outbox([url]);
    const config = { webhooks: { urls: [url], secrets: [SECRET], allowHttp: false } };
    const other = createWebhooks({
      config,
      clock,
      log: { warn: vi.fn(), error: vi.fn() } as never,
      database,
    });
    await database.write(webhooks.statements('a.b', {}));
    await Promise.all([webhooks.send(), other.send()]);
    expect(received).toHaveLength(1);
    await other.close();
  });

  test('what another instance claims between the look and the claim is left to it, as PostgreSQL allows it to happen', async () => {
    const { webhooks, clock, database } = await outbox(['http://127.0.0.1:9/']);
    await database.write(webhooks.statements('a.b', {}));
    const raced = {
      transaction: (work: Parameters<Database['transaction']>[0]) =>
        database.transaction(({ query }) =>
          work({
            async query(sql, values) {
              if (sql.startsWith('UPDATE')) {
                await query('UPDATE webhook_deliveries SET next_at = ?, attempts = 1', [clock.at + 1000]);
              }
              return query(sql, values);
            },
          }),
        ),
    };
    const due = { now: clock.at, until: clock.at + 60_000, most: 10 };
    expect(await claimDue(raced as Database, due)).toEqual([]);
  });
}
