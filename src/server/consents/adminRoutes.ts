import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { numberNames } from '../../data/identity.ts';
import { sendJson } from '../errors.ts';
import type { Services } from '../services.ts';
import { trainingSet } from './trainingSet.ts';

const Which = Type.Object({
  model: Type.Optional(Type.String({ maxLength: 200, description: 'whose images: of its size and classes' })),
});

/** On the admin listener: what leaves the server for training, and new master keys. */
export function consentAdminRoutes(app: FastifyInstance, services: Services): void {
  const { consents } = services;

  app.get<{ Querystring: { readonly model?: string } }>(
    '/v1/training-set',
    {
      schema: {
        ...describe(
          'Exports the images that may be trained with',
          'A zip for dactyl train --extra: images that were consented to for training and labelled by a person. What was erased since an earlier export is named in its manifest.',
        ),
        querystring: Which,
      },
    },
    async ({ query: { model } }, reply) => {
      const form = model === undefined ? DIGITS : formOf(services, model);
      const zip = await trainingSet(services, form);
      return reply
        .header('content-type', 'application/zip')
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="dactyl-training-set.zip"')
        .send(Buffer.from(zip));
    },
  );

  app.post(
    '/v1/master-keys/rotate',
    {
      schema: describe(
        'Makes a new master key',
        'Every data key is wrapped anew and the old master key is destroyed, so that what a disk may have kept of erased data keys opens nothing.',
      ),
    },
    async (_, reply) => sendJson(reply, await consents.rotateMasterKey()),
  );
}

function describe(summary: string, description: string): Record<string, unknown> {
  return { summary, description, tags: ['consents'] };
}

const DIGITS = { shape: [28, 28], classes: numberNames(10) };

function formOf({ models }: Services, name: string) {
  const { inputShape, classes } = models.find(name);
  return { shape: inputShape, classes };
}
