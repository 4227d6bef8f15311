import type { Engine, OptimizerSpec } from '../../src/engine/engine.ts';
import {
  Activation,
  AveragePooling2D,
  BatchNormalization,
  Conv2D,
  Dense,
  DepthwiseConv2D,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  type Layer,
  LayerNormalization,
  MaxPooling2D,
  Rescaling,
  Reshape,
} from '../../src/nn/layers.ts';
import { Adagrad, Adam, AdamW, Lion, RMSprop, SGD } from '../../src/nn/optimizers.ts';
import { Sequential } from '../../src/nn/sequential.ts';
import { sha256Hex } from '../../src/util/hash.ts';

/** Images that `shortRun` reads. */
export const SHORT_RUN_IMAGES = 3000;
const EPOCHS = 2;

interface Case {
  readonly hidden: readonly Layer[];
  readonly optimizer: OptimizerSpec;
  readonly batchSize: number;
}

const paper = (activation: string): Layer[] => [128, 64, 32].map((units) => Dense(units, { activation }));
const regularized = (activation: string): Layer =>
  Dense(20, { activation, kernelInitializer: 'he_normal', kernelRegularizer: { l1: 1e-5, l2: 1e-4 } });

const small = [Dense(20, { activation: 'relu' })];

/** The paper's two networks, one with dropout, small networks through every other kernel of dense ones, one through every kernel of images, and one through those of convolution and pooling as one. */
export const SHORT_RUNS = {
  relu: { hidden: paper('relu'), optimizer: Adam(), batchSize: 32 },
  tanh: { hidden: paper('tanh'), optimizer: Adam(), batchSize: 32 },
  geluDropout: {
    hidden: [
      Dense(100, { activation: 'gelu' }),
      Dropout(0.2),
      Dense(50, { activation: 'gelu' }),
      Dropout(0.4),
    ],
    optimizer: Adam({ learningRate: 0.002, epsilon: 1e-5 }),
    batchSize: 7,
  },
  everyKernel: {
    hidden: ['leaky_relu', 'elu', 'selu', 'silu', 'softplus', 'softsign', 'sigmoid', 'linear', 'softmax'].map(
      regularized,
    ),
    optimizer: SGD({ learningRate: 0.05, momentum: 0.9, nesterov: true }),
    batchSize: 33,
  },
  adamW: { hidden: small, optimizer: AdamW({ weightDecay: 0.1, globalClipnorm: 1 }), batchSize: 50 },
  rmsprop: { hidden: small, optimizer: RMSprop({ centered: true, momentum: 0.5 }), batchSize: 50 },
  adagrad: { hidden: small, optimizer: Adagrad({ learningRate: 0.05, clipnorm: 1 }), batchSize: 50 },
  lion: { hidden: small, optimizer: Lion({ weightDecay: 0.01, clipvalue: 0.01 }), batchSize: 50 },
  images: {
    hidden: [
      Reshape([28, 28, 1]),
      Conv2D(4, 3, { strides: 2, padding: 'same', activation: 'relu', kernelRegularizer: { l2: 1e-4 } }),
      DepthwiseConv2D(3, { depthMultiplier: 2, useBias: false }),
      BatchNormalization({ momentum: 0.9 }),
      Activation('relu'),
      MaxPooling2D(2),
      Conv2D(9, [2, 3], { padding: 'same' }),
      LayerNormalization(),
      Activation('gelu'),
      AveragePooling2D(2, { strides: 1, padding: 'same' }),
      Dropout(0.2),
      GlobalAveragePooling2D(),
      BatchNormalization({ scale: false }),
    ],
    optimizer: Adam({ learningRate: 0.005, weightDecay: 0.01 }),
    batchSize: 32,
  },
  pooledImages: {
    hidden: [
      Reshape([28, 28, 1]),
      Conv2D(6, 5, { padding: 'same', activation: 'tanh' }),
      MaxPooling2D(2),
      Conv2D(16, 3, { activation: 'relu', useBias: false }),
      MaxPooling2D(2),
      Conv2D(10, 3, { padding: 'same' }),
      MaxPooling2D(2),
      Flatten(),
    ],
    optimizer: Adam({ learningRate: 0.005 }),
    batchSize: 32,
  },
} as const satisfies Record<string, Case>;

export type ShortRunName = keyof typeof SHORT_RUNS;

export interface ShortRunResult {
  readonly weightsHash: string;
  /** SHA-256 of the outputs for the first 500 images, float32, in the bytes of a little-endian machine. */
  readonly outputsHash: string;
  /** Losses of the epochs. */
  readonly loss: readonly number[];
}

/**
 * A training small enough for a test and large enough that one differing bit anywhere shows in the hashes. Runs in every
 * JavaScript engine. `images`: MNIST's first training images, 784 bytes each; `labels`: their classes.
 */
export async function shortRun(
  name: ShortRunName,
  images: Uint8Array,
  labels: Uint8Array,
  engine?: Engine,
): Promise<ShortRunResult> {
  const { hidden, optimizer, batchSize } = SHORT_RUNS[name];
  const layers = [
    Input([28, 28]),
    Rescaling(1 / 255),
    Flatten(),
    ...hidden,
    Dense(10, { activation: 'softmax' }),
  ];
  const model = new Sequential(layers, { seed: 1, ...(engine && { engine }) });
  try {
    model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    const tensor = (count: number) => ({ data: images.subarray(0, count * 784), shape: [count, 28, 28] });
    const { history } = await model.fit(
      tensor(SHORT_RUN_IMAGES),
      { data: labels.subarray(0, SHORT_RUN_IMAGES), shape: [SHORT_RUN_IMAGES] },
      { epochs: EPOCHS, batchSize, verbose: 0 },
    );
    const { data } = model.predict(tensor(500));
    const outputsHash = sha256Hex(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return { weightsHash: model.weightsHash(), outputsHash, loss: history.loss };
  } finally {
    model.dispose();
  }
}
