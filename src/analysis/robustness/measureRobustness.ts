import { CORRUPTIONS, SWEEPS } from '../../images/corruptions/all.ts';
import type { Corruption } from '../../images/corruptions/corruption.ts';
import { corruptImages } from '../../images/corruptions/corruptImages.ts';
import { DactylError } from '../../util/errors.ts';
import { Random } from '../../util/random.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkStopped, nameOf, type EvaluationData, type Subject, type Work } from '../subject.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import { imageExtents, isLikeMnist } from '../evaluation/known.ts';
import { sizeOf } from '../../util/tensor.ts';
import { readAnswers, type Answers } from './answers.ts';
import { summariseArms } from './arms.ts';
import { GalleryKeeper } from './gallery.ts';
import { referenceErrors } from './reference.ts';
import type { AppliedCorruption, AppliedSweep, Robustness } from './result.ts';

export interface RobustnessOptions {
  /** 1,000 images where `images` says nothing else. */
  readonly quick?: boolean;
  /** How many test images, drawn by `seed`: all where nothing is said for one or two networks, else 2,000. */
  readonly images?: number;
  /** Of the corruptions and of the choice of images; 0 where nothing is said. */
  readonly seed?: number;
}

const QUICK_IMAGES = 1_000;
const IMAGES_OF_MANY = 5_000;
/** Networks that are shown all images. */
const FEW = 2;

/**
 * How many test images each network reads right under the 15 MNIST-C-style corruptions at each level, and under noise and covering from
 * little to much. Every corrupted set is made once and shown to all networks. Throws E_ARGUMENT without a network or an
 * image, E_SHAPE for what is no image or networks without an output for each class, E_ABORTED.
 */
export async function measureRobustness(
  subjects: readonly Subject[],
  data: Omit<EvaluationData, 'train'>,
  options: RobustnessOptions = {},
  work: Work = {},
): Promise<Robustness> {
  requireItems('measureRobustness: subjects', ['model', 'arm', 'activation', 'seed', 'hash'], subjects);
  requireFields('measureRobustness: data', ['test'], data);
  checkOptions('measureRobustness', ['quick', 'images', 'seed'], options);
  checkOptions('measureRobustness: work', ['signal', 'onProgress'], work);
  const { quick = false, images, seed = 0 } = options;
  const available = data.test.labels.length;
  checkInput(subjects, data);
  const wanted = images ?? (quick ? QUICK_IMAGES : subjects.length > FEW ? IMAGES_OF_MANY : available);
  const indices = chooseImages(available, wanted, seed);
  const labels = indices.map((index) => data.test.labels[index]);
  const tallies = subjects.map(() => ({
    clean: 0,
    correct: CORRUPTIONS.map((): number[] => []),
    swept: SWEEPS.map((): number[] => []),
    suite: new Uint8Array(indices.length),
  }));
  const shape = data.test.images.shape.slice(1);
  const size = sizeOf(shape);
  const corruptions = CORRUPTIONS.map((one) => one.at(shape));
  const sweeps = SWEEPS.map((one) => one.at(shape));
  const gallery = new GalleryKeeper(subjects, shape);
  const sets = 1 + [...CORRUPTIONS, ...SWEEPS].reduce((sum, { settings }) => sum + settings.length, 0);
  const steps = sets * (1 + subjects.length);
  let done = 0;
  const step = () => {
    checkStopped(work);
    work.onProgress?.(++done / steps);
  };

  const show = async (pixels: Uint8Array, tally: (subject: number, answers: Answers) => void) => {
    step();
    for (const [s, { model }] of subjects.entries()) {
      tally(s, readAnswers(model, { data: pixels, shape }, labels));
      step();
    }
    await yieldToEvents();
  };
  const corrupted = (corruption: Corruption, level: number) =>
    corruptImages(data.test.images.data, corruption, { level, seed, indices });

  const clean = pick(data.test.images.data, indices, size);
  await show(clean, (s, answers) => {
    tallies[s].clean = answers.correct;
    gallery.choose(subjects[s], answers);
  });
  gallery.add(null, clean);
  for (const [c, corruption] of corruptions.entries()) {
    for (let level = 0; level < corruption.settings.length; level++) {
      const pixels = corrupted(corruption, level);
      const isPublished = level === corruption.published;
      await show(pixels, (s, answers) => {
        tallies[s].correct[c].push(answers.correct);
        if (isPublished) answers.isRight.forEach((right, i) => (tallies[s].suite[i] += right));
      });
      if (isPublished) gallery.add(corruption.name, pixels);
    }
  }
  for (const [w, sweep] of sweeps.entries()) {
    for (let level = 0; level < sweep.settings.length; level++)
      await show(corrupted(sweep, level), (s, { correct }) => tallies[s].swept[w].push(correct));
  }

  const counts = {
    seed,
    images: indices.length,
    available,
    quick,
    corruptions: corruptions.map(appliedCorruption),
    sweeps: sweeps.map(({ amounts, axis, ...sweep }): AppliedSweep => ({
      ...described(sweep),
      amounts,
      axis,
    })),
    subjects: subjects.map((subject, s) => {
      const { clean: cleanRight, correct, swept, suite } = tallies[s];
      const suiteSquares = suite.reduce((sum, k) => sum + k * k, 0);
      return { ...nameOf(subject), clean: cleanRight, correct, swept, suiteSquares };
    }),
  };
  const reference = referenceErrors(counts, { replicated: isLikeMnist(data) });
  return {
    ...counts,
    reference,
    arms: summariseArms(counts, reference),
    gallery: gallery.finish(indices, labels),
  };
}

function described({ name, label, kind, meaning, settings }: Corruption) {
  return { name, label, kind, meaning, settings };
}

function appliedCorruption(corruption: Corruption): AppliedCorruption {
  return { ...described(corruption), published: corruption.published ?? 0 };
}

/** Sorted indices of `wanted` of `available` images, each set of them equally probable; all where `wanted` is as many or more. */
function chooseImages(available: number, wanted: number, seed: number): Uint32Array {
  if (!(Number.isInteger(wanted) && wanted >= 1)) {
    throw new DactylError(
      'E_ARGUMENT',
      `Robustness: expected a whole number of images, at least 1; received ${wanted}.`,
    );
  }
  const all = Uint32Array.from({ length: available }, (_, i) => i);
  if (wanted >= available) return all;
  return new Random(seed, 'robustness/images').shuffle(all).slice(0, wanted).sort();
}

function pick(images: Uint8Array, indices: Uint32Array, size: number): Uint8Array {
  const pixels = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => pixels.set(images.subarray(index * size, (index + 1) * size), i * size));
  return pixels;
}

function checkInput(subjects: readonly Subject[], { test }: Pick<EvaluationData, 'test'>): void {
  if (subjects.length === 0)
    throw new DactylError('E_ARGUMENT', 'Robustness: expected at least one network, received none.');
  const [n] = test.images.shape;
  if (n !== test.labels.length || imageExtents(test) === null) {
    throw new DactylError(
      'E_SHAPE',
      `Robustness: expected images of shape (n, rows, columns) or (n, rows, columns, channels) and n labels; received (${test.images.shape.join(', ')}) and ${test.labels.length} labels.`,
    );
  }
  if (n === 0)
    throw new DactylError('E_ARGUMENT', 'Robustness: expected at least one test image, received none.');
  for (const { arm, seed, model } of subjects) {
    if (model.outputs === test.classes) continue;
    throw new DactylError(
      'E_SHAPE',
      `Robustness: expected a network with ${test.classes} outputs, one for each class; ${arm}, seed ${seed}, has ${model.outputs}.`,
    );
  }
}
