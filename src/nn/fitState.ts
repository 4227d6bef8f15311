import { DactylError } from '../util/errors.ts';
import * as form from '../util/form.ts';
import { decodeSafetensors } from '../util/safetensors.ts';
import { encodeSealed, sealHolds } from '../util/sealed.ts';
import type { Tensor, TensorData } from '../util/tensor.ts';
import { requireFields, requireBytes, requireText } from '../util/options.ts';
import type { BestEpoch } from './earlyStopping.ts';

/** Where `fit` stands between two steps; going on from it gives the same bits as not having stopped. */
export interface FitState {
  /** Names the network, the optimizer and the options that decide bits: only the same run goes on from here. */
  run: string;
  /** Names the inputs, the labels and the validation data by their values; absent in checkpoints that older versions wrote. */
  data?: string;
  /** What schedules start from, where `setLearningRate` may have changed it; absent in checkpoints that older versions wrote. */
  learningRate?: number;
  epoch: number;
  /** Examples of the epoch already trained on. */
  position: number;
  lossSum: number;
  /** A whole number but for private training, where batches of any size count alike. */
  correct: number;
  /** The order of the examples in this epoch. */
  order: Uint32Array;
  /** The shuffle's generator. */
  shuffle: Uint32Array;
  history: Readonly<Record<string, number[] | undefined>>;
  best?: BestEpoch;
  /** See `Network.saveState`. */
  network: ReadonlyMap<string, Tensor>;
}

const FORMAT = 'dactyl-fit/1';

const Plain = form.fields({
  run: form.text,
  data: form.optional(form.text),
  learningRate: form.optional(form.finite),
  epoch: form.count,
  position: form.count,
  correct: form.notNegative,
  history: form.record(form.list(form.finite)),
  best: form.orNull(form.fields({ epoch: form.count, value: form.finite })),
  extra: form.anything,
});

/** One safetensors file that holds its own SHA-256. `extra`, any JSON value, is kept with it, for whoever saves. */
export function encodeFitState(state: FitState, extra: unknown = null): Uint8Array<ArrayBuffer> {
  requireFields(
    'encodeFitState: state',
    ['run', 'epoch', 'position', 'lossSum', 'correct', 'order', 'shuffle', 'history'],
    state,
  );
  const { run, data, learningRate, epoch, position, correct, history, best } = state;
  const plain: form.TypeOf<typeof Plain> = {
    run,
    ...(data !== undefined && { data }),
    ...(learningRate !== undefined && { learningRate }),
    epoch,
    position,
    correct,
    history: history as Record<string, number[]>,
    best: best ? { epoch: best.epoch, value: best.value } : null,
    extra,
  };
  const json = new TextEncoder().encode(JSON.stringify(plain));
  const tensors: Record<string, Tensor> = {
    state: { data: json, shape: [json.length] },
    lossSum: { data: Float64Array.of(state.lossSum), shape: [1] },
    order: integers(state.order),
    shuffle: integers(state.shuffle),
  };
  best?.weights.forEach((tensor, k) => (tensors[`best/${k}`] = tensor));
  for (const [name, tensor] of state.network) tensors[`network/${name}`] = tensor;
  return encodeSealed(tensors, FORMAT);
}

/**
 * Reads what `encodeFitState` wrote; the content is not trusted. Throws E_FORMAT with `file` and the reason for anything else, a
 * single changed bit included. Whether the state fits a model is for `fit` to say.
 */
export function decodeFitState(bytes: Uint8Array, file: string): { state: FitState; extra: unknown } {
  requireBytes('decodeFitState: bytes', bytes);
  requireText('decodeFitState: file', file);
  checkDigest(bytes, file);
  const { tensors } = decodeSafetensors(bytes, file);
  const take = <D extends TensorData>(name: string, type: new (length: number) => D, length?: number): D => {
    const data = tensors.get(name)?.data;
    if (data instanceof type && (length === undefined || data.length === length)) return data;
    throw malformed(file, `expected ${length ?? ''} values of ${type.name} in ${name}`);
  };
  const json = new TextDecoder().decode(take('state', Uint8Array));
  const { best, extra, ...plain } = form.parseJson(Plain, json, (reason, options) =>
    malformed(file, reason, options),
  );
  const network = new Map<string, Tensor>();
  const weights: Tensor<Float32Array>[] = [];
  for (const [name, tensor] of tensors) {
    if (name.startsWith('network/')) network.set(name.slice('network/'.length), tensor);
  }
  for (let k = 0; tensors.has(`best/${k}`); k++) {
    weights.push({ data: take(`best/${k}`, Float32Array), shape: tensors.get(`best/${k}`)!.shape });
  }
  if (tensors.size !== 4 + network.size + weights.length) throw malformed(file, 'it holds unknown arrays');
  const state: FitState = {
    ...plain,
    lossSum: take('lossSum', Float64Array, 1)[0],
    order: Uint32Array.from(take('order', Int32Array)),
    shuffle: Uint32Array.from(take('shuffle', Int32Array, 4)),
    network,
    ...(best && { best: { ...best, weights } }),
  };
  return { state, extra };
}

function checkDigest(bytes: Uint8Array, file: string): void {
  const holds = sealHolds(bytes, FORMAT);
  if (holds === undefined) throw malformed(file, `expected the format ${FORMAT}`);
  if (!holds) throw malformed(file, 'its content is not what its SHA-256 promises');
}

function malformed(file: string, reason: string, options?: ErrorOptions): DactylError {
  return new DactylError('E_FORMAT', `${file}: not a checkpoint of Dactyl: ${reason}.`, options);
}

function integers(words: Uint32Array): Tensor<Int32Array> {
  return { data: Int32Array.from(words), shape: [words.length] };
}
