import type { FastifyInstance } from 'fastify';
import { DRIFT_RULE } from '../../analysis/drift/rule.ts';
import { sendJson } from '../errors.ts';
import { pagePolicy } from '../security/pagePolicy.ts';
import type { Services } from '../services.ts';
import { livePage } from './livePage.ts';
import { type MonitorPage, monitorPage } from './page.ts';
import { readTried } from './tried.ts';

const tags = ['monitoring'];

/** `/monitor`, for people with a browser. The page holds no figure; what it asks for needs the key. */
export function livePageRoute(app: FastifyInstance): void {
  app.get('/monitor', { config: { scope: 'none' } }, (_, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy(livePage()))
      .send(livePage()),
  );
}

/** `/metrics` for Prometheus, `/v1/monitor` as JSON and `/v1/monitor/page` for people. */
export function monitorRoutes(app: FastifyInstance, services: Services): void {
  const { monitor, metrics, webhooks, clock, models } = services;
  const tried = readTried();

  const page = async (): Promise<MonitorPage> => ({
    at: clock.now(),
    rule: DRIFT_RULE,
    models: monitor.models(),
    served: models.list().map(({ name, version, hash }) => ({ name, version, hash })),
    counted: monitor
      .counted()
      .map(({ name, version, images, notSure }) => ({ name, version, images, notSure })),
    webhooks: await webhooks.state(),
    tried,
  });
  app.get(
    '/metrics',
    {
      schema: {
        tags,
        summary: 'Metrics for Prometheus',
        description:
          'Requests, times, batches, answers, drift, audit and webhooks; no pixels and no identity.',
        produces: ['text/plain'],
      },
    },
    async (_, reply) => reply.header('content-type', metrics.contentType).send(await metrics.text()),
  );
  app.get(
    '/v1/monitor',
    { schema: { tags, summary: 'Drift, estimated accuracy, messages, and what was tried, as JSON' } },
    async (_, reply) => sendJson(reply, await page()),
  );
  app.get(
    '/v1/monitor/page',
    {
      schema: {
        tags,
        summary: 'The same as a page, as it is now; /monitor shows it in a browser',
        produces: ['text/html'],
      },
    },
    async (_, reply) => {
      const markup = monitorPage(await page());
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', pagePolicy(markup))
        .header('cache-control', 'no-store')
        .send(markup);
    },
  );
}
