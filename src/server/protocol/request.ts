import { refuseConsent } from '../consents/given.ts';
import { badRequest, unsupported } from '../errors.ts';
import { parseJson } from '../security/json.ts';
import { withoutBytes } from './byteList.ts';

/** Values of strings, numbers and booleans: others are not of the protocol. */
export type Parameters = Readonly<Record<string, unknown>>;

/** A request without its tensor's meaning: what stands in the JSON, and the bytes behind it. */
export interface InferRequest {
  readonly id: string | undefined;
  readonly parameters: Parameters;
  readonly input: RequestInput;
  /** Undefined: all of them. */
  readonly outputs: readonly RequestOutput[] | undefined;
}

export interface RequestInput {
  readonly shape: readonly number[] | undefined;
  readonly datatype: unknown;
  /** Values, flat or nested. */
  readonly data: readonly unknown[] | Uint8Array;
  /** `data` are the bytes of the values, as they follow JSON. */
  readonly isBinary: boolean;
}

export interface RequestOutput {
  readonly name: string;
  readonly binary: boolean;
}

/** Of tensors in other places than the request, of one request after another, and of answers in another form. */
const UNSUPPORTED = ['shared_memory_region', 'sequence_id', 'classification'];

/**
 * The request of a body, JSON with `header` undefined, else JSON of `header` bytes and the tensor's bytes behind it; with 0 the body is a tensor, as the model takes it, and all outputs are
 * binary. Throws E_ARGUMENT, and E_UNSUPPORTED for shared memory, sequences and rankings of classes.
 */
export function parseRequest(body: Buffer, header: number | undefined): InferRequest {
  if (header === 0) {
    return {
      id: undefined,
      parameters: { binary_data_output: true },
      input: { shape: undefined, datatype: undefined, data: body, isBinary: true },
      outputs: undefined,
    };
  }
  if (header !== undefined && header > body.length) {
    throw badRequest(
      `Inference-Header-Content-Length: expected at most the ${body.length} bytes of the body, received ${header}.`,
    );
  }
  const json = objectOf(header === undefined ? body : body.subarray(0, header));
  const rest = header === undefined ? undefined : body.subarray(header);
  const { id, parameters = {}, inputs, outputs } = json;
  if (id !== undefined && typeof id !== 'string') throw badRequest('id: expected a string.');
  if (!isObject(parameters)) throw badRequest('parameters: expected an object.');
  refuseUnsupported(parameters);
  refuseConsent('the request beside its parameters', json);
  if (!Array.isArray(inputs) || inputs.length !== 1) {
    throw badRequest(
      `inputs: expected one tensor, which may hold many images; received ${Array.isArray(inputs) ? inputs.length : 'none'}.`,
    );
  }
  const all = parameters.binary_data_output === true;
  return {
    id,
    parameters,
    input: inputOf((inputs as readonly unknown[])[0], rest),
    outputs: outputs === undefined ? undefined : outputsOf(outputs, all),
  };
}

function objectOf(bytes: Buffer): Record<string, unknown> {
  const value = withTensor(bytes) ?? parseJson(bytes);
  if (!isObject(value)) throw badRequest('The body: expected a JSON object, received something else.');
  return value;
}

/** The request with its tensor's values as bytes; undefined where that is not what it has, and it is to be read as any JSON. */
function withTensor(text: Buffer): unknown {
  const parts = withoutBytes(text);
  if (parts === undefined) return undefined;
  const value = parseJson(parts.rest);
  const inputs: unknown = isObject(value) ? value.inputs : undefined;
  const input: unknown = Array.isArray(inputs) ? inputs[0] : undefined;
  if (!isObject(input) || !Array.isArray(input.data)) return undefined;
  input.data = parts.bytes;
  return value;
}

function inputOf(input: unknown, rest: Buffer | undefined): RequestInput {
  if (!isObject(input)) throw badRequest('inputs[0]: expected an object.');
  const { shape, datatype, parameters = {}, data } = input;
  if (!isShape(shape)) {
    throw badRequest('inputs[0].shape: expected whole numbers, such as [1, 28, 28].');
  }
  if (!isObject(parameters)) throw badRequest('inputs[0].parameters: expected an object.');
  refuseUnsupported(parameters);
  refuseConsent('inputs[0].parameters', parameters);
  const { binary_data_size: size } = parameters;
  if (size === undefined) {
    if (rest !== undefined && rest.length > 0) {
      throw badRequest(
        `The body: expected no bytes behind the JSON, since no binary_data_size is given; received ${rest.length}.`,
      );
    }
    if (!Array.isArray(data) && !(data instanceof Uint8Array)) {
      throw badRequest('inputs[0].data: expected an array, flat or nested.');
    }
    return { shape, datatype, data: data as readonly unknown[] | Uint8Array, isBinary: false };
  }
  if (data !== undefined) {
    throw badRequest('inputs[0]: expected either data or binary_data_size, received both.');
  }
  if (rest === undefined) {
    throw badRequest(
      'binary_data_size: expected the header Inference-Header-Content-Length with it, received none.',
    );
  }
  if (size !== rest.length) {
    throw badRequest(
      `binary_data_size: expected the ${rest.length} bytes behind the JSON, received ${typeof size === 'number' ? size : 'no number'}.`,
    );
  }
  return { shape, datatype, data: rest, isBinary: true };
}

/** Undefined where none is named. */
function outputsOf(outputs: unknown, allBinary: boolean): RequestOutput[] | undefined {
  if (!Array.isArray(outputs)) throw badRequest('outputs: expected an array.');
  if (outputs.length === 0) return undefined;
  return (outputs as readonly unknown[]).map((output, k) => {
    if (!isObject(output) || typeof output.name !== 'string') {
      throw badRequest(`outputs[${k}]: expected an object with a name.`);
    }
    const { name, parameters = {} } = output;
    if (!isObject(parameters)) throw badRequest(`outputs[${k}].parameters: expected an object.`);
    refuseConsent(`outputs[${k}].parameters`, parameters);
    refuseUnsupported(parameters);
    const { binary_data: own } = parameters;
    return { name, binary: typeof own === 'boolean' ? own : allBinary };
  });
}

function refuseUnsupported(parameters: Parameters): void {
  for (const name of UNSUPPORTED) {
    // Clients say 0 for 'no sequence' and 'no ranking'.
    if (parameters[name] !== undefined && parameters[name] !== 0) {
      throw unsupported(`The parameter ${name} is not supported.`);
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShape(shape: unknown): shape is number[] {
  return (
    Array.isArray(shape) &&
    shape.length > 0 &&
    shape.length <= 8 &&
    shape.every((extent) => Number.isSafeInteger(extent) && (extent as number) >= 0)
  );
}
