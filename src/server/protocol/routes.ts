import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { packageVersion } from '../../store/environment.ts';
import { HttpError, sendJson, unsupported } from '../errors.ts';
import type { ServedModel } from '../models/model.ts';
import type { Services } from '../services.ts';
import { infer, type ModelPath } from './infer.ts';
import { modelMetadata } from './metadata.ts';
import { Turns } from './turns.ts';

/** Parts of Triton's protocol that its clients can ask for and that are not served. */
const UNSUPPORTED = [
  '/models/:model/config',
  '/models/:model/versions/:version/config',
  '/models/stats',
  '/models/:model/stats',
  '/models/:model/versions/:version/stats',
  '/models/:model/generate',
  '/models/:model/generate_stream',
  '/models/:model/trace/setting',
  '/repository/models/:model/load',
  '/repository/models/:model/unload',
  '/trace/setting',
  '/logging',
  '/systemsharedmemory/*',
  '/cudasharedmemory/*',
];

/** The Open Inference Protocol, version 2, below `/v2`. */
export function openInference(app: FastifyInstance, services: Services): void {
  const { models } = services;
  // Python's synchronous tritonclient says no type, and bodies are JSON, JSON with tensors behind it, or tensors alone.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  const about = { name: 'dactyl', version: packageVersion(), extensions: ['binary_tensor_data'] };
  app.get('/', (_, reply) => sendJson(reply, about));
  app.get('/health/live', (_, reply) => sendJson(reply, { live: true }));
  app.get('/health/ready', (_, reply) => {
    const ready = services.ready();
    return sendJson(reply, { ready, live: true }, ready ? 200 : 503);
  });

  const names = (): string[] => [...new Set(models.list().map(({ name }) => name))];
  app.get('/models', (_, reply) => sendJson(reply, { models: names() }));
  app.post('/repository/index', (_, reply) =>
    sendJson(
      reply,
      models.list().map(({ name, version }) => ({ name, version, state: 'READY', reason: '' })),
    ),
  );
  const versionsOf = ({ name }: ServedModel): string[] =>
    models
      .list()
      .filter((model) => model.name === name)
      .map(({ version }) => version);
  const turns = new Turns(services.config.inference.turnMs);
  const refuseLate: onRequestHookHandler = (_request, _reply, done) => {
    turns.enter();
    done();
  };
  for (const path of ['/models/:model', '/models/:model/versions/:version']) {
    app.get<{ Params: ModelPath }>(path, ({ params }, reply) => {
      const model = models.find(params.model, params.version);
      return sendJson(reply, modelMetadata(model, versionsOf(model)));
    });
    app.get<{ Params: ModelPath }>(`${path}/ready`, ({ params }, reply) => {
      const ready = isServed(services, params) && services.ready();
      return sendJson(reply, { name: params.model, ready }, ready ? 200 : 503);
    });
    app.post(`${path}/infer`, { onRequest: refuseLate }, (request, reply) => infer(request, reply, services));
  }
  for (const url of UNSUPPORTED) {
    app.all(url, () => {
      throw unsupported('This part of the protocol is not supported.');
    });
  }
}

function isServed({ models }: Services, { model, version }: ModelPath): boolean {
  try {
    models.find(model, version);
    return true;
  } catch (error) {
    if (error instanceof HttpError) return false;
    throw error;
  }
}
