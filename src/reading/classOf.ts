import { coloured, grey } from '../data/readers/pictures/picture.ts';
import { borderMean, scaledTo, type Picture } from '../images/scale.ts';
import type { Sequential } from '../nn/sequential.ts';
import { DactylError } from '../util/errors.ts';
import { formatShape, sizeOf } from '../util/tensor.ts';

/** A classifier of whole pictures. */
export interface Classifier {
  readonly name: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  /** [rows, columns], [rows, columns, 1] or [rows, columns, 3] bytes to a softmax over the classes. */
  readonly model: Sequential;
  /** Of an image, where the model takes its values in one row. */
  readonly extents: Extents;
  /** Names, by label. */
  readonly classes: readonly string[];
}

export type Extents = readonly [rows: number, columns: number, channels: 1 | 3];

export interface ClassReading {
  readonly label: number;
  readonly second: number;
  /** By label: the network's softmax, not calibrated. */
  readonly probabilities: Float64Array;
  /** Probability of `label`. */
  readonly confidence: number;
  /** Why the answer is doubtful; absent where it is not. */
  readonly notSure?: string;
  /** What the network saw, channels last. */
  readonly image: Uint8Array;
}

/**
 * The class of a picture as a whole: scaled to the network's input with its form kept; in grey, for a network of one channel, and turned to light on dark where the outermost pixels are
 * light, as images for training are.
 */
export function classOf(picture: Picture, { model, extents, classes }: Classifier): ClassReading {
  const [rows, columns, channels] = extents;
  const scaled = scaledTo(channels === 1 ? upright(grey(picture)) : coloured(picture), rows, columns);
  const { data } = model.predict({ data: scaled, shape: [1, ...model.inputShape] });
  const probabilities = Float64Array.from(data);
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  const [label, second] = order;
  const confidence = probabilities[label];
  const notSure = classDoubt(confidence, classes[second]);
  return {
    label,
    second,
    probabilities,
    confidence,
    ...(notSure !== undefined && { notSure }),
    image: scaled,
  };
}

/** Why an answer is doubtful of which nothing is known but its probability: without half of it. */
export function classDoubt(confidence: number, next: string): string | undefined {
  return confidence > 0.5 ? undefined : `no class has more than half of the probability; ${next} is next`;
}

/** Light on dark. */
function upright(picture: Picture): Picture {
  return borderMean(picture) > 127.5
    ? { ...picture, data: picture.data.map((value) => 255 - value) }
    : picture;
}

/** How a network takes an image, by its input or, where that is one row, by `shape`, else as a square of grey. Throws E_SHAPE, with `file`, for a network that takes no image or is no classifier. */
export function extentsOf(model: Sequential, file: string, shape?: readonly number[]): Extents {
  const refuse = (expected: string, received: string): never => {
    throw new DactylError('E_SHAPE', `${file}: expected ${expected}, received ${received}.`);
  };
  const { activation } = model.layers.at(-1) as { activation?: unknown };
  if (activation !== 'softmax' || model.outputShape.length !== 1) {
    return refuse(
      'a classifier, with a softmax at its end',
      `a network that answers with ${formatShape(model.outputShape)}${typeof activation === 'string' ? ` ${activation}` : ''} outputs`,
    );
  }
  const given = model.inputShape.length === 1 ? (shape ?? squareOf(model.inputShape[0])) : model.inputShape;
  const [rows, columns, channels = 1] = given;
  if (
    given.length < 2 ||
    given.length > 3 ||
    sizeOf(given) !== sizeOf(model.inputShape) ||
    (channels !== 1 && channels !== 3)
  ) {
    return refuse(
      'a network of images in one channel or three',
      `one that takes ${formatShape(model.inputShape)}`,
    );
  }
  return [rows, columns, channels];
}

function squareOf(values: number): number[] {
  const side = Math.floor(Math.sqrt(values) + 0.5);
  return side * side === values ? [side, side] : [values];
}
