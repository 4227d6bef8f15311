import type { Engine } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import * as form from '../util/form.ts';
import { memberOf } from '../util/members.ts';
import { checkOptions, requireType } from '../util/options.ts';
import { decodeSafetensors } from '../util/safetensors.ts';
import { encodeSealed, sealHolds } from '../util/sealed.ts';
import { atOnce, type Steps } from '../util/steps.ts';
import { formatShape, type Tensor } from '../util/tensor.ts';
import type { Layer } from './layers.ts';
import { definitionOf, type LayerData } from './layers/layer.ts';
import { layersFrom, SAVED_LAYER } from './layers/table.ts';
import type { Compiled } from './model.ts';
import { planLayers } from './plan.ts';
import { type CompileOptions, Sequential } from './sequential.ts';
import { COMMON_OPTIONS, RULES } from '../engine/rules/rules.ts';
import type { AnyRule } from '../engine/rules/rule.ts';

export const MODEL_FORMAT = 'dactyl-model/1';

const KNOWN_METADATA = ['format', 'sha256', 'model', 'reader', 'consents'];

const COMMON = Object.fromEntries(
  Object.keys(COMMON_OPTIONS).map((key) => [key, form.optional(form.finite)]),
) as Record<keyof typeof COMMON_OPTIONS, form.Form<number> & { optional: true }>;

/** What an optimizer is in a file follows from its rule. */
const SavedOptimizer: form.Form<unknown> = {
  problem(value, at) {
    const { name } = (value ?? {}) as { name?: unknown };
    const known = form.oneOf(...Object.keys(RULES)).problem(name, `${at}/name`);
    if (known !== undefined) return known;
    const { options } = memberOf<AnyRule>('optimizer', RULES, name as string);
    const own = Object.entries(options).map(([key, option]) => [
      key,
      'valid' in option ? form.finite : form.flag,
    ]);
    return form.fields({ name: form.text, ...COMMON, ...Object.fromEntries(own) }).problem(value, at);
  },
};

/** A name, or an object that names itself; `compile` checks the rest. */
const Named: form.Form<unknown> = {
  problem: (value, at) => (typeof value === 'string' ? undefined : form.named.problem(value, at)),
};

const SavedModel = form.fields({
  /** A model file names layers of this list and nothing else: no file can name code to run. */
  layers: form.list(SAVED_LAYER),
  seed: form.integer,
  compiled: form.orNull(
    form.fields({
      optimizer: SavedOptimizer,
      loss: Named,
      metrics: form.list(Named),
    }),
  ),
});

/**
 * The model as one safetensors file that holds its own SHA-256: weights as `0/kernel` and `0/bias`, numbered by layer with weights, and under the
 * metadata key `model` the layers, seed and what it was compiled with as JSON (nothing, where loss or a metric is a function of one's own: compile
 * again then). `includeOptimizer`: the optimizer's state and the streams that order and dropout are drawn from, too, so that training goes on to the same bits as
 * if it had not stopped; such a file is read by versions with the same memory layout only. E_STATE where there is no state. `consents`: identifiers of
 * those under which images were trained with; `consentsOf` finds them.
 */
export function encodeModel(
  model: Sequential,
  options: { includeOptimizer?: boolean; consents?: readonly string[] } = {},
): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = atOnce(modelContent(model, options));
  return encodeSealed(tensors, MODEL_FORMAT, metadata);
}

/** What `encodeModel` writes. */
export function* modelContent(
  model: Sequential,
  options: Parameters<typeof encodeModel>[1] = {},
): Steps<{ readonly tensors: Record<string, Tensor>; readonly metadata: Record<string, string> }> {
  requireType('encodeModel', 'a Sequential', (model as unknown) instanceof Sequential, model);
  checkOptions('encodeModel', ['includeOptimizer', 'consents'], options);
  refuseFunctions(model.layers);
  const weights = yield* model.network.readWeights();
  const tensors: Record<string, Tensor> = {};
  planLayers(model.layers).weights.forEach(({ key, shape }, k) => {
    tensors[key] = { data: weights[k], shape };
  });
  const { layers, seed } = model;
  const compiled = model.compiled && isData(model.compiled) ? model.compiled : null;
  if (options.includeOptimizer) {
    if (!compiled) {
      throw new DactylError(
        'E_STATE',
        'encodeModel: includeOptimizer expects a model that is compiled, with a loss and metrics that are data; functions of your own cannot be saved.',
      );
    }
    for (const [name, tensor] of Object.entries(model.trainingState())) tensors[`state/${name}`] = tensor;
  }
  const { consents = [] } = options;
  return {
    tensors,
    metadata: {
      model: canonicalJson({ layers, seed, compiled }),
      ...(consents.length > 0 && { consents: JSON.stringify(consents) }),
    },
  };
}

