import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { costOf } from '../../analysis/cost.ts';
import type { DataSet } from '../../data/dataSet.ts';
import { imageSize } from '../../data/makeDataSet.ts';
import { decodeModel } from '../../nn/saved.ts';
import { plannedSteps } from '../../nn/plannedSteps.ts';
import type { ActivationSpec } from '../../engine/ops/activation.ts';
import { fileError } from '../../store/fileError.ts';
import { readFile } from '../../store/readFile.ts';
import { TrialStore } from '../../store/runs.ts';
import { placeOf, readStudy, workersBefore } from '../../store/studyRecord.ts';
import { armLabel } from '../../study/arm.ts';
import type { EvaluatedArm, EvaluatedNetwork, Evaluation } from '../../study/evaluation/record.ts';
import { aboutData } from '../../study/dataAbout.ts';
import { activationLabel, layerWords, usesConvolution } from '../../study/network.ts';
import type { Results } from '../../study/results.ts';
import type { TrialEnd } from '../../study/runStudy.ts';
import { type PlannedTrial, planTrials } from '../../study/study.ts';
import type { TrialConfiguration } from '../../study/trialConfiguration.ts';
import { activationName } from '../../study/wording.ts';
import { DactylError } from '../../util/errors.ts';
import { sha256Hex } from '../../util/hash.ts';
import { inTurns } from '../../util/inTurns.ts';
import { formatShape, sizeOf } from '../../util/tensor.ts';
import { endedTrials, studyResults } from '../runStudy.ts';

/** A network to be evaluated, as its file. */
export interface TargetNetwork extends EvaluatedNetwork {
  readonly model: Uint8Array;
  /** Of its trial, where it is of one. */
  readonly configuration: TrialConfiguration | null;
  /** Whether its answers depend on the arithmetic of convolution and pooling. */
  readonly convolution: boolean;
  /** Of one answer (`costOf`). */
  readonly cost: number;
}

/** What `dactyl evaluate` was given. */
export interface Target {
  readonly identity: Evaluation['target'];
  /** Where its page goes unless told otherwise. */
  readonly folder: string;
  /** Below which results of parts are kept, and the trials and other studies lie. */
  readonly root: string;
  readonly arms: readonly EvaluatedArm[];
  readonly networks: readonly TargetNetwork[];
  /** Of the study. */
  readonly results: Results | null;
}

/** What a target is opened for and with. */
export interface OpenOptions {
  /** What its networks were trained for. */
  readonly data: DataSet;
  readonly signal?: AbortSignal;
}

/**
 * A model file, the folder of a kept trial, or that of a study (all its finished trials; of a study with folds the first of each
 * arm). Throws E_FILE, E_FORMAT or E_CHECKSUM also for a study of which any kept trial is damaged, E_NOT_FOUND for a study without finished trials, E_MISMATCH for a trial or study of other data, and E_SHAPE for
 * a network that does not take such images and answer with their classes.
 */
export async function openTarget(path: string, options: OpenOptions): Promise<Target> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw fileError(Object.assign(new Error(), { code: 'ENOENT' }), 'read', path);
  if (stats.isFile()) return modelTarget(path, options);
  if (existsSync(join(path, 'study.json'))) return studyTarget(path, options);
  if (existsSync(join(path, 'record.json'))) return trialTarget(path, options);
  throw new DactylError(
    'E_NOT_FOUND',
    `${path}: expected a model file, the folder of a trial (with record.json) or of a study (with study.json); received a folder with neither.`,
  );
}

function modelTarget(path: string, { data }: OpenOptions): Target {
  const model = readFile(path);
  const name = basename(path).replace(/\.safetensors$/, '');
  const { activation, seed, hash, cost, parameters, layers, convolution } = inspect(model, path, data);
  return {
    identity: { kind: 'model', name: basename(path), hash: sha256Hex(model), quickStudy: false },
    folder: join(dirname(path), `${name}.evaluation`),
    root: dirname(resolve(path)),
    arms: [{ name, label: name, activation, parameters, layers, recipe: null }],
    networks: [
      { arm: name, activation, seed, hash, trial: null, model, configuration: null, convolution, cost },
    ],
    results: null,
  };
}

function trialTarget(path: string, { data }: OpenOptions): Target {
  const folder = resolve(path);
  const key = basename(folder);
  const root = dirname(dirname(folder));
  const { record, model } = new TrialStore(root).readModel(key);
  const { configuration } = record;
  requireData(configuration.data, data, path);
  const { recipe } = configuration;
  const { activation, seed, hash, cost, parameters, layers, convolution } = inspect(model, path, data);
  const label = activationName(activation);
  return {
    identity: { kind: 'trial', name: `${label}, seed ${configuration.seed}`, hash: key, quickStudy: false },
    folder: join(root, `evaluation-${key.slice(0, 12)}`),
    root,
    arms: [{ name: activation, label, activation, parameters, layers, recipe }],
    networks: [
      { arm: activation, activation, seed, hash, trial: key, model, configuration, convolution, cost },
    ],
    results: null,
  };
}

