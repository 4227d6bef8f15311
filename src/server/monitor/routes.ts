import type { FastifyInstance } from 'fastify';
import { RULE } from '../../analysis/drift/rule.ts';
import { sendJson } from '../errors.ts';
import type { Services } from '../services.ts';
import { type MonitorPage, monitorPage } from './page.ts';
import { readTried } from './tried.ts';

/** Seconds after which the page is loaded anew. */
const REFRESH = 15;

/** `/metrics` for Prometheus, `/v1/monitor` as JSON and `/v1/monitor/page` for people. */
export function monitorRoutes(app: FastifyInstance, services: Services): void {
  const { monitor, metrics, webhooks, clock, models } = services;
  const tried = readTried();

  const page = async (): Promise<MonitorPage> => ({
    at: clock.now(),
    rule: RULE,
    models: monitor.models(),
    served: models.list().map(({ name, version, hash }) => ({ name, version, hash })),
    counted: monitor
      .counted()
      .map(({ name, version, images, notSure }) => ({ name, version, images, notSure })),
    webhooks: await webhooks.state(),
    tried,
  });
  app.get('/metrics', async (_, reply) =>
    reply.header('content-type', metrics.contentType).send(await metrics.text()),
  );
  app.get('/v1/monitor', async (_, reply) => sendJson(reply, await page()));
  app.get('/v1/monitor/page', async (_, reply) =>
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('refresh', String(REFRESH))
      .header('cache-control', 'no-store')
      .send(monitorPage(await page())),
  );
}
