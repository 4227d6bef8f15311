import { type Static, Type } from 'typebox';
import { accuracyOf, confusionMatrix } from '../analysis/confusion.ts';
import { type Dataset, subset } from '../datasets/dataset.ts';
import { mnistHoldout } from '../datasets/holdout.ts';
import type { Mnist } from '../datasets/mnist.ts';
import type { Engine } from '../engine/engine.ts';
import { Dense, Dropout, Flatten, Input, type Layer, Rescaling } from '../nn/layers.ts';
import type { EpochLogs } from '../nn/history.ts';
import { Adam, SGD } from '../nn/optimizers.ts';
import { encodeModel } from '../nn/saved.ts';
import { Sequential } from '../nn/sequential.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { sha256Hex } from '../util/hash.ts';
import type { Tensor } from '../util/tensor.ts';
import { NUMERICS_VERSION } from './numerics.ts';
import type { TrialResult } from './results.ts';

/** All that decides a trial's result; its hash is the trial's key. */
export const TrialConfiguration = Type.Object(
  {
    numerics: Type.Integer({ description: 'version of the arithmetic' }),
    data: Type.Array(Type.String(), { description: 'SHA-256 of the data files, in a fixed order' }),
    activation: Type.String(),
    units: Type.Array(Type.Integer()),
    dropout: Type.Number(),
    optimizer: Type.Union([Type.Literal('adam'), Type.Literal('sgd')]),
    learningRate: Type.Number(),
    epochs: Type.Integer(),
    batchSize: Type.Integer(),
    validation: Type.Union([Type.Literal('test'), Type.Literal('holdout')]),
    seed: Type.Integer(),
  },
  { additionalProperties: false },
);
export type TrialConfiguration = Static<typeof TrialConfiguration>;

export interface TrialOutcome {
  readonly result: TrialResult;
  /** The trained model as a file. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** Softmax outputs on the test set, [n, 10]. */
  readonly probabilities: Tensor<Float32Array>;
}

export interface TrialOptions {
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
  readonly onEpoch?: (epoch: number, logs: EpochLogs, seconds: number) => void;
}

export function trialKey(configuration: TrialConfiguration): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(configuration)));
}

/** The paper's network with the configuration's widths and activation, its pixel / 255 as the first layer. */
export function networkLayers({
  activation,
  units,
  dropout,
}: Pick<TrialConfiguration, 'activation' | 'units' | 'dropout'>): Layer[] {
  const hidden = units.flatMap((width) => {
    const dense = Dense(width, { activation });
    return dropout > 0 ? [dense, Dropout(dropout)] : [dense];
  });
  return [Input([28, 28]), Rescaling(1 / 255), Flatten(), ...hidden, Dense(10, { activation: 'softmax' })];
}

/** Trains and tests one network. A pure function of its configuration (and data), but for the seconds. */
export async function runTrial(
  configuration: TrialConfiguration,
  mnist: Mnist,
  options: TrialOptions = {},
): Promise<TrialOutcome> {
  const { numerics, seed, activation, optimizer: name, learningRate, epochs, batchSize } = configuration;
  if (numerics !== NUMERICS_VERSION)
    throw new Error(`trial of numerics ${numerics}, this is ${NUMERICS_VERSION}`);
  const start = performance.now();
  const { training, validation } = splitFor(configuration, mnist);
  const model = new Sequential(networkLayers(configuration), {
    seed,
    ...(options.engine && { engine: options.engine }),
  });
  try {
    const optimizer = name === 'adam' ? Adam({ learningRate }) : SGD({ learningRate });
    model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    const weightsHash: string[] = [];
    let epochStart = performance.now();
    const { history } = await model.fit(training.images, labelsOf(training), {
      epochs,
      batchSize,
      validationData: [validation.images, labelsOf(validation)],
      verbose: 0,
      ...(options.signal && { signal: options.signal }),
      callbacks: [
        {
          onEpochEnd(epoch, logs) {
            weightsHash.push(model.weightsHash());
            options.onEpoch?.(epoch, logs, (performance.now() - epochStart) / 1000);
            epochStart = performance.now();
          },
        },
      ],
    });

    const { test } = mnist;
    const probabilities = model.predict(test.images);
    const { loss: testLoss } = model.evaluate(test.images, labelsOf(test));
    const matrix = confusionMatrix(test.labels, mostProbable(probabilities));
    return {
      result: {
        key: trialKey(configuration),
        seed,
        activation,
        history: {
          loss: history.loss,
          accuracy: history.accuracy!,
          val_loss: history.val_loss!,
          val_accuracy: history.val_accuracy!,
        },
        testAccuracy: accuracyOf(matrix),
        testLoss,
        confusionMatrix: matrix,
        weightsHash,
        seconds: (performance.now() - start) / 1000,
      },
      model: encodeModel(model),
      probabilities,
    };
  } finally {
    model.dispose();
  }
}

/** The class of the largest output in each row, the first of equals. */
export function mostProbable({ data, shape: [rows, classes] }: Tensor<Float32Array>): Uint8Array {
  return Uint8Array.from({ length: rows }, (_, s) => {
    let best = 0;
    for (let j = 1; j < classes; j++) if (data[s * classes + j] > data[s * classes + best]) best = j;
    return best;
  });
}

/** Arms that share a seed share the split. */
function splitFor(
  { validation, seed }: TrialConfiguration,
  { train, test }: Mnist,
): { training: Dataset; validation: Dataset } {
  if (validation === 'test') return { training: train, validation: test };
  const { rest, holdout } = mnistHoldout(train.labels, seed);
  return { training: subset(train, rest), validation: subset(train, holdout) };
}

function labelsOf({ labels }: Dataset): Tensor<Uint8Array> {
  return { data: labels, shape: [labels.length] };
}
