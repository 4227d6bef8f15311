import type { Engine } from '../engine/engine.ts';
import { decodeModel, encodeModel, MODEL_FORMAT } from '../nn/saved.ts';
import type { Sequential } from '../nn/sequential.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { DactylError } from '../util/errors.ts';
import * as form from '../util/form.ts';
import { sha256Hex } from '../util/hash.ts';
import { checkOptions, isNumber, requireType } from '../util/options.ts';
import { decodeSafetensors } from '../util/safetensors.ts';
import { encodeSealed } from '../util/sealed.ts';
import { formatShape, sizeOf } from '../util/tensor.ts';
import { checkSureFrom, type SureFrom, USUAL_SURE_FROM } from './sureFrom.ts';

const PIXELS = 28 * 28;

/** A network that reads digits, with what was measured about its answers. */
export interface Reader {
  readonly name: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  /** 28 × 28 bytes to a softmax over the digits 0 to 9, or over them and 'none', which is no digit. */
  readonly model: Sequential;
  /** Divides the logarithms of the probabilities; 1 leaves them as they are. */
  readonly temperature: number;
  /** Least calibrated probability at which an answer is sure: one, or ten, by digit. */
  readonly sureFrom: SureFrom;
  /** Absent where the file holds none. */
  readonly sets?: ReaderSets;
}

/** What a model file says where its network is a reader. */
export interface ReaderFacts {
  readonly name: string;
  readonly temperature: number;
  readonly sureFrom: SureFrom;
  readonly sets?: ReaderSets;
}

/** Conformal sets: of the digits that have at least such a probability. */
export interface ReaderSets {
  /** What they were calibrated on. */
  readonly on: string;
  readonly images: number;
  /** By the share of digits whose set holds the truth, such as '0.95': the least calibrated probability of a digit in it. */
  readonly least: Readonly<Record<string, number>>;
}

const SURE_FROM: form.Form<SureFrom> = {
  problem: (value, at) =>
    (Array.isArray(value) ? form.list(form.notNegative) : form.notNegative).problem(value, at),
};

const READER_FACTS = form.fields({
  name: form.text,
  temperature: form.positive,
  sureFrom: SURE_FROM,
  sets: form.optional(
    form.fields({ on: form.text, images: form.count, least: form.record(form.notNegative) }),
  ),
});

export interface ReaderOptions {
  /** For messages and answers; by default the one that the file holds, else 'the model'. */
  readonly name?: string;
  /** By default the file's, else 1. */
  readonly temperature?: number;
  /** By default the file's, else 0.99. */
  readonly sureFrom?: SureFrom;
  readonly engine?: Engine;
}

/**
 * A reader from the bytes of a model file: one that `encodeReader` wrote holds temperature and threshold; any other model of 28 × 28 values with a softmax of 10 or 11
 * outputs reads, too. Throws E_FORMAT for what is no model file, E_SHAPE or E_ARGUMENT for another network, E_BUNDLE for a layer that a page's bundle does not hold.
 */
export async function readerOf(bytes: Uint8Array, options: ReaderOptions = {}): Promise<Reader> {
  checkOptions('readerOf', ['name', 'temperature', 'sureFrom', 'engine'], options);
  requireType('readerOf', 'bytes: a Uint8Array', (bytes as unknown) instanceof Uint8Array, bytes);
  const file = options.name ?? 'The reader';
  requireType('readerOf', 'name: a text', typeof file === 'string', file);
  const model = decodeModel(bytes, file, options.engine && { engine: options.engine });
  try {
    requireDigits(model, file);
    const facts = factsOf(bytes, file);
    const { name = options.name ?? 'the model', temperature, sureFrom } = { ...facts, ...options };
    const reader = { temperature: temperature ?? 1, sureFrom: sureFrom ?? USUAL_SURE_FROM };
    checkFacts('readerOf', reader);
    const sets = facts.sets && { sets: facts.sets };
    return await Promise.resolve({ name, hash: sha256Hex(bytes), model, ...reader, ...sets });
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** A model file that is a reader, too: name, temperature and threshold stand beside the layers. Throws E_SHAPE or E_ARGUMENT for a network that does not read digits. */
export function encodeReader(model: Sequential, facts: ReaderFacts): Uint8Array<ArrayBuffer> {
  checkOptions('encodeReader', ['name', 'temperature', 'sureFrom', 'sets'], facts);
  requireType('encodeReader', 'name: a text', typeof facts.name === 'string', facts.name);
  checkFacts('encodeReader', facts);
  const { tensors, metadata } = decodeSafetensors(encodeModel(model), 'encodeReader');
  requireDigits(model, 'encodeReader');
  return encodeSealed(Object.fromEntries(tensors), MODEL_FORMAT, {
    model: metadata.get('model')!,
    reader: canonicalJson(facts),
  });
}

function factsOf(bytes: Uint8Array, file: string): Partial<ReaderFacts> {
  const text = decodeSafetensors(bytes, file).metadata.get('reader');
  if (text === undefined) return {};
  return form.parseJson(
    READER_FACTS,
    text,
    (reason, options) => new DactylError('E_FORMAT', `${file}: not a reader: ${reason}.`, options),
  );
}

function checkFacts(what: string, { temperature, sureFrom }: Omit<ReaderFacts, 'name'>): void {
  const inRange = (x: number): boolean => x >= 0.01 && x <= 100;
  requireType(what, 'temperature: a number from 0.01 to 100', isNumber(temperature, inRange), temperature);
  checkSureFrom(what, sureFrom);
}

function requireDigits(model: Sequential, file: string): void {
  if (sizeOf(model.inputShape) !== PIXELS || model.outputShape.length !== 1) {
    throw new DactylError(
      'E_SHAPE',
      `${file}: expected a network of 28 × 28 values to 10 or 11 outputs, received one of ${formatShape(model.inputShape)} to ${formatShape(model.outputShape)}.`,
    );
  }
  if (model.outputs !== 10 && model.outputs !== 11) {
    throw new DactylError(
      'E_SHAPE',
      `${file}: expected 10 outputs, one for each digit, or 11, the last for what is no digit; received ${model.outputs}.`,
    );
  }
  const { activation } = model.layers.at(-1) as { activation?: unknown };
  if (activation !== 'softmax') {
    throw new DactylError(
      'E_ARGUMENT',
      `${file}: expected a softmax as the last activation, received ${typeof activation === 'string' ? activation : 'none'}. Add Activation('softmax') as the last layer.`,
    );
  }
}
