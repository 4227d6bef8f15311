import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { DactylError } from '../../util/errors.ts';
import { badRequest, HttpError, notFound, problemOf, sendJson, unavailable } from '../errors.ts';
import { consentOf, refuseConsent } from '../consents/given.ts';
import { itemsOf, keepConsented, requireFew } from '../consents/keeping.ts';
import type { ServedModel } from '../models/model.ts';
import { USUAL_COVERAGE } from '../models/models.ts';
import { refuseConnection, REQUEST_MS } from '../security/clientErrors.ts';
import type { Services } from '../services.ts';
import { answersOf, printedAnswer } from './answered.ts';
import { sentIn } from './request.ts';
import {
  bodyOf,
  Explained,
  ExplainedStrokes,
  ExplainQuery,
  Failure,
  ReadAnswered,
  ReadQuery,
  StrokesBody,
} from './schemas.ts';
import type { ReadAnswer, ReadingInput, TaskModel } from './task.ts';

/** `POST /v1/read` and `POST /v1/explain`. */
export async function readingRoutes(app: FastifyInstance, services: Services): Promise<void> {
  await app.register(async (reading) => {
    // The bytes of a picture are read whatever their type is said to be; a form has a parser of its own.
    reading.removeAllContentTypeParsers();
    reading.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
    await reading.register(multipart);
    limitOpen(reading, services.config.reading);
    reading.post<{ Querystring: Static<typeof ReadQuery> }>(
      '/v1/read',
      {
        schema: {
          tags: ['reading'],
          summary: 'Reads the digits in pictures, or in strokes of a pen',
          description:
            'The body is a picture (PNG, JPEG, WebP, BMP, GIF), a form with one or more of them, or JSON with strokes. Numbers from the top, each with its digits, their probabilities and, where the reader is not sure, why. Nothing of the picture is kept unless the request consents to it: `consent` (training, review, research), `consent_days`, `consent_under_age` (true: a child’s, never trained with) and `consent_restrict` (true: used for nothing until that is lifted) as fields of the form or of the JSON, or the headers Dactyl-Consent, Dactyl-Consent-Days, Dactyl-Consent-Under-Age and Dactyl-Consent-Restrict. Any other name of this kind is refused. The answer has the token as `consent.token`.',
          reads: bodyOf(StrokesBody),
          querystring: ReadQuery,
          response: { 200: ReadAnswered, ...FAILURES },
        },
      },
      (request, reply) => read(request, reply, services),
    );
    reading.post<{ Querystring: Static<typeof ExplainQuery> }>(
      '/v1/explain',
      {
        schema: {
          tags: ['reading'],
          summary: 'Explains one digit of a picture: why 4 and not 9',
          description:
            'Maps of the pixels that speak for the answer, for the class that it is compared with, and for the one rather than the other, as numbers and as pictures. They show what the scores of this network rest on, not why a person would read so. The body is that of /v1/read, with one picture.',
          reads: bodyOf(ExplainedStrokes),
          querystring: ExplainQuery,
          response: { 200: Explained, ...FAILURES },
        },
      },
      (request, reply) => explain(request, reply, services),
    );
  });
}

const NOTHING_KEPT =
  'Nothing was kept and there is no token: no digit was found, so there was nothing to keep.';
const FAILURES = { '4xx': Failure, 503: Failure };

/** Who has not sent all of a request after so long gives its place to others where none is free: a few who send slowly cannot hold all of them. */
const SLOW_MS = 2000;
const BUSY = 'Too many pictures are being read. Send this one again later.';

/** No more requests are let in than threads and places to wait, before their bodies are read. */
function limitOpen(app: FastifyInstance, { threads, waiting }: Services['config']['reading']): void {
  /** The oldest first. */
  const open = new Map<IncomingMessage, number>();
  const makeRoom = (): boolean => {
    for (const [request, since] of open) {
      // It is undefined where no connection carries the request.
      if ((request.complete as boolean | undefined) !== false) continue;
      if (performance.now() - since < SLOW_MS) return false;
      open.delete(request);
      refuseConnection(request.socket, { status: 503, error: BUSY, code: 'E_BUSY', retryAfter: 1 });
      return true;
    }
    return false;
  };
  app.addHook('onRequest', ({ raw }, reply, done) => {
    if (open.size >= threads + waiting && !makeRoom()) {
      done(unavailable(BUSY));
      return;
    }
    open.set(raw, performance.now());
    reply.raw.once('close', () => {
      open.delete(raw);
    });
    done();
  });
  // A connection that is silent is ended, but not while it waits for what was asked: a picture, or several, may take longer. How long is the pool's to say.
  app.addHook('preHandler', ({ raw }, _reply, done) => {
    endSilent(raw, 0);
    done();
  });
  app.addHook('onSend', ({ raw }, _reply, _payload, done) => {
    endSilent(raw, REQUEST_MS);
    done();
  });
}

/** 0: never. */
function endSilent({ socket }: IncomingMessage, ms: number): void {
  if (socket instanceof Socket) socket.setTimeout(ms);
}

