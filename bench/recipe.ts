/** What is trained, by us and by the peers. */
export interface Case {
  readonly name: string;
  /** Below the dense layers, each with the activation and a pooling of 2 × 2. */
  readonly convolutions?: readonly {
    readonly filters: number;
    readonly size: number;
    readonly padding: 'valid' | 'same';
    readonly pooling: 'max' | 'average';
  }[];
  /** Right below the last layer. */
  readonly dropout?: number;
  readonly units: readonly number[];
  readonly activation: string;
  readonly batch: number;
  /** Bytes, floats of 0 to 1, or floats of 0.1 to 1, of which none is zero. */
  readonly inputs: 'bytes' | 'float' | 'dense';
  /** Training images of an epoch. */
  readonly images: number;
  /** Of the first weights and the shuffling. Default 1 (of the peers: 0). */
  readonly seed?: number;
}

/** The paper's network and recipe. */
export const PAPER: Case = {
  name: 'the paper: 784-128-64-32-10, ReLU, batch 32, bytes',
  units: [128, 64, 32],
  activation: 'relu',
  batch: 32,
  inputs: 'bytes',
  images: 60_000,
};

/** The cases that are not the showpiece. */
export const CASES: readonly Case[] = [
  { ...PAPER, name: 'Tanh', activation: 'tanh' },
  { ...PAPER, name: 'GELU', activation: 'gelu' },
  { ...PAPER, name: 'widths 100-50', units: [100, 50] },
  { ...PAPER, name: 'batch 1', batch: 1, images: 6_000 },
  { ...PAPER, name: 'batch 7', batch: 7, images: 15_000 },
  { ...PAPER, name: 'batch 256', batch: 256 },
  { ...PAPER, name: 'float input', inputs: 'float' },
  { ...PAPER, name: 'float input without zeros', inputs: 'dense' },
  { ...PAPER, name: 'the same, batch 256', inputs: 'dense', batch: 256 },
];

const LENET: Case = {
  ...PAPER,
  name: 'LeNet-5, ReLU, max pooling, batch 32',
  convolutions: [
    { filters: 6, size: 5, padding: 'same', pooling: 'max' },
    { filters: 16, size: 5, padding: 'valid', pooling: 'max' },
  ],
  units: [120, 84],
};

/** Networks of images. */
export const CONVOLUTIONS: readonly Case[] = [
  LENET,
  { ...LENET, name: 'the same, Tanh', activation: 'tanh' },
  {
    ...LENET,
    name: 'the same, Tanh, average pooling',
    activation: 'tanh',
    convolutions: LENET.convolutions!.map((each) => ({ ...each, pooling: 'average' })),
  },
  {
    ...PAPER,
    name: "Keras' example for MNIST, batch 128",
    convolutions: [32, 64].map((filters) => ({ filters, size: 3, padding: 'valid', pooling: 'max' })),
    dropout: 0.5,
    units: [],
    batch: 128,
  },
];

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
