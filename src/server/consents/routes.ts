import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';
import { sendJson } from '../errors.ts';
import type { Consents } from './consents.ts';
import { isDamaged } from './items.ts';
import type { Models } from '../models/models.ts';
import { type Occlusion, occlusionOf } from './occlusion.ts';
import { requireBody } from '../schemaErrors.ts';
import { pagePolicy } from '../security/pagePolicy.ts';
import { consentPage } from './page.ts';
import { exportedZip, shownConsent, shownItems } from './shown.ts';

const closed = { additionalProperties: false } as const;

const ChangeBody = Type.Object(
  {
    restricted: Type.Optional(
      Type.Boolean({ description: 'true: kept, and used for nothing; false: the restriction ends' }),
    ),
    objection: Type.Optional(
      Type.Boolean({ description: 'true: used for nothing any more; false: the objection is taken back' }),
    ),
    labels: Type.Optional(
      Type.Array(
        Type.Object(
          {
            item: Type.Integer({ minimum: 1, description: 'which image, counted from 1' }),
            label: Type.String({ maxLength: 100, description: 'what it shows: a class, or "no digit"' }),
          },
          closed,
        ),
        { minItems: 1, maxItems: 256 },
      ),
    ),
  },
  { ...closed, minProperties: 1, examples: [{ restricted: true }] },
);

const Token = Type.Object({
  token: Type.String({
    maxLength: 100,
    description:
      'the token, or "mine" with the token in the header Dactyl-Consent-Token, so that it is in no log of addresses',
  }),
});
type Token = Static<typeof Token>;
type Asked = FastifyRequest<{ Params: Token }>;

/** In the place of a token in the address, where it comes in its header. */
const MINE = 'mine';
const TokenHeader = Type.Object({
  'dactyl-consent-token': Type.Optional(
    Type.String({ maxLength: 100, description: 'with the address /v1/consents/mine' }),
  ),
});

function tokenOf({ params: { token }, headers }: Asked): string {
  return token === MINE ? String(headers['dactyl-consent-token'] ?? '') : token;
}

/** `/v1/consents/{token}`: whoever has the token sees, takes, corrects, restricts and erases what was kept. No identity is asked for (GDPR, Art. 11). */
export function consentRoutes(
  app: FastifyInstance,
  { consents, models }: { readonly consents: Consents; readonly models: Pick<Models, 'find' | 'predict'> },
): void {
  const path = '/v1/consents/:token';

  // The page holds nothing; the token behind its # is not sent.
  app.get('/consent', { config: { scope: 'none' } }, (_, reply) =>
    privately(reply)
      .type('text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy(consentPage()))
      .send(consentPage()),
  );

  app.get<{ Params: Token }>(
    path,
    {
      schema: describe(
        'Shows a consent',
        'What was kept, what for, until when, what was done with it, and the images. After the images were erased: the proof.',
      ),
    },
    async (request, reply) => {
      const token = tokenOf(request);
      const consent = await consents.find(token);
      const shown = shownConsent(consent, await consents.uses(consent), pathOf(request));
      const items = consent.erasedAt === null ? await consents.items(consent, 'shown') : [];
      return sendPrivately(reply, { ...shown, items: shownItems(items) });
    },
  );

  app.get<{ Params: Token }>(
    `${path}/export`,
    {
      schema: describe(
        'Exports all that was kept',
        'One zip: consent.json, each image as the network saw it, and what in it spoke for the answer. 410 after the images were erased.',
      ),
    },
    async (request, reply) => {
      const token = tokenOf(request);
      const consent = await consents.find(token);
      const items = await consents.items(consent, 'exported');
      const shown = shownConsent(consent, await consents.uses(consent), pathOf(request));
      const explanations: (Occlusion | undefined)[] = [];
      for (const item of items)
        explanations.push(isDamaged(item) ? undefined : await occlusionOf(models, item));
      return privately(reply)
        .header('content-type', 'application/zip')
        .header('content-disposition', `attachment; filename="dactyl-consent-${consent.id}.zip"`)
        .send(Buffer.from(exportedZip(shown, items, explanations)));
    },
  );

  app.patch<{ Params: Token }>(
    path,
    {
      schema: describe(
        'Corrects, restricts, objects',
        'Any of: restricted (true or false), objection (true or false), labels (what images show). Images that are restricted or objected to are given to nobody.',
        ChangeBody,
      ),
    },
    async (request, reply) => {
      const token = tokenOf(request);
      const consent = await consents.find(token);
      const changed = await consents.change(consent, changeOf(request.body));
      return sendPrivately(reply, shownConsent(changed, await consents.uses(changed), pathOf(request)));
    },
  );

  app.delete<{ Params: Token }>(
    path,
    {
      schema: describe(
        'Withdraws the consent and erases the images',
        'At once, in backups too: the key that opens them is destroyed. The proof that the consent was given stays. Doing it again changes nothing.',
      ),
    },
    async (request, reply) => {
      const token = tokenOf(request);
      const erased = await consents.erase(await consents.find(token));
      return sendPrivately(reply, shownConsent(erased, await consents.uses(erased), pathOf(request)));
    },
  );
}

function describe(summary: string, description: string, reads?: TSchema): Record<string, unknown> {
  return { summary, description, tags: ['consents'], params: Token, headers: TokenHeader, reads };
}

function changeOf(body: unknown): Static<typeof ChangeBody> {
  requireBody(ChangeBody, body);
  return body as Static<typeof ChangeBody>;
}

function pathOf({ params }: Asked): string {
  return `/v1/consents/${params.token}`;
}

/** Nothing in between keeps the answer, and no page that is opened from it learns the address. */
function privately(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
}

function sendPrivately(reply: FastifyReply, value: unknown): FastifyReply {
  return sendJson(privately(reply), value);
}