async function read(
  request: FastifyRequest<{ Querystring: Static<typeof ReadQuery> }>,
  reply: FastifyReply,
  services: Services,
): Promise<FastifyReply> {
  const { config, decisions, monitor, pool } = services;
  const { coverage = USUAL_COVERAGE, crops } = request.query;
  const model = modelOf(request.query, services);
  const sent = await sentIn(request, config);
  const consent = consentOf(request.headers, sent.fields, config.consents.mostDays);
  const signal = goneSignal(reply);
  const read: (ReadAnswer | HttpError)[] = [];
  for (const [i, input] of sent.inputs.entries()) {
    const many = sent.inputs.length > 1;
    read.push(
      await orRefusal(many, () =>
        pool.run(
          {
            kind: 'read',
            model: taskModel(model),
            input,
            what: wordsFor(input, many ? i : undefined),
            mostPixels: config.reading.pixels,
            crops: crops === '1',
          },
          signal,
        ),
      ),
    );
  }
  const rows = read.flatMap((one) => (one instanceof HttpError ? [] : [one.rows]));
  if (rows.length === 0) throw read[0] as HttpError;
  const answers = answersOf(model, rows, coverage);
  if (consent) requireFew(answers.count);
  const decision = await decisions.record(answers, 'v1/read');
  const images = Buffer.concat(rows.map((part) => part.images));
  if (answers.count > 0) monitor.observe(answers, images);
  const kept =
    consent && answers.count > 0
      ? await keepConsented(services, consent, itemsOf(answers, images), decision)
      : undefined;
  let from = 0;
  const pictures = read.map((one) => {
    if (one instanceof HttpError) return { error: one.message, code: one.code };
    const printed = printedAnswer(one, answers, from);
    from += one.rows.count;
    return printed;
  });
  return sendJson(reply, {
    model: nameOf(model),
    decision,
    ...(model.calibration && { coverage }),
    pictures,
    ...(kept && {
      consent: {
        token: kept.consent_token,
        until: kept.consent_until,
        url: `/v1/consents/${kept.consent_token}`,
      },
    }),
    ...(consent && !kept && { consent: null, consentNote: NOTHING_KEPT }),
  });
}

async function explain(
  request: FastifyRequest<{ Querystring: Static<typeof ExplainQuery> }>,
  reply: FastifyReply,
  services: Services,
): Promise<FastifyReply> {
  const { config, decisions, pool } = services;
  const { method = 'integratedBlank', index = 0, class: asked, against } = request.query;
  const model = modelOf(request.query, services);
  const names = model.hasNone ? [...model.classes, 'none'] : model.classes;
  const labelOf = (field: string, name: string | undefined): number | undefined => {
    if (name === undefined) return undefined;
    const label = names.indexOf(name);
    if (label >= 0) return label;
    throw badRequest(`${field}: expected one of ${names.join(', ')}.`, 'E_LABEL');
  };
  const [output, other] = [labelOf('class', asked), labelOf('against', against)];
  const { inputs, fields } = await sentIn(request, config);
  refuseConsent('/v1/explain', fields, request.headers);
  if (inputs.length > 1) throw badRequest(`Expected one picture to explain, received ${inputs.length}.`);
  const answer = await pool.run(
    {
      kind: 'explain',
      model: taskModel(model),
      input: inputs[0],
      what: wordsFor(inputs[0]),
      mostPixels: config.reading.pixels,
      method,
      index,
      ...(output !== undefined && { output }),
      ...(other !== undefined && { against: other }),
    },
    goneSignal(reply),
  );
  const decision = await decisions.record(answersOf(model, [answer.rows], USUAL_COVERAGE), 'v1/explain');
  const { maps, probabilities } = { maps: answer.maps, probabilities: answer.rows.probabilities };
  return sendJson(reply, {
    model: nameOf(model),
    decision,
    method,
    shape: answer.shape,
    image: answer.image,
    class: names[answer.output],
    against: names[answer.against],
    scores: answer.scores,
    maps: { class: maps.output, against: maps.against, contrast: maps.contrast },
    probabilities: Object.fromEntries(names.map((name, k) => [name, probabilities[k]])),
  });
}

/** What is wrong with one picture of several is said beside the answers to the others. */
async function orRefusal(many: boolean, run: () => Promise<ReadAnswer>): Promise<ReadAnswer | HttpError> {
  try {
    return await run();
  } catch (error) {
    const { status, code, message } = problemOf(error);
    if (!many || status >= 500 || !(error instanceof DactylError)) throw error;
    return new HttpError(status, code, message);
  }
}

function modelOf(
  { model: name, version }: { readonly model?: string; readonly version?: string },
  { models }: Services,
): ServedModel {
  if (name !== undefined) return models.find(name, version);
  const [first] = models.list() as readonly (ServedModel | undefined)[];
  if (first === undefined) throw notFound('There is no model.');
  return version === undefined ? first : models.find(first.name, version);
}

function taskModel({ name, hash, bytes, kind, classes }: ServedModel): TaskModel {
  return { name, hash, file: bytes, ...(kind === 'classes' && { classes }) };
}

function nameOf({ name, version, hash }: ServedModel): Pick<ServedModel, 'name' | 'version' | 'hash'> {
  return { name, version, hash };
}

/** For messages; names of files are nobody's business. */
function wordsFor(input: ReadingInput, i?: number): string {
  if (input.kind === 'strokes') return 'The strokes';
  return i === undefined ? 'The picture' : `Picture ${i + 1}`;
}

/** Aborted when the client is gone before it was answered. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
