import { METHODS, methodsFor } from '../../analysis/explanations/methods.ts';
import type { Extents } from '../../reading/classOf.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { signedPng } from '../../report/evaluation/explanations/signedPng.ts';
import { base64Png } from '../../report/reading/pictures.ts';
import { toBase64 } from '../../util/base64.ts';
import { DactylError } from '../../util/errors.ts';
import type { ExplainAnswer, ExplanationMap, ExplainTask } from './task.ts';

/** Of integrated gradients; doubled until a map adds up to what it should within 1 %. */
const STEPS = 50;
const TOLERANCE = 0.01;

/** One image that a network answered, to be explained. */
interface Answered {
  readonly image: Uint8Array;
  readonly probabilities: Float64Array;
  readonly extents: Extents;
  /** Of the outputs. */
  readonly names: readonly string[];
}

/**
 * What speaks for one class, for another, and for the one rather than the other, pixel by pixel, in the scores before softmax. Throws E_ARGUMENT for a method that cannot explain the
 * network, E_LABEL for an output that it has not.
 */
export function explained(task: ExplainTask, model: Sequential, answered: Answered): ExplainAnswer {
  const { method } = task;
  const { image, probabilities, extents } = answered;
  const { leftOut } = methodsFor(model);
  const reason = leftOut.find((one) => one.method === method)?.reason;
  if (reason !== undefined) {
    throw new DactylError(
      'E_ARGUMENT',
      `${method} cannot explain this network: ${reason}. Take another method.`,
    );
  }
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  const output = task.output ?? order.find((k) => k !== task.against)!;
  const against = task.against ?? order.find((k) => k !== output)!;
  for (const label of [output, against]) {
    if (label < model.outputs) continue;
    const name = answered.names[label] ?? String(label);
    throw new DactylError('E_LABEL', `Expected a class of this model, received ${name}, which it has not.`);
  }
  if (output === against) {
    throw new DactylError('E_ARGUMENT', 'Expected two different classes, received one and the same.');
  }
  const [rows, columns, channels] = extents;
  const shape = channels === 1 ? [rows, columns] : [rows, columns, channels];
  const tensor = { data: image, shape: [1, ...shape] };
  const settings = { mean: new Float32Array(image.length), steps: STEPS, tolerance: TOLERANCE, seed: 0 };
  const mapOf = (classes: number[], others?: number[]): Float32Array =>
    METHODS[method](model, tensor, others ? { classes, against: others } : { classes }, settings);
  const logits = model.withRows(tensor, (input) => model.network.logitsOf(input));
  const toMap = (values: Float32Array): ExplanationMap => ({
    values: Array.from(values),
    png: toBase64(signedPng([values], extents)),
  });
  return {
    kind: 'explanation',
    rows: { images: image, probabilities, count: 1 },
    shape,
    image: base64Png({ data: image, rows, columns, channels }),
    output,
    against,
    scores: [logits[output], logits[against]],
    maps: {
      output: toMap(mapOf([output])),
      against: toMap(mapOf([against])),
      contrast: toMap(mapOf([output], [against])),
    },
  };
}
