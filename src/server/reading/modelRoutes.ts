import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { notFound, sendJson } from '../errors.ts';
import type { ServedModel } from '../models/model.ts';
import type { Services } from '../services.ts';
import { pagePolicy } from '../security/pagePolicy.ts';
import { cardOf, cardPage } from './card.ts';
import { CardId, Failure, ModelList, ModelVersions, NamedModel } from './schemas.ts';

/** `GET /v1/models`, `GET /v1/models/{name}` and `GET /v1/cards/{id}`. */
export function modelRoutes(app: FastifyInstance, { models }: Pick<Services, 'models'>): void {
  const tags = ['models'];
  app.get(
    '/v1/models',
    { schema: { tags, summary: 'Lists the models, all versions', response: { 200: ModelList } } },
    (_, reply) => sendJson(reply, { models: models.list().map(aboutOf) }),
  );
  app.get<{ Params: Static<typeof NamedModel> }>(
    '/v1/models/:name',
    {
      schema: {
        tags,
        summary: 'Tells what is known of a model, the newest version first',
        params: NamedModel,
        response: { 200: ModelVersions, 404: Failure },
      },
    },
    ({ params: { name } }, reply) => {
      models.find(name);
      const versions = models.list().filter((model) => model.name === name);
      return sendJson(reply, { name, versions: versions.map(aboutOf) });
    },
  );
  app.get<{ Params: Static<typeof CardId> }>(
    '/v1/cards/:id',
    {
      schema: {
        tags,
        summary: 'The card of a model: what it is for, what it was trained on, what was measured',
        description: 'Markdown, or a page where the client takes text/html.',
        params: CardId,
        response: {
          200: {
            description: 'the card',
            content: { 'text/markdown': { schema: Type.String() }, 'text/html': { schema: Type.String() } },
          },
          404: Failure,
        },
      },
    },
    ({ params: { id }, headers }, reply) => sendCard(reply, modelWith(id, models.list()), headers.accept),
  );
}

function modelWith(id: string, models: readonly ServedModel[]): ServedModel {
  const found = models.find(({ name, version, hash }) => id === name || id === version || id === hash);
  if (found) return found;
  throw notFound('No model has this name, version or hash. GET /v1/models lists them.');
}

function sendCard(reply: FastifyReply, model: ServedModel, accept = ''): FastifyReply {
  reply.header('vary', 'accept');
  const card = cardOf(model);
  if (!accept.includes('text/html')) return reply.type('text/markdown; charset=utf-8').send(card);
  const page = cardPage(model.name, card);
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', pagePolicy(page))
    .send(page);
}

function aboutOf(model: ServedModel): Static<typeof ModelList>['models'][number] {
  const { name, version, hash, kind, inputShape, classes, hasNone, temperature, sureFrom, calibration } =
    model;
  return {
    name,
    version,
    hash,
    kind,
    inputShape: [...inputShape],
    classes: [...classes],
    none: hasNone,
    temperature,
    sureFrom: typeof sureFrom === 'number' ? sureFrom : [...sureFrom],
    calibration: calibration
      ? { on: calibration.on, images: calibration.images, coverages: [...calibration.least.keys()] }
      : null,
    trainedWith: model.trainedWith.length,
    card: `/v1/cards/${version}`,
    infer: `/v2/models/${name}/versions/${version}/infer`,
  };
}
