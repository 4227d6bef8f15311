import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { accuracyOf, confusionMatrix } from '../analysis/confusion.ts';
import { mostProbable } from '../analysis/mostProbable.ts';
import type { Examples } from '../data/examples.ts';
import type { Engine } from '../engine/engine.ts';
import type { FitState } from '../nn/fitState.ts';
import { decodeFitState, encodeFitState } from '../nn/fitState.ts';
import type { EpochLogs } from '../nn/history.ts';
import { decodeModel, encodeModel } from '../nn/saved.ts';
import { SCHEDULES } from '../nn/schedules.ts';
import { Sequential } from '../nn/sequential.ts';
import { DactylError } from '../util/errors.ts';
import type { Tensor } from '../util/tensor.ts';
import { activationOf, networkLayers } from './network.ts';
import { optimizerOf } from './recipeOptimizer.ts';
import type { TrialResult } from './results.ts';
import { versionsOf, teachersOf, type TrialConfiguration, trialKey } from './trialConfiguration.ts';
import { type DataSource, dataFor, sourceForm } from './trialData.ts';

export interface TrialOutcome {
  readonly result: TrialResult;
  /** The trained model as a file. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** Softmax outputs on the images kept out, [n, classes]. */
  readonly probabilities: Tensor<Float32Array>;
}

export interface TrialOptions {
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
  /** Share the work of each step (`fit`); the bits do not depend on it. */
  readonly threads?: number;
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

/** Trains and tests one network. A pure function of its configuration (and data), but for the seconds. */
export async function runTrial(
  configuration: TrialConfiguration,
  source: DataSource,
  { engine, signal, threads, onEpoch, checkpoint, teachers = [], resume }: TrialOptions = {},
): Promise<TrialOutcome> {
  const { seed, recipe } = configuration;
  requirePresent(configuration);
  const start = performance.now();
  const key = trialKey(configuration);
  const { training, validation, keptOut } = dataFor(configuration, source);
  const { distillation } = recipe;
  const expected = teachersOf(configuration).length;
  if (teachers.length !== expected)
    throw new Error(`${teachers.length} teachers for a recipe with ${expected}`);
  const { shape, classes } = sourceForm(source);
  const model = new Sequential(networkLayers(recipe, shape, classes), { seed, ...(engine && { engine }) });
  const taughtBy: Sequential[] = [];
  try {
    const { earlyStopping, privacy } = recipe;
    const optimizer = optimizerOf(recipe);
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
      ...(threads !== undefined && threads > 1 && { threads }),
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
    const matrix = confusionMatrix(keptOut.labels, mostProbable(probabilities), classes);
    return {
      result: {
        key,
        activation: activationOf(recipe),
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
      model: encodeModel(model, recipe.consented && { consents: recipe.consented.consents }),
      probabilities,
    };
  } finally {
    model.dispose();
    for (const teacher of taughtBy) teacher.dispose();
  }
}

/** Another version of the arithmetic would give other bits under this key. */
function requirePresent({ numerics, convolution, extraData, recipe }: TrialConfiguration): void {
  const present = versionsOf(recipe);
  if (numerics !== present.numerics) {
    throw new Error(`trial of numerics ${numerics}, this is ${present.numerics}`);
  }
  if (convolution !== present.convolution) {
    throw new Error(
      `trial of convolution ${convolution ?? 'none'}, this is ${present.convolution ?? 'none'}`,
    );
  }
  if (extraData?.join() !== present.extraData?.join()) {
    throw new Error(
      `trial of further images ${extraData?.join() ?? 'none'}, these are ${present.extraData?.join() ?? 'none'}`,
    );
  }
}

function labelsOf({ labels }: Examples): Tensor<Uint8Array> {
  return { data: labels, shape: [labels.length] };
}