/** Under which consents images were kept that a model was trained with, as its file says; none for most. Throws E_FORMAT. */
export function consentsOf(bytes: Uint8Array, file = 'The model'): string[] {
  const text = decodeSafetensors(bytes, file).metadata.get('consents');
  if (text === undefined) return [];
  return form.parseJson(form.list(form.text), text, (reason, options) => malformed(file, reason, options));
}

function refuseFunctions(layers: readonly LayerData[]): void {
  const own = layers.find((layer) => definitionOf(layer)?.ownFunctions);
  if (!own) return;
  throw new DactylError(
    'E_ARGUMENT',
    `encodeModel: expected layers that are data; received ${own.type} (${definitionOf(own)!.words(own)}) with functions of your own, which no file can hold. Save the weights (getWeights), and make the model anew by its code.`,
  );
}

/** Whether neither loss nor metrics are functions of one's own. */
function isData({ loss, metrics }: Compiled): boolean {
  return [loss, ...metrics].every((one) => typeof one !== 'function');
}

/** Reads what `encodeModel` wrote, in earlier versions too, which wrote no checksum; the content is not trusted. Throws E_FORMAT with `file`, a name for messages, and the reason; E_BUNDLE for a layer or another part that a page's bundle does not hold. */
export function decodeModel(
  bytes: Uint8Array,
  file = 'The model',
  options: { engine?: Engine } = {},
): Sequential {
  requireType('decodeModel', 'bytes: a Uint8Array', (bytes as unknown) instanceof Uint8Array, bytes);
  requireType('decodeModel', 'file: a text', typeof file === 'string', file);
  checkOptions('decodeModel', ['engine'], options);
  if (sealHolds(bytes, MODEL_FORMAT) === false)
    throw malformed(file, 'its content is not what its SHA-256 promises');
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  if (metadata.get('format') !== MODEL_FORMAT) {
    throw malformed(
      file,
      `expected the format ${MODEL_FORMAT}, received ${metadata.get('format') ?? 'none'}`,
    );
  }
  // Files of earlier versions have no checksum; one whose name was damaged is none of them.
  const unknown = [...metadata.keys()].find((key) => !KNOWN_METADATA.includes(key));
  if (unknown !== undefined)
    throw malformed(file, `it has the unknown metadata ${JSON.stringify(unknown.slice(0, 80))}`);
  const {
    layers: saved,
    seed,
    compiled,
  } = form.parseJson(SavedModel, metadata.get('model') ?? '', (reason, options) =>
    malformed(file, reason, options),
  );
  let model: Sequential | undefined;
  try {
    const layers = layersFrom(saved);
    if (canonicalJson(layers) !== canonicalJson(saved))
      throw malformed(file, 'a layer is not as this version writes it');
    const state = new Map<string, Tensor>();
    const arrays = new Map<string, Tensor>();
    for (const [name, tensor] of tensors) {
      if (name.startsWith('state/')) state.set(name.slice('state/'.length), tensor);
      else arrays.set(name, tensor);
    }
    const weights = checkWeights(arrays, layers, file);
    model = new Sequential(layers, { ...options, seed });
    model.setWeights(weights);
    if (compiled) model.compile(compiled as unknown as CompileOptions);
    if (state.size > 0) model.restoreTrainingState(state);
    return model;
  } catch (cause) {
    model?.dispose();
    if (!(cause instanceof DactylError) || ['E_FORMAT', 'E_MEMORY', 'E_BUNDLE'].includes(cause.code))
      throw cause;
    throw malformed(file, cause.message.replace(/\.$/, ''), { cause });
  }
}

/** The weights in their order, held to the layers' shapes before memory is taken: a small file cannot ask for a large model. */
function checkWeights(
  tensors: ReadonlyMap<string, Tensor>,
  layers: readonly Layer[],
  file: string,
): Tensor[] {
  const { weights } = planLayers(layers);
  const unknown = [...tensors.keys()].find((name) => !weights.some(({ key }) => key === name));
  if (unknown !== undefined)
    throw malformed(file, `no layer has the weights ${JSON.stringify(unknown.slice(0, 80))}`);
  return weights.map(({ key, shape }) => {
    const tensor = tensors.get(key);
    if (!tensor) throw malformed(file, `the weights ${key} are missing`);
    const [expected, received] = [shape, tensor.shape].map(formatShape);
    if (expected !== received)
      throw malformed(file, `the weights ${key} should have shape ${expected} and have ${received}`);
    if (!(tensor.data instanceof Float32Array)) throw malformed(file, `the weights ${key} are not float32`);
    return tensor;
  });
}

function malformed(file: string, reason: string, options?: ErrorOptions): DactylError {
  return new DactylError('E_FORMAT', `${file}: not a model of Dactyl: ${reason}.`, options);
}
