import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { packageVersion } from '../../store/environment.ts';
import type { ServerConfig } from '../config/schema.ts';
import { needsKeys } from '../security/access.ts';
import { wantedBy } from '../security/scopes.ts';
import { documented } from './documented.ts';
import { INFERENCE_PROTOCOL } from './inferenceProtocol.ts';

/** Where the page is; the document itself is below it, at `/json`. */
export const DOCUMENTATION = '/documentation';

const TAGS = [
  { name: 'reading', description: 'Digits and numbers in pictures and strokes.' },
  { name: 'inference', description: 'The Open Inference Protocol, version 2, as its clients use it.' },
  { name: 'models', description: 'What answers, and what is known of it.' },
  { name: 'consents', description: 'What was kept with consent, for who has its token.' },
  { name: 'review', description: 'Images that wait for a person.' },
  { name: 'monitoring', description: 'Whether what comes looks like what the model was measured on.' },
];

/** On a narrow page descriptions stand below their names; on paper colours are kept and what is only pressed is left out. */
const STYLE = `@media (max-width:40rem){.swagger-ui .opblock-tag{flex-wrap:wrap}.swagger-ui .opblock-tag small{flex-basis:calc(100% - 3rem);order:1;padding:0 10px}}
@media print{html{overflow:visible}.swagger-ui .scheme-container,.swagger-ui .opblock-control-arrow,.swagger-ui .expand-operation{display:none}.swagger-ui .opblock{break-inside:avoid;print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

/** The OpenAPI 3.1 document, from the schemas of the routes that follow, and its page. Before any route. */
export async function describeApi(app: FastifyInstance, config: ServerConfig): Promise<void> {
  const closed = needsKeys(config);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Dactyl',
        version: packageVersion(),
        description:
          'Reads digits that people write by hand: with calibrated probabilities, sets that keep a promise, and an honest "not sure". Pictures live in memory for the request only, unless it consents to more.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags: TAGS,
      ...(closed && {
        components: {
          securitySchemes: {
            key: { type: 'http', scheme: 'bearer', description: 'an API key, dactyl_…' },
          },
        },
      }),
    },
    transform({ schema, url }) {
      const own = documented({ ...INFERENCE_PROTOCOL[url], ...(schema as object | undefined) });
      const wanted = wantedBy(url);
      const security = closed && wanted !== 'none' ? { security: [{ key: [] }] } : {};
      return { schema: { ...security, ...own }, url };
    },
    // The page's own address without what is behind it.
    hideUntagged: true,
  });
  await app.register(swaggerUi, {
    routePrefix: DOCUMENTATION,
    // Without the bar in which another document could be named.
    uiConfig: {
      layout: 'BaseLayout',
      docExpansion: 'list',
      tryItOutEnabled: true,
      persistAuthorization: false,
    },
    theme: { title: 'Dactyl · API', css: [{ filename: 'own.css', content: STYLE }] },
  });
}