async function studyTarget(path: string, { data: set, signal }: OpenOptions): Promise<Target> {
  const { root } = placeOf(path);
  const { study, studyHash, data, writers } = readStudy(path);
  requireData(data, set, path);
  const store = new TrialStore(root);
  const planned = await planTrials(study, { writers, data, ...(signal && { signal }) });
  const found = await inTurns(planned, ({ key }) => undamaged(store, key, path), signal);
  const { trials, ends } = endedTrials(study, planned, found);
  const finished = trials.filter((_, k) => ends[k].kind === 'finished');
  if (finished.length === 0) {
    throw new DactylError(
      'E_NOT_FOUND',
      `No trial of ${path} is finished yet, so there is nothing to evaluate; run it first: dactyl study resume ${path}`,
    );
  }
  const folds = study.split.kind === 'folds';
  const chosen = folds
    ? finished.filter((trial) => finished.find(({ arm }) => arm === trial.arm) === trial)
    : finished;
  const arms = new Map<string, EvaluatedArm>();
  const open = ({ key, arm, seed, configuration }: PlannedTrial): TargetNetwork => {
    const { model } = store.readModel(key);
    const { activation, hash, cost, parameters, layers, convolution } = inspect(
      model,
      join(store.folder, key),
      set,
    );
    const { recipe } = configuration;
    const label = armLabel(arm, activation);
    if (!arms.has(arm)) arms.set(arm, { name: arm, label, activation, parameters, layers, recipe });
    return { arm, activation, seed, hash, trial: key, model, configuration, convolution, cost };
  };
  const networks = await inTurns(chosen, open, signal);
  return {
    identity: { kind: 'study', name: study.name, hash: studyHash, quickStudy: study.quick },
    folder: path,
    root,
    arms: study.arms.flatMap(({ name }) => arms.get(name) ?? []),
    networks: study.arms.flatMap(({ name }) => networks.filter(({ arm }) => arm === name)),
    results: studyResults(study, trials, ends, { workers: workersBefore(path), data: aboutData(set) }),
  };
}

/** How a trial ended. Of a study with a damaged one the arms would be measured on unequal seeds, so it is refused with what to do. */
function undamaged(store: TrialStore, key: string, path: string): TrialEnd | undefined {
  try {
    return store.find(key);
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    throw new DactylError(
      error.code,
      `A kept trial is damaged: ${error.message} What to do: dactyl study resume ${path} computes it again.`,
      { cause: error },
    );
  }
}

/** Of a network's training images more is asked than its answers: which of them it saw. */
function requireData(data: readonly string[], { name, identity }: OpenOptions['data'], path: string): void {
  // Writers may follow.
  if (identity.every((sum, k) => data[k] === sum)) return;
  throw new DactylError(
    'E_MISMATCH',
    `${path}: it was trained on other images than ${name}’s. Name those with --data; or evaluate a model file of it, such as model.safetensors in the folder of one of its trials.`,
  );
}

/** What a model file says of itself; E_SHAPE unless it takes such images and answers with their classes. */
function inspect(
  bytes: Uint8Array,
  path: string,
  { name, shape, classes }: OpenOptions['data'],
): Pick<TargetNetwork, 'activation' | 'seed' | 'hash' | 'convolution' | 'cost'> &
  Pick<EvaluatedArm, 'parameters' | 'layers'> {
  const model = decodeModel(bytes, path);
  try {
    const { spec } = plannedSteps(model.layers).at(-1)!.step;
    const last = spec.kind === 'activation' ? (spec as ActivationSpec).activation : 'linear';
    if (
      sizeOf(model.inputShape) !== sizeOf(shape) ||
      model.outputs !== classes.length ||
      last !== 'softmax'
    ) {
      throw new DactylError(
        'E_SHAPE',
        `${path}: expected a model that takes the images of ${name}, ${imageSize(shape)}, and answers with a softmax over its ${classes.length} classes; received one that takes ${formatShape(model.inputShape)} and answers with ${model.outputs} ${last} outputs. Name with --data what it was trained for; only classifiers can be evaluated.`,
      );
    }
    return {
      activation: activationLabel(model.layers),
      convolution: usesConvolution(model.layers),
      seed: model.seed,
      hash: model.weightsHash(),
      cost: costOf(model),
      parameters: model.parameters,
      layers: model.layers.map(layerWords),
    };
  } finally {
    model.dispose();
  }
}
