import { stratifiedHoldout } from '../../src/data/splits/holdout.ts';
import type { Drawing } from '../../src/data/unipen/drawnDigits.ts';
import { rasterizeStrokes } from '../../src/images/rasterize.ts';
import { Adam } from '../../src/nn/optimizers.ts';
import { Sequential } from '../../src/nn/sequential.ts';
import { loadMnist } from '../../src/store/mnist.ts';
import { loadUnipenDrawings } from '../../src/store/unipen.ts';
import { Random } from '../../src/util/random.ts';
import {
  digitsAlone,
  imagesOf,
  type LabelledImages,
  noDigits,
  type NoDigitKind,
  stacked,
  trainingExamples,
  writtenDrawings,
} from './examples.ts';
import { foldsOfWriters } from './folds.ts';
import type { Digits } from './noDigits.ts';
import { AMOUNTS, BASE, CLASSES, COMMON, FIT, FOLDS, KEPT_OUT, NONE, readerLayers, SEED } from './recipe.ts';
import { SIDE } from './picture.ts';
import { type Labelled, writtenExamples } from './written.ts';

/** A fold, whose writers' drawings are kept out of training with some of MNIST's images; or all, of which nothing is. */
export type Part = number | 'all';

/** A piece that the base reads as a digit with this probability may be one. */
const CLEAR = 0.9;
/** A drawing that the base reads as 1 with this probability is an upright stroke. */
const UPRIGHT = 0.99;

export interface Material {
  readonly mnist: ReturnType<typeof loadMnist>;
  readonly drawings: readonly Drawing[];
  /** [drawings] */
  readonly folds: Uint8Array;
  /** Rows of MNIST's training images, trained on in every fold and in none. */
  readonly rest: Uint32Array;
  readonly keptOut: Uint32Array;
}

export function material(): Material {
  const mnist = loadMnist();
  const drawings = loadUnipenDrawings();
  const { rest, holdout } = stratifiedHoldout(
    mnist.train.labels,
    KEPT_OUT,
    new Random(SEED, 'reader/kept-out'),
  );
  const folds = foldsOfWriters(drawings.map(({ writer }) => writer));
  return { mnist, drawings, folds, rest, keptOut: holdout };
}

/** The digits whose pieces and pairs are no digits: of what a fold is trained on, or of what it is not. */
async function screened({ mnist: { train }, rest }: Material): Promise<Digits['looksLikeDigit']> {
  const labels = Array.from(rest, (row) => train.labels[row]);
  return digitsAlone(stacked(imagesOf(train.images, rest), labels));
}

/** What all networks begin with: MNIST's images that are not kept out, and what is no digit; no drawing. */
export async function trainBase(of: Material): Promise<Sequential> {
  const examples = trainingExamples(mnistOf(of, of.rest), [], await screened(of));
  return trained(examples, BASE);
}

/** From the base on, without the part: drawings, and MNIST's images again, of all also those that the base has not seen. */
export async function trainReader(of: Material, part: Part, base: Sequential): Promise<Sequential> {
  const { drawings, folds, rest, keptOut } = of;
  const first = part === 'all' ? keptOut : new Uint32Array(0);
  const order = new Random(SEED, 'reader/again').shuffle(rest.slice());
  const rows = Uint32Array.from([...first, ...order.subarray(0, AMOUNTS.digits - first.length)]);
  const known = drawings.filter((_, i) => folds[i] !== part);
  const looksLikeDigit = (image: Uint8Array): boolean =>
    Math.max(...base.predict({ data: image, shape: [1, SIDE, SIDE] }).data.subarray(0, NONE)) >= CLEAR;
  const written = [...writtenMnist(of, looksLikeDigit), ...writtenDrawings(known, looksLikeDigit)];
  const examples = trainingExamples(mnistOf(of, rows), known, await screened(of), written);
  return trained(examples, FIT, base);
}

/** 1 where a drawing of another digit is an upright stroke, by the base, which has seen no drawing: the collectors cut the rest off. */
export function cutOff(drawings: readonly Drawing[], base: Sequential): Uint8Array {
  const images = stacked(
    drawings.map(({ strokes }) => rasterizeStrokes(strokes)),
    drawings.map(({ digit }) => digit),
  );
  const { data } = base.predict(images.images);
  return Uint8Array.from(drawings, ({ digit }, i) =>
    digit !== 1 && data[i * CLASSES + 1] >= UPRIGHT ? 1 : 0,
  );
}

/** The same for all folds. */
function writtenMnist(of: Material, looksLikeDigit: (image: Uint8Array) => boolean): Labelled[] {
  const random = new Random(SEED, 'reader/written');
  return (written ??= writtenExamples(mnistOf(of, of.rest), AMOUNTS.written, random, looksLikeDigit));
}

let written: Labelled[] | undefined;

function mnistOf({ mnist: { train } }: Material, rows: Uint32Array) {
  return { images: imagesOf(train.images, rows), labels: Array.from(rows, (row) => train.labels[row]) };
}

/** For inference alone. */
async function trained(
  { images, labels }: LabelledImages,
  { epochs, learningRate }: { readonly epochs: number; readonly learningRate: number },
  base?: Sequential,
): Promise<Sequential> {
  console.log(`${labels.shape[0]} examples`);
  const model = new Sequential(readerLayers({ training: true }), { seed: SEED });
  if (base) model.setWeights(base.getWeights());
  model.compile({
    optimizer: Adam({ learningRate }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await model.fit(images, labels, { ...COMMON, epochs, verbose: 1 });
  const reader = new Sequential(readerLayers({ training: false }), { seed: SEED });
  reader.setWeights(model.getWeights());
  model.dispose();
  return reader;
}

/** What a fold's network has not seen: the drawings of its writers, MNIST's images kept out, and no digits made of both. */
export async function unseen(
  of: Material,
  fold: number,
): Promise<{
  readonly rows: Uint32Array;
  readonly drawn: LabelledImages;
  readonly digits: LabelledImages;
  readonly none: { readonly kind: NoDigitKind; readonly image: Uint8Array }[];
}> {
  const { mnist, drawings, folds, keptOut } = of;
  const rows = Uint32Array.from(Array.from(folds.keys()).filter((i) => folds[i] === fold));
  const own = Array.from(rows, (row) => drawings[row]);
  const images = imagesOf(mnist.train.images, keptOut);
  const digits = { images, drawings: own.map(({ strokes }) => strokes), looksLikeDigit: await screened(of) };
  return {
    rows,
    drawn: stacked(
      own.map(({ strokes }) => rasterizeStrokes(strokes)),
      own.map(({ digit }) => digit),
    ),
    digits: stacked(
      images,
      Array.from(keptOut, (row) => mnist.train.labels[row]),
    ),
    none: noDigits(digits, `reader/none-unseen/${fold % FOLDS}`, 0.1),
  };
}
