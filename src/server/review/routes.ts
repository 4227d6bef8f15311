import type { FastifyInstance } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { pngUri } from '../consents/imageFile.ts';
import { sendJson } from '../errors.ts';
import type { Reviews } from './reviews.ts';
import { requireBody } from '../schemaErrors.ts';
import { pagePolicy } from '../security/pagePolicy.ts';
import { reviewPage } from './page.ts';

const closed = { additionalProperties: false } as const;

const Claim = Type.Object({ claim: Type.String({ maxLength: 40 }) }, closed);
const Decision = Type.Object(
  {
    claim: Type.String({ maxLength: 40 }),
    outcome: Type.String({ maxLength: 100, description: 'a class, "no digit" or "cannot tell"' }),
  },
  closed,
);

interface Named {
  Params: { readonly review: string };
}

const config = { scope: 'review' } as const;

/** The queue of images that wait for a person, and the page in which they are looked at. For keys with the scope `review`. */
export function reviewRoutes(app: FastifyInstance, { reviews }: { readonly reviews: Reviews }): void {
  const path = '/v1/reviews';

  app.get(
    path,
    {
      config,
      schema: describe(
        'Counts what waits',
        'How many wait, are claimed and until when at the latest, were decided.',
      ),
    },
    async (_, reply) => {
      const { oldest, claimedUntil, ...counts } = await reviews.counts();
      return sendJson(reply, { ...counts, claimedUntil: timeOf(claimedUntil), oldest: timeOf(oldest) });
    },
  );

  app.post(
    `${path}/claim`,
    {
      config,
      schema: describe(
        'Claims the image that waits longest',
        'For ten minutes nobody else gets it. The network’s answer is not told. 204 where none waits.',
      ),
    },
    async (_, reply) => {
      const claimed = await reviews.claim();
      void reply.header('cache-control', 'no-store');
      if (claimed === undefined) return reply.code(204).send();
      const { image, shape, until, ...rest } = claimed;
      return sendJson(reply, {
        ...rest,
        until: new Date(until).toISOString(),
        image: pngUri(image, shape),
        shape,
      });
    },
  );

  app.post<Named>(
    `${path}/:review/suggestion`,
    {
      config,
      schema: describe(
        'Shows what the network answered',
        'For who asks. That it was asked for before the decision stands in the audit log.',
        Claim,
      ),
    },
    async ({ params: { review }, body }, reply) =>
      sendJson(reply, await reviews.suggestion(review, bodyOf(Claim, body).claim)),
  );

  app.post<Named>(
    `${path}/:review/decision`,
    {
      config,
      schema: describe(
        'Decides',
        'A class, "no digit" or "cannot tell"; the decision, and whether it differs from the network’s answer, stand in the audit log.',
        Decision,
      ),
    },
    async ({ params: { review }, body }, reply) => {
      const { claim, outcome } = bodyOf(Decision, body);
      return sendJson(reply, await reviews.decide(review, claim, outcome));
    },
  );

  app.post<Named>(
    `${path}/:review/release`,
    { config, schema: describe('Gives a claimed image back', 'Whoever claims next gets it.', Claim) },
    async ({ params: { review }, body }, reply) => {
      await reviews.release(review, bodyOf(Claim, body).claim);
      return reply.code(204).send();
    },
  );

  // The page holds no image; what it asks for needs the key.
  app.get('/review', (_, reply) =>
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy(reviewPage()))
      .header('cache-control', 'no-store')
      .send(reviewPage()),
  );
}

function timeOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function describe(summary: string, description: string, reads?: TSchema): Record<string, unknown> {
  return { summary, description, tags: ['review'], reads };
}

function bodyOf<T extends typeof Claim | typeof Decision>(
  schema: T,
  body: unknown,
): T extends typeof Decision ? { claim: string; outcome: string } : { claim: string } {
  requireBody(schema, body);
  return body as never;
}
