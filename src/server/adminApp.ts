import type { FastifyInstance } from 'fastify';
import { answerErrors } from './app.ts';
import { consentAdminRoutes } from './consents/adminRoutes.ts';
import { monitorRoutes } from './monitor/routes.ts';
import { guardAccess } from './security/access.ts';
import { parseOnlyJson } from './security/json.ts';
import { keyRoutes } from './security/keyRoutes.ts';
import { secureAnswers } from './security/limits.ts';
import type { Services } from './services.ts';

/** Every route of the admin listener: of what only an operator does, each for keys of the scope `admin`. */
export async function registerAdminRoutes(app: FastifyInstance, services: Services): Promise<void> {
  answerErrors(app, 'own');
  services.metrics.requests.countIn(app);
  parseOnlyJson(app);
  await secureAnswers(app, services.config);
  guardAccess(app, services, { admin: true });
  keyRoutes(app, services);
  consentAdminRoutes(app, services);
  monitorRoutes(app, services);
}
