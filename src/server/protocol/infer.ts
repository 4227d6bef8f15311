import type { FastifyReply, FastifyRequest } from 'fastify';
import { consentOf, refuseConsent } from '../consents/given.ts';
import { itemsOf, keepConsented, requireFew } from '../consents/keeping.ts';
import { badRequest, JSON_TYPE, sendJsonText } from '../errors.ts';
import type { Answers } from '../models/answers.ts';
import { COVERAGES } from '../models/calibrate.ts';
import { USUAL_COVERAGE } from '../models/models.ts';
import type { Services } from '../services.ts';
import { encodingFor, packed, unpacked } from './compression.ts';
import { outputNamed, outputsOf, writeOutput } from './outputs.ts';
import { type InferRequest, type Parameters, parseRequest } from './request.ts';
import { modelInput } from './values.ts';

const HEADER = 'inference-header-content-length';

export interface ModelPath {
  readonly model: string;
  readonly version?: string;
}

/** Answers a request for inference. */
export async function infer(
  request: FastifyRequest,
  reply: FastifyReply,
  services: Services,
): Promise<FastifyReply> {
  const { models, decisions, config } = services;
  const { limits } = config;
  const { model: name, version } = request.params as ModelPath;
  const model = models.find(name, version);
  const { headers } = request;
  let body = (request.body ?? Buffer.alloc(0)) as Buffer;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined) body = await unpacked(body, encoding, limits.bodyBytes);
  const asked = parseRequest(body, headerLength(headers[HEADER]));
  const outputs = chosenOutputs(asked, model);
  const { values, count } = modelInput(asked.input, model, limits.images);
  refuseConsent('the address', request.query as Parameters);
  const consent = consentOf(headers, asked.parameters, config.consents.mostDays);
  if (consent) requireFew(count);
  const { socket } = request.raw;
  const answers = await models.predict(model, values, count, {
    coverage: coverageOf(asked.parameters),
    isGone: () => socket.destroyed,
  });
  const decision = await decisions.record(answers, 'v2');
  services.monitor.observe(answers, values);
  const kept = consent && (await keepConsented(services, consent, itemsOf(answers, values), decision));
  return respond(request, reply, { asked, answers, outputs, parameters: { decision_id: decision, ...kept } });
}

interface Chosen {
  readonly name: string;
  readonly kind: ReturnType<typeof outputNamed>;
  readonly binary: boolean;
}

function chosenOutputs({ outputs, parameters }: InferRequest, model: Answers['model']): Chosen[] {
  if (outputs === undefined) {
    const binary = parameters.binary_data_output === true;
    return outputsOf(model).map(([name, kind]) => ({ name, kind, binary }));
  }
  return outputs.map(({ name, binary }) => ({ name, kind: outputNamed(name, model), binary }));
}

function respond(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    asked,
    answers,
    outputs,
    parameters,
  }: {
    readonly asked: InferRequest;
    readonly answers: Answers;
    readonly outputs: readonly Chosen[];
    readonly parameters: Readonly<Record<string, string | number | boolean>>;
  },
): FastifyReply | Promise<FastifyReply> {
  const { model } = answers;
  const parts = outputs.map(({ name, kind, binary }) => writeOutput(name, kind, answers, binary));
  const id = asked.id === undefined ? '' : `"id":${JSON.stringify(asked.id)},`;
  const json = `{"model_name":"${model.name}","model_version":"${model.version}",${id}"parameters":${JSON.stringify(parameters)},"outputs":[${parts.map((part) => part.json).join(',')}]}`;
  const binary = parts.flatMap(({ bytes }) => bytes ?? []);
  const accepted = request.headers['accept-encoding'];
  if (binary.length === 0 && encodingFor(accepted, json.length) === undefined) {
    return sendJsonText(reply, json);
  }
  const head = Buffer.from(json);
  if (binary.length === 0) reply.header('content-type', JSON_TYPE);
  else reply.header('content-type', 'application/octet-stream').header(HEADER, String(head.length));
  const body = binary.length === 0 ? head : Buffer.concat([head, ...binary]);
  const encoding = encodingFor(accepted, body.length);
  if (encoding === undefined) return reply.send(body);
  return packed(body, encoding).then((small) => reply.header('content-encoding', encoding).send(small));
}

function headerLength(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^\d{1,10}$/.test(header)) return Number(header);
  throw badRequest('Inference-Header-Content-Length: expected a whole number.');
}

function coverageOf({ coverage = USUAL_COVERAGE }: Parameters): number {
  if ((COVERAGES as readonly unknown[]).includes(coverage)) return coverage as number;
  throw badRequest(`parameters.coverage: expected ${COVERAGES.join(', ')}.`);
}
