import { heldOutHalves } from '../../analysis/drift/heldOut.ts';
import { driftObservations, type DriftObservations, STATISTICS } from '../../analysis/drift/observations.ts';
import { LEAST_REFERENCE } from '../../analysis/drift/profile.ts';
import { DRIFT_RULE } from '../../analysis/drift/rule.ts';
import { grouped } from '../../study/wording.ts';

/** Answers of a model to half of its held-out images. */
export interface HeldOutReference {
  /** Such as '10,000 test images of MNIST'. */
  readonly on: string;
  readonly observations: DriftObservations;
  /** [n], 1 where the most probable class is the label. */
  readonly right: Uint8Array;
}

/** What a model answered to held-out images, with their labels. */
export interface HeldOutAnswers {
  readonly on: string;
  readonly images: Uint8Array;
  /** Of one image. */
  readonly shape: readonly number[];
  readonly labels: Uint8Array;
  /** [n][classes]. */
  readonly probabilities: Float64Array;
  /** [n]. */
  readonly none: Float64Array;
}

/** What the log says of a model without a reference. */
export const OWN_TRAFFIC = `The first ${grouped(DRIFT_RULE.windows[1])} images that it is shown become the reference instead`;

const AT_A_TIME = 100;

/**
 * Some milliseconds at a time, since requests are answered meanwhile. Undefined for what is no image, and where half of the images are too few for a profile, which `few` is told: drift is measured against the model's own traffic then.
 */
export async function heldOutReference(
  answers: HeldOutAnswers,
  few: (line: string) => void,
): Promise<HeldOutReference | undefined> {
  const { on, images, shape, labels, probabilities, none } = answers;
  if (shape.length < 2 || shape.length > 3) return undefined;
  const size = images.length / labels.length;
  const classes = probabilities.length / labels.length;
  const { reference } = heldOutHalves(labels.length);
  if (reference.length < LEAST_REFERENCE) {
    few(
      `drift cannot be measured against ${on}: expected at least ${2 * LEAST_REFERENCE} held-out images, half of which are the reference, received ${labels.length}. ${OWN_TRAFFIC}`,
    );
    return undefined;
  }
  const statistics = new Float64Array(reference.length * STATISTICS.length);
  const answered = new Uint16Array(reference.length);
  const right = new Uint8Array(reference.length);
  for (let from = 0; from < reference.length; from += AT_A_TIME) {
    const some = reference.subarray(from, from + AT_A_TIME);
    const pixels = new Uint8Array(some.length * size);
    const rows = new Float64Array(some.length * classes);
    some.forEach((index, i) => {
      const row = probabilities.subarray(index * classes, (index + 1) * classes);
      pixels.set(images.subarray(index * size, (index + 1) * size), i * size);
      rows.set(row, i * classes);
      right[from + i] = Number(row.indexOf(Math.max(...row)) === labels[index]);
    });
    const own = { probabilities: rows, none: Float64Array.from(some, (index) => none[index]), classes };
    const part = driftObservations(pixels, shape, own);
    statistics.set(part.statistics, from * STATISTICS.length);
    answered.set(part.answers, from);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { on, observations: { statistics, answers: answered }, right };
}
