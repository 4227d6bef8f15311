import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { sendJson } from '../errors.ts';
import type { ApiKey, ApiKeys } from './apiKeys.ts';
import { SCOPES } from './scopes.ts';

const closed = { additionalProperties: false } as const;

const NewKey = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80, description: 'what it is for' }),
    scopes: Type.Array(Type.Union(SCOPES.map((scope) => Type.Literal(scope))), {
      minItems: 1,
      maxItems: SCOPES.length,
    }),
    days: Type.Optional(Type.Number({ description: 'after which it does not count any more' })),
  },
  closed,
);
const KeyId = Type.Object({ id: Type.String({ maxLength: 40 }) });

/** Keys from elsewhere than the server's own machine, where `dactyl keys` makes and revokes them. */
export function keyRoutes(app: FastifyInstance, { keys }: { readonly keys: ApiKeys }): void {
  const tags = ['admin'];
  app.get('/v1/keys', { schema: { tags, summary: 'Lists the keys' } }, async (_, reply) =>
    sendJson(reply, { keys: (await keys.list()).map(printedKey) }),
  );
  app.post<{ Body: Static<typeof NewKey> }>(
    '/v1/keys',
    { schema: { tags, summary: 'Creates a key, which is told once', body: NewKey } },
    async ({ body }, reply) => {
      const { text, key } = await keys.create(body);
      return sendJson(reply, { key: text, ...printedKey(key) }, 201);
    },
  );
  app.delete<{ Params: Static<typeof KeyId> }>(
    '/v1/keys/:id',
    { schema: { tags, summary: 'Revokes a key', params: KeyId } },
    async ({ params: { id } }, reply) => {
      await keys.revoke(id);
      return reply.code(204).send();
    },
  );
}

/** A key as JSON, times as ISO 8601. */
function printedKey({ id, name, scopes, created, expires, revoked }: ApiKey) {
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  return { id, name, scopes, created: iso(created), expires: iso(expires), revoked: iso(revoked) };
}
