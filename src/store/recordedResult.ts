import { join } from 'node:path';
import { accuracyOf, confusionMatrix } from '../analysis/confusion.ts';
import { mostProbable } from '../analysis/mostProbable.ts';
import { stratifiedFolds } from '../data/splits/folds.ts';
import { mnistStrata } from '../data/mnist/known.ts';
import { isMnist } from '../data/identity.ts';
import { readIdxLabels } from '../data/readers/idx.ts';
import { verifyChecksum } from '../data/mnist/mnist.ts';
import { MNIST_FILES, type MnistFile } from '../data/mnist/mnistFiles.ts';
import type { TrialResult } from '../study/results.ts';
import type { TrialConfiguration } from '../study/trialConfiguration.ts';
import { DactylError } from '../util/errors.ts';
import type { Tensor } from '../util/tensor.ts';
import { mnistFolder } from './mnist.ts';
import { readFile } from './readFile.ts';
import { sha256 } from './sha256.ts';

/** Of float32 probabilities against the loss in float64 that was taken from the outputs before them. */
const LOSS_TOLERANCE = 1e-6;

/**
 * Whether a record's result belongs to its predictions, for records that do not cover it with a hash: the confusion matrix, accuracy and loss
 * of these answers. Undefined where it does, else what does not. Of folds by writers, whose images it cannot name, only
 * how often each class is predicted.
 */
export function resultDoubt(
  configuration: TrialConfiguration,
  { confusionMatrix: matrix, testAccuracy, testLoss }: TrialResult,
  probabilities: Tensor<Float32Array>,
): string | undefined {
  const predicted = mostProbable(probabilities);
  if (testAccuracy !== accuracyOf(matrix)) return 'testAccuracy is not that of its confusion matrix';
  const labels = keptOutLabels(configuration);
  if (labels === undefined) {
    const counts = matrix.map((_, p) => matrix.reduce((sum, row) => sum + row[p], 0));
    const told = counts.map((_, p) => predicted.filter((one) => one === p).length);
    return told.join() === counts.join() ? undefined : 'confusionMatrix is not that of its predictions';
  }
  if (labels.length !== predicted.length) return 'its predictions are of other images';
  const own = confusionMatrix(labels, predicted);
  if (JSON.stringify(own) !== JSON.stringify(matrix)) return 'confusionMatrix is not that of its predictions';
  const loss = meanLoss(probabilities.data, labels);
  const wrong = Math.abs(loss - testLoss) > LOSS_TOLERANCE * loss;
  return Number.isFinite(loss) && wrong ? 'testLoss is not that of its predictions' : undefined;
}

/** Mean cross-entropy in nats; infinite where a probability is below what float32 holds. */
function meanLoss(probabilities: Float32Array, labels: Uint8Array): number {
  const classes = probabilities.length / labels.length;
  let sum = 0;
  labels.forEach((label, k) => {
    sum -= Math.log(probabilities[classes * k + label]);
  });
  return sum / labels.length;
}

/** The labels of the images that a trial was tested on; undefined where they are not known here. */
function keptOutLabels({ data, split }: TrialConfiguration): Uint8Array | undefined {
  if (!isMnist(data)) return undefined;
  if (split.kind !== 'fold') return labelsOf('testLabels');
  const labels = labelsOf('trainLabels');
  if (split.groups === 'writers' || labels === undefined) return undefined;
  const { folds, repeat, fold } = split;
  return Uint8Array.from(foldsOf(labels, folds, repeat)[fold], (row) => labels[row]);
}

const knownLabels = new Map<string, Uint8Array | undefined>();
const knownFolds = new Map<string, Uint32Array[]>();

function foldsOf(labels: Uint8Array, folds: number, repeat: number): Uint32Array[] {
  const key = `${folds}/${repeat}`;
  const rows = knownFolds.get(key) ?? stratifiedFolds(labels, folds, repeat, mnistStrata('train'));
  knownFolds.set(key, rows);
  return rows;
}

function labelsOf(part: 'testLabels' | 'trainLabels'): Uint8Array | undefined {
  if (!knownLabels.has(part)) knownLabels.set(part, readLabels(MNIST_FILES[part]));
  return knownLabels.get(part);
}

/** Where MNIST is not at hand, less is checked. */
function readLabels(file: MnistFile): Uint8Array | undefined {
  try {
    const bytes = readFile(join(mnistFolder(), file.file));
    verifyChecksum(bytes, file, sha256);
    return readIdxLabels(bytes, file.file).data;
  } catch (error) {
    if (error instanceof DactylError) return undefined;
    throw error;
  }
}
