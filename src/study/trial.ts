import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { accuracyOf, confusionMatrix } from '../analysis/confusion.ts';
import { mostProbable } from '../analysis/mostProbable.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Engine } from '../engine/engine.ts';
import type { FitState } from '../nn/fitState.ts';
import { decodeFitState, encodeFitState } from '../nn/fitState.ts';
import type { EpochLogs } from '../nn/history.ts';
import { Dense, Dropout, Flatten, Input, type Layer, RandomDistortion, Rescaling } from '../nn/layers.ts';
import { Adam, SGD } from '../nn/optimizers.ts';
import { decodeModel, encodeModel } from '../nn/saved.ts';
import { SCHEDULES } from '../nn/schedules.ts';
import { Sequential } from '../nn/sequential.ts';
import { DactylError } from '../util/errors.ts';
import type { Tensor } from '../util/tensor.ts';
import { NUMERICS_VERSION } from './numerics.ts';
import type { Recipe } from './recipe.ts';
import type { TrialResult } from './results.ts';
import { type TrialConfiguration, trialKey } from './trialConfiguration.ts';
import { type DataSource, dataFor } from './trialData.ts';

export interface TrialOutcome {
  readonly result: TrialResult;
  /** The trained model as a file. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** Softmax outputs on the images kept out, [n, 10]. */
  readonly probabilities: Tensor<Float32Array>;
}

export interface TrialOptions {
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
  readonly onEpoch?: (epoch: number, logs: EpochLogs, seconds: number) => void;
  /** Called about every `everySeconds` with a file from which the trial can be taken up, to the bit. */
  readonly checkpoint?: { readonly everySeconds: number; readonly save: (file: Uint8Array) => void };
  /** The teachers’ models as files, in the order of the recipe’s `distillation.teachers`. */
  readonly teachers?: readonly Uint8Array[];
  /** What `checkpoint.save` was given, of this very trial. */
  readonly resume?: Uint8Array;
}

/** What a checkpoint keeps beside the training's own state. */
const Progress = Type.Object(
  { key: Type.String(), weightsHash: Type.Array(Type.String()), seconds: Type.Number({ minimum: 0 }) },
  { additionalProperties: false },
);
type Progress = Static<typeof Progress>;

/** The paper's network with the recipe's widths and activation, its pixel / 255 as the first layer. */
export function networkLayers(
  recipe: Pick<Recipe, 'activation' | 'units' | 'dropout' | 'initializer' | 'l2'> &
    Partial<Pick<Recipe, 'distortion'>>,
): Layer[] {
  const { activation, units, dropout, initializer: kernelInitializer, l2, distortion } = recipe;
  const shared = { kernelInitializer, kernelRegularizer: { l2 } };
  const hidden = units.flatMap((width) => {
    const dense = Dense(width, { activation, ...shared });
    return dropout > 0 ? [dense, Dropout(dropout)] : [dense];
  });
  return [
    Input([28, 28]),
    ...(distortion ? [RandomDistortion(distortion)] : []),
    Rescaling(1 / 255),
    Flatten(),
    ...hidden,
    Dense(10, { activation: 'softmax', ...shared }),
  ];
}

/** Trains and tests one network. A pure function of its configuration (and data), but for the seconds. */
export async function runTrial(
  configuration: TrialConfiguration,
  source: DataSource,
  { engine, signal, onEpoch, checkpoint, teachers = [], resume }: TrialOptions = {},
): Promise<TrialOutcome> {
  const { numerics, seed, recipe } = configuration;
  if (numerics !== NUMERICS_VERSION) {
    throw new Error(`trial of numerics ${numerics}, this is ${NUMERICS_VERSION}`);
  }
  const start = performance.now();
  const key = trialKey(configuration);
  const { training, validation, keptOut } = dataFor(configuration, source);
  const { distillation } = recipe;
  if (teachers.length !== (distillation?.teachers.length ?? 0)) {
    throw new Error(`${teachers.length} teachers for a recipe with ${distillation?.teachers.length ?? 0}`);
  }
  const model = new Sequential(networkLayers(recipe), { seed, ...(engine && { engine }) });
  const taughtBy: Sequential[] = [];
  try {
    const { learningRate, momentum, earlyStopping, privacy } = recipe;
    const optimizer = recipe.optimizer === 'adam' ? Adam({ learningRate }) : SGD({ learningRate, momentum });
    model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    for (const file of teachers) taughtBy.push(decodeModel(file, `teacher of ${key}`, engine && { engine }));
    const weightsHash: string[] = [];
    let state: FitState | undefined;
    let secondsBefore = 0;
    if (resume) {
      const decoded = decodeFitState(resume, `checkpoint of ${key}`);
      const { extra } = decoded;
      if (
        !Value.Check(Progress, extra) ||
        extra.key !== key ||
        extra.weightsHash.length !== decoded.state.epoch
      ) {
        throw new DactylError('E_FORMAT', `checkpoint of ${key}: it is of another trial.`);
      }
      state = decoded.state;
      weightsHash.push(...extra.weightsHash);
      secondsBefore = extra.seconds;
    }
    const seconds = (): number => secondsBefore + (performance.now() - start) / 1000;
    let epochStart = performance.now();
    const { history } = await model.fit(training.images, labelsOf(training), {
      epochs: recipe.epochs,
      batchSize: recipe.batchSize,
      schedule: SCHEDULES[recipe.schedule],
      labelSmoothing: recipe.labelSmoothing,
      averaging: recipe.averaging,
      validationData: [validation.images, labelsOf(validation)],
      verbose: 0,
      ...(privacy && { privacy }),
      ...(distillation && { distillation: { teachers: taughtBy, weight: distillation.weight } }),
      ...(earlyStopping && { earlyStopping: { ...earlyStopping, restoreBestWeights: true } }),
      ...(signal && { signal }),
      ...(state && { resume: state }),
      ...(checkpoint && {
        checkpoint: {
          everySeconds: checkpoint.everySeconds,
          save: (now: FitState) => {
            checkpoint.save(encodeFitState(now, { key, weightsHash, seconds: seconds() } satisfies Progress));
          },
        },
      }),
      callbacks: [
        {
          onEpochEnd(epoch, logs) {
            weightsHash.push(model.weightsHash());
            onEpoch?.(epoch, logs, (performance.now() - epochStart) / 1000);
            epochStart = performance.now();
          },
        },
      ],
    });
    const probabilities = model.predict(keptOut.images);
    const matrix = confusionMatrix(keptOut.labels, mostProbable(probabilities));
    return {
      result: {
        key,
        activation: recipe.activation,
        seed,
        history: {
          loss: history.loss,
          accuracy: history.accuracy!,
          val_loss: history.val_loss!,
          val_accuracy: history.val_accuracy!,
        },
        testAccuracy: accuracyOf(matrix),
        testLoss: model.evaluate(keptOut.images, labelsOf(keptOut)).loss,
        confusionMatrix: matrix,
        weightsHash,
        seconds: seconds(),
      },
      model: encodeModel(model),
      probabilities,
    };
  } finally {
    model.dispose();
    for (const teacher of taughtBy) teacher.dispose();
  }
}

function labelsOf({ labels }: Dataset): Tensor<Uint8Array> {
  return { data: labels, shape: [labels.length] };
}
