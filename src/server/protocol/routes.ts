import type { FastifyInstance } from 'fastify';
import { packageVersion } from '../../store/environment.ts';
import { sendJson } from '../errors.ts';
import type { Services } from '../services.ts';

/** The Open Inference Protocol, version 2, below `/v2`. */
export function openInference(app: FastifyInstance, _services: Services): void {
  // Python's synchronous tritonclient says no type, and bodies are JSON, JSON with tensors behind it, or tensors alone.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  const about = { name: 'dactyl', version: packageVersion(), extensions: ['binary_tensor_data'] };
  app.get('/', (_, reply) => sendJson(reply, about));
  app.get('/health/live', (_, reply) => sendJson(reply, { live: true }));
  app.get('/health/ready', (_, reply) => sendJson(reply, { ready: true, live: true }));
}
