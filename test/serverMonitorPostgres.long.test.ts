import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATISTICS } from '../src/analysis/drift/observations.ts';
import { Records } from '../src/server/monitor/records.ts';
import type { Database } from '../src/server/store/database.ts';
import { openDatabase } from '../src/server/store/openDatabase.ts';
import { createWebhooks } from '../src/server/webhooks/webhooks.ts';
import { type PostgresServer, startPostgres, whyNoPostgres } from './support/postgresServer.ts';

const reason = whyNoPostgres();

describe.skipIf(reason)(
  `monitoring in PostgreSQL${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let server: PostgresServer;
    let databases: Database[];
    beforeAll(async () => {
      server = await startPostgres();
      const url = server.newDatabase();
      databases = await Promise.all(['one', 'two'].map((instance) => openDatabase(url, { instance })));
    });
    afterAll(async () => {
      for (const database of databases) await database.close();
      server.stop();
    });

    it('twenty messages arrive once each, sent by two instances at the same time', async () => {
      const received: string[] = [];
      const receiver = createServer((request, response) => {
        received.push(String(request.headers['webhook-id']));
        response.writeHead(204).end();
      });
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
      const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
      const clock = { now: () => 1_000_000, every: () => () => undefined };
      const log = { warn: () => undefined, error: () => undefined } as never;
      const all = databases.map((database) =>
        createWebhooks({
          config: { webhooks: { urls: [url], secrets, allowHttp: false } },
          clock,
          log,
          database,
        }),
      );
      for (let k = 0; k < 20; k++) await databases[0].write(all[0].statements('a.b', { k }));
      await Promise.all(all.map((webhooks) => webhooks.send()));
      expect(received).toHaveLength(20);
      expect(new Set(received).size).toBe(20);
      expect(await all[1].state()).toMatchObject({ delivered: 20, pending: 0, dead: 0 });
      for (const webhooks of all) await webhooks.close();
      receiver.close();
    });

    it('points, states and references are kept, by instance', async () => {
      const [one, two] = databases.map((database) => new Records(database));
      const point = { at: 1, alarm: false, windows: [], accuracy: { estimate: 0.9, low: 0.8, high: 1 } };
      const state = { episode: null, labels: { count: 2, confidence: 1.5, right: 1 } };
      const statistics = Float64Array.from({ length: 2 * STATISTICS.length }, (_, i) => i / 7);
      const observations = { statistics, answers: Uint16Array.of(3, 10) };
      await databases[0].write([
        one.pointAdded('m/v', { ...point, alarm: true }),
        one.pointAdded('m/v', point),
        one.stateSet('m/v', state),
        one.referenceSet('m/v', 5, observations),
      ]);
      expect(await one.points('m/v', 10)).toEqual([point]);
      expect(await one.state('m/v')).toEqual(state);
      expect(await one.reference('m/v')).toEqual({ at: 5, observations });
      expect([await two.points('m/v', 10), await two.state('m/v'), await two.reference('m/v')]).toEqual([
        [],
        undefined,
        undefined,
      ]);
    });
  },
);
