import { type Static, Type } from 'typebox';
import type { DataSet } from '../data/dataSet.ts';
import { MNIST_FORM } from '../data/dataSet.ts';
import { holdoutSize } from '../data/splits/holdout.ts';
import { MNIST_IDENTITY, numberNames } from '../data/identity.ts';

const closed = { additionalProperties: false } as const;
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in hexadecimal' });

/** What results say of the data set that they are of. */
export const DataAbout = Type.Object(
  {
    name: Type.String(),
    identity: Type.Array(Hash, {
      description:
        'SHA-256 of training images, training labels, test images and test labels, each as an IDX file; of the names of the classes where they are no digits',
    }),
    shape: Type.Array(Type.Integer({ minimum: 1 }), {
      minItems: 2,
      maxItems: 3,
      description: 'of one image: rows, columns, and channels where it is not grey',
    }),
    classes: Type.Array(Type.String(), { minItems: 2, maxItems: 256, description: 'their names, by label' }),
    images: Type.Optional(
      Type.Object(
        { train: Type.Integer({ minimum: 1 }), test: Type.Integer({ minimum: 1 }) },
        { ...closed, description: 'how many; absent from results of before that do not say' },
      ),
    ),
  },
  { ...closed, description: 'the images and labels that were used' },
);
export type DataAbout = Static<typeof DataAbout>;

export const MNIST_DATA: DataAbout = {
  name: 'MNIST',
  identity: [...MNIST_IDENTITY],
  shape: [...MNIST_FORM.shape],
  classes: numberNames(MNIST_FORM.classes),
  images: { train: 60_000, test: 10_000 },
};

/** How many training images a hold-out keeps out; null where results of before do not say how many there were. */
export function heldOutImages({ images }: Pick<DataAbout, 'images'>): number | null {
  return images ? holdoutSize(images.train) : null;
}

export function aboutData({ name, identity, shape, classes, train, test }: DataSet): DataAbout {
  return {
    name,
    identity: [...identity],
    shape: [...shape],
    classes: [...classes],
    images: { train: train.labels.length, test: test.labels.length },
  };
}
