import type { FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { createApp, registerRoutes } from './app.ts';
import { systemClock } from './clock.ts';
import { loadConfig } from './config/load.ts';
import { createServices } from './services.ts';

async function application(
  more: (app: FastifyInstance) => void = () => undefined,
): Promise<{ app: FastifyInstance; lines: string[] }> {
  const lines: string[] = [];
  const config = loadConfig({ flags: { store: 'memory' } });
  const app = createApp(config, { write: (line) => void lines.push(line) });
  more(app);
  await registerRoutes(app, await createServices({ config, log: app.log }, systemClock));
  return { app, lines };
}

test.each(['/v2', '/v2/', '/v2/health/live', '/v2/health/ready', '/v2/none', '/none'])(
  '%s: the type is exactly application/json, for kserve drops another',
  async (url) => {
    const { app } = await application();
    const { headers, statusCode } = await app.inject({ url });
    expect(headers['content-type']).toBe('application/json');
    expect(statusCode).toBe(url.endsWith('none') ? 404 : 200);
  },
);

test('errors: {"error"} below /v2, and a code besides elsewhere', async () => {
  const { app } = await application();
  expect((await app.inject({ url: '/v2/none' })).json()).toEqual({ error: 'Nothing answers GET here.' });
  expect((await app.inject({ url: '/none' })).json()).toEqual({
    error: 'Nothing answers GET here.',
    code: 'E_NOT_FOUND',
  });
});

test('an internal error says nothing of the inside, and the log has it', async () => {
  const { app, lines } = await application((plain) => {
    plain.get('/v1/fails', () => {
      throw new Error('secret of /etc');
    });
  });
  const { body, statusCode } = await app.inject({ url: '/v1/fails?token=hidden' });
  expect(statusCode).toBe(500);
  expect(body).not.toContain('secret');
  expect(lines.join('')).toContain('secret of /etc');
  expect(lines.join('')).not.toContain('hidden');
});
