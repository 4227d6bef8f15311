import type { Drawing } from '../../src/data/unipen/drawnDigits.ts';
import { type PenStroke, rasterizeStrokes } from '../../src/images/rasterize.ts';
import { Dense, Flatten, Input, Rescaling } from '../../src/nn/layers.ts';
import { Sequential } from '../../src/nn/sequential.ts';
import { Random } from '../../src/util/random.ts';
import type { Tensor } from '../../src/util/tensor.ts';
import { barred, between, hookedOne, slanted, slashed } from './draw.ts';
import { type Digits, NO_DIGITS } from './noDigits.ts';
import { normalised } from '../../src/reading/normalise.ts';
import { averaged, cropped, enlarged, inkBox, inkOf, SIDE } from './picture.ts';
import { AMOUNTS, NONE, SEED } from './recipe.ts';
import { type Labelled, type Source, writtenExamples } from './written.ts';

const PIXELS = SIDE * SIDE;

export interface LabelledImages {
  readonly images: Tensor<Uint8Array>;
  readonly labels: Tensor<Uint8Array>;
}

export function stacked(images: readonly Uint8Array[], labels: ArrayLike<number>): LabelledImages {
  const data = new Uint8Array(images.length * PIXELS);
  images.forEach((image, i) => {
    data.set(image, i * PIXELS);
  });
  return {
    images: { data, shape: [images.length, SIDE, SIDE] },
    labels: { data: Uint8Array.from(labels), shape: [images.length] },
  };
}

/** The rows of MNIST's images. */
export function imagesOf({ data }: Tensor, rows: ArrayLike<number>): Uint8Array[] {
  return Array.from(rows, (row) => (data as Uint8Array).subarray(row * PIXELS, (row + 1) * PIXELS));
}

/**
 * MNIST's images, the drawings with several pens and slants, digits made of few pixels, what is no digit, and `written`: photographs and cuts of digits. Without drawings: those of
 * the first part of the training.
 */
export function trainingExamples(
  mnist: Source,
  drawings: readonly Drawing[],
  looksLikeDigit: Digits['looksLikeDigit'],
  written: readonly Labelled[] = [],
): LabelledImages {
  const images = [...mnist.images];
  const labels = Array.from(mnist.labels);
  const add = (image: Uint8Array | undefined, label: number): void => {
    if (!image) return;
    images.push(image);
    labels.push(label);
  };
  const part = drawings.length === 0 ? 0 : 1;
  const random = new Random(SEED, `reader/digits/${part}`);
  for (const { strokes, digit } of drawings) {
    add(rasterizeStrokes(strokes), digit);
    for (let k = 0; k < AMOUNTS.drawingsVaried; k++) add(drawn(strokes, random), digit);
    if (random.uniform() < AMOUNTS.coarseDrawings) add(coarse(drawn(strokes, random), random), digit);
  }
  if (part === 1)
    for (const [strokes, digit] of writtenOtherwise(drawings)) add(drawn(strokes, random), digit);
  for (let k = 0; k < AMOUNTS.coarseDigits[part]; k++) {
    const row = random.integer(mnist.images.length);
    add(coarse(mnist.images[row], random), mnist.labels[row]);
  }
  const digits = { images: mnist.images, drawings: drawings.map(({ strokes }) => strokes), looksLikeDigit };
  for (const { image } of noDigits(digits, `reader/none/${part}`, AMOUNTS.noDigitsShare[part]))
    add(image, NONE);
  for (const { image, label } of written) add(image, label);
  return stacked(images, labels);
}

/** Photographs of the drawings, and rows of them cut, each drawn with another pen. */
export function writtenDrawings(
  drawings: readonly Drawing[],
  looksLikeDigit: Digits['looksLikeDigit'],
): Labelled[] {
  const random = new Random(SEED, 'reader/written-drawings');
  const source = {
    images: drawings.map(({ strokes }) => drawn(strokes, random)),
    labels: drawings.map(({ digit }) => digit),
  };
  return writtenExamples(source, AMOUNTS.writtenDrawings, random, looksLikeDigit);
}

/** Digits as few of the writers write them. */
function writtenOtherwise(drawings: readonly Drawing[]): [PenStroke[], number][] {
  const random = new Random(SEED, 'reader/otherwise');
  const of = (digit: number, times: number): (readonly PenStroke[])[] =>
    drawings.flatMap((drawing) =>
      drawing.digit === digit ? new Array<Drawing['strokes']>(times).fill(drawing.strokes) : [],
    );
  return [
    ...of(0, AMOUNTS.slashedZeros).map((strokes): [PenStroke[], number] => [slashed(strokes, random), 0]),
    ...of(7, AMOUNTS.barredSevens).map((strokes): [PenStroke[], number] => [barred(strokes, random), 7]),
    ...Array.from({ length: AMOUNTS.hookedOnes }, (): [PenStroke[], number] => [hookedOne(random), 1]),
  ];
}

export type NoDigitKind = keyof typeof AMOUNTS.noDigits;

/** `share` of the amounts of each kind; of drawings where there are some. */
export function noDigits(
  digits: Digits,
  purpose: string,
  share: number,
): { kind: NoDigitKind; image: Uint8Array }[] {
  const kinds = Object.keys(AMOUNTS.noDigits) as NoDigitKind[];
  return kinds.flatMap((kind) => {
    if (digits.drawings.length === 0 && kind.startsWith('drawn')) return [];
    const random = new Random(SEED, `${purpose}/${kind}`);
    return Array.from({ length: Math.round(share * AMOUNTS.noDigits[kind]) }).flatMap(() => {
      const image = NO_DIGITS[kind](random, digits);
      return image ? [{ kind, image }] : [];
    });
  });
}

function drawn(strokes: readonly PenStroke[], random: Random): Uint8Array {
  return rasterizeStrokes(slanted(strokes, random), between(random, 1.4, 4.2));
}

/** As a picture of 6 to 12 pixels shows it. */
function coarse(image: Uint8Array, random: Random): Uint8Array | undefined {
  const box = inkBox(inkOf(image));
  if (!box) return undefined;
  const share = (6 + random.integer(7)) / Math.max(box.width, box.height);
  const small = averaged(
    cropped(inkOf(image), box),
    Math.max(1, Math.round(share * box.height)),
    Math.max(1, Math.round(share * box.width)),
  );
  return normalised(enlarged(small, 4));
}

/** A small network of MNIST's digits alone tells which pieces of digits may be digits: what it reads with .8 and more. */
export async function digitsAlone({ images, labels }: LabelledImages): Promise<Digits['looksLikeDigit']> {
  const model = new Sequential(
    [
      ...[Input([SIDE, SIDE]), Rescaling(1 / 255), Flatten()],
      ...[Dense(64, { activation: 'relu' }), Dense(10, { activation: 'softmax' })],
    ],
    { seed: SEED },
  );
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  await model.fit(images, labels, { epochs: 5, verbose: 0 });
  return (image) => Math.max(...model.predict({ data: image, shape: [1, SIDE, SIDE] }).data) >= 0.8;
}
