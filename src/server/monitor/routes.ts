import type { FastifyInstance } from 'fastify';
import { RULE } from '../../analysis/drift/rule.ts';
import { sendJson } from '../errors.ts';
import { pagePolicy } from '../security/pagePolicy.ts';
import type { Services } from '../services.ts';
import { type MonitorPage, monitorPage } from './page.ts';
import { readTried } from './tried.ts';

/** Seconds after which the page is loaded anew. */
const REFRESH = 15;

const tags = ['monitoring'];

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
        summary: 'The same as a page that loads itself anew every 15 seconds',
        produces: ['text/html'],
      },
    },
    async (_, reply) => {
      const markup = monitorPage(await page());
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', pagePolicy(markup))
        .header('refresh', String(REFRESH))
        .header('cache-control', 'no-store')
        .send(markup);
    },
  );
}
