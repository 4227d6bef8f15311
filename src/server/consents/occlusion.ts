import { signedPng } from '../../report/evaluation/explanations/signedPng.ts';
import { DactylError } from '../../util/errors.ts';
import { sizeOf } from '../../util/tensor.ts';
import type { ServedModel } from '../models/model.ts';
import type { Models } from '../models/models.ts';
import type { Item } from './items.ts';

/** Pixels of a square's side, and from one square to the next. */
const SIDE = 4;
const STEP = 2;

/** Why a network answered as it did, for whoever wrote the image (GDPR, Art. 15(1)(h)). */
export interface Occlusion {
  readonly method: 'occlusion';
  readonly says: string;
  readonly label: string;
  /** [rows][columns]: by how much the probability of the label falls, on average, where a square over the pixel is blanked. */
  readonly falls: number[][];
  /** The same as a picture: blue where the ink speaks for the label, orange where it speaks against it. */
  readonly png: Uint8Array;
}

/**
 * Squares of 4 × 4 pixels, two pixels apart, are blanked one by one; how far the calibrated probability of the answer falls is what they were worth (Zeiler and Fergus 2014). Undefined where
 * the model that answered is not served any more, and for what is no image.
 */
export async function occlusionOf(
  models: Pick<Models, 'find' | 'predict'>,
  { image, shape, answer }: Item,
): Promise<Occlusion | undefined> {
  const [rows, columns, channels = 1] = shape;
  const model = served(models, answer.model, answer.version);
  if (
    model === undefined ||
    shape.length < 2 ||
    rows < SIDE ||
    columns < SIDE ||
    model.size !== sizeOf(shape)
  ) {
    return undefined;
  }
  const corners: (readonly [row: number, column: number])[] = [];
  for (let row = 0; row + SIDE <= rows; row += STEP) {
    for (let column = 0; column + SIDE <= columns; column += STEP) corners.push([row, column]);
  }
  const values = new Uint8Array((corners.length + 1) * image.length);
  values.set(image);
  corners.forEach(([row, column], k) => {
    const at = (k + 1) * image.length;
    values.set(image, at);
    for (let r = row; r < row + SIDE; r++) {
      const from = at + (r * columns + column) * channels;
      values.fill(0, from, from + SIDE * channels);
    }
  });
  const answers = await models.predict(model, values, corners.length + 1);
  const label = model.classes.indexOf(answer.label);
  const whole = answers.probability(0, label);
  const sums = new Float32Array(rows * columns);
  const covered = new Uint16Array(rows * columns);
  corners.forEach(([row, column], k) => {
    const fall = whole - answers.probability(k + 1, label);
    for (let r = row; r < row + SIDE; r++) {
      for (let c = column; c < column + SIDE; c++) {
        sums[r * columns + c] += fall;
        covered[r * columns + c]++;
      }
    }
  });
  const map = sums.map((sum, p) => sum / Math.max(1, covered[p]));
  return {
    method: 'occlusion',
    says: `By how much the probability of ${answer.label} falls where a square of ${SIDE} × ${SIDE} pixels over the place is blanked: what is high spoke for the answer, what is below 0 against it. In the picture blue and orange.`,
    label: answer.label,
    falls: Array.from({ length: rows }, (_, r) =>
      Array.from(map.subarray(r * columns, (r + 1) * columns), (fall) => Math.round(fall * 1e4) / 1e4),
    ),
    png: signedPng([map], [rows, columns, 1]),
  };
}

function served(models: Pick<Models, 'find'>, name: string, version: string): ServedModel | undefined {
  try {
    return models.find(name, version);
  } catch (error) {
    if (error instanceof DactylError && error.code === 'E_NOT_FOUND') return undefined;
    throw error;
  }
}
