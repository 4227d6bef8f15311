import type { FastifyRequest } from 'fastify';
import type { ServerConfig } from '../config/schema.ts';
import { refuseConsentFile } from '../consents/given.ts';
import { DactylError } from '../../util/errors.ts';
import { badRequest, HttpError } from '../errors.ts';
import { parseJson } from '../security/json.ts';
import { strokesIn } from './strokes.ts';
import type { ReadingInput } from './task.ts';

/** What a request holds: what is to be read, and further fields of its form or its JSON, such as those of a consent. */
export interface Sent {
  readonly inputs: readonly ReadingInput[];
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Of one field of a form; there are few, and they are short. */
const MOST_FIELDS = 16;
const FIELD_BYTES = 1000;
const NAME_BYTES = 100;

/**
 * The pictures or strokes of a request: a form with files, JSON with strokes, or the bytes of a picture, whatever their type is said to be. Names of files are passed over. Throws E_ARGUMENT: 415 for a body
 * that is packed, 413 for too much, 400 for none.
 */
export async function sentIn(request: FastifyRequest, config: ServerConfig): Promise<Sent> {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = request.headers;
  if (encoding !== 'identity') {
    throw new HttpError(
      415,
      'E_ARGUMENT',
      'Content-Encoding: expected none; pictures are packed as they are.',
    );
  }
  if (request.isMultipart()) return fromForm(request, config);
  const body = (request.body ?? Buffer.alloc(0)) as Buffer;
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) return fromJson(body);
  if (body.length === 0) {
    throw badRequest(
      'Expected a picture (PNG, JPEG, WebP, BMP or GIF) as the body, or a form with files, or JSON with strokes; received nothing. Such as: curl --data-binary @photo.jpg …',
    );
  }
  return { inputs: [{ kind: 'picture', bytes: own(body) }], fields: {} };
}

function fromJson(body: Buffer): Sent {
  const { strokes, fields } = strokesIn(parseJson(body));
  return { inputs: [{ kind: 'strokes', strokes }], fields };
}

async function fromForm(request: FastifyRequest, { reading, limits }: ServerConfig): Promise<Sent> {
  const inputs: ReadingInput[] = [];
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const parts = request.parts({
    limits: {
      files: reading.pictures,
      fileSize: limits.bodyBytes,
      fields: MOST_FIELDS,
      fieldSize: FIELD_BYTES,
      fieldNameSize: NAME_BYTES,
      parts: reading.pictures + MOST_FIELDS,
    },
  });
  try {
    for await (const part of parts) {
      // One that is empty is refused beside the answers to the others, as any that is no picture.
      if (part.type === 'file') refuseConsentFile(part.fieldname);
      if (part.type === 'file') inputs.push({ kind: 'picture', bytes: own(await part.toBuffer()) });
      else if (part.fieldname in fields)
        throw badRequest(`${part.fieldname.slice(0, 40)}: expected the field once, received it twice.`);
      else fields[part.fieldname] = part.value;
    }
  } catch (error) {
    const most = MOST[(error as { code?: string }).code ?? ''];
    if (most !== undefined) throw new HttpError(413, 'E_ARGUMENT', most(limits.bodyBytes, reading.pictures));
    // What the parser of forms says itself has no status: the form is cut or is none.
    if (error instanceof DactylError || (error as { statusCode?: number }).statusCode !== undefined)
      throw error;
    throw badRequest('Expected a form (multipart/form-data), received one that is cut or damaged.');
  }
  if (inputs.length === 0) throw badRequest('Expected a form with at least one file, received one without.');
  return { inputs, fields };
}

/** By the code of the parser of forms. */
const MOST: Readonly<Record<string, ((bytes: number, files: number) => string) | undefined>> = {
  FST_REQ_FILE_TOO_LARGE: (bytes) => `A file of the form: expected at most ${bytes} bytes.`,
  FST_FILES_LIMIT: (_, files) => `The form: expected at most ${files} files.`,
  FST_FIELDS_LIMIT: () => `The form: expected at most ${MOST_FIELDS} fields besides its files.`,
  FST_PARTS_LIMIT: (_, files) => `The form: expected at most ${files} files and ${MOST_FIELDS} fields.`,
};

/** In memory of their own: a thread is sent what lies under an array, not the array. */
function own(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes);
}
