import type { Dataset } from '../../data/examples.ts';
import { DactylError } from '../../util/errors.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkStopped, nameOf, type Subject, type SubjectName, type Work } from '../subject.ts';
import { checkOptions, requireFields, requireItems, requireNumbers } from '../../util/options.ts';
import { confidencesOf } from './confidences.ts';
import { byArm, type Estimate, estimateOf } from './estimate.ts';
import { likelihoodRatios } from './likelihoodRatio.ts';
import { FALSE_POSITIVES } from './lossThreshold.ts';
import { type Roc, ROC_LEVELS, rocOf, truePositiveAt } from './roc.ts';

/** What a network that was trained on a part of the images gives away about all of them. */
export interface MembershipTrial extends SubjectName {
  /** 1 for the images that it was trained on, else 0. */
  readonly inside: Uint8Array;
  /** Its logit-scaled confidence in each image's label. */
  readonly scores: Float32Array;
  /** Of images outside the whole set, from other writers. */
  readonly testScores: Float32Array;
  readonly accuracy: { readonly members: number; readonly others: number };
}

/** `rows`: the training images that the network was trained on. The network may be disposed of afterwards. */
export function membershipTrial(
  subject: Subject,
  data: { readonly train: Dataset; readonly test: Dataset },
  rows: Uint32Array,
): MembershipTrial {
  requireFields('membershipTrial: subject', ['model', 'arm', 'activation', 'seed', 'hash'], subject);
  requireFields('membershipTrial: data', ['train', 'test'], data);
  requireNumbers('membershipTrial: rows', rows);
  const { train, test } = data;
  const inside = new Uint8Array(train.labels.length);
  for (const row of rows) inside[row] = 1;
  const outside = Uint32Array.from(inside.keys()).filter((row) => inside[row] === 0);
  return {
    ...nameOf(subject),
    inside,
    scores: confidencesOf(subject.model, train).scores,
    testScores: confidencesOf(subject.model, test).scores,
    accuracy: {
      members: confidencesOf(subject.model, train, rows).accuracy,
      others: confidencesOf(subject.model, train, outside).accuracy,
    },
  };
}

/** What an attack reaches, over the networks of an arm. */
export interface Attack {
  readonly auc: Estimate;
  readonly truePositive: Estimate;
  /** Mean true-positive rate at each of `levels`. */
  readonly curve: readonly number[];
}

/** A training image whose membership is told most often. */
export interface ExposedImage {
  readonly index: number;
  readonly label: number;
  readonly pixels: readonly number[];
  /** Networks trained on it, and how many of them give it away at the false-positive rate. */
  readonly trained: number;
  readonly told: number;
}

export interface MembershipRun extends SubjectName {
  readonly accuracy: { readonly members: number; readonly others: number };
  readonly lossAuc: number;
  readonly ratioAuc: number;
  readonly ratioTruePositive: number;
}

export interface ArmMembership {
  readonly arm: string;
  readonly activation: string;
  readonly networks: number;
  readonly gap: Estimate;
  /** The likelihood-ratio attack, and the loss threshold on the same images. */
  readonly ratio: Attack;
  readonly loss: Attack;
  /** Area when images that it did not see have to be told from the test images: nothing but the difference of the two sets, whose writers differ. */
  readonly writers: Estimate;
  readonly runs: readonly MembershipRun[];
  readonly exposed: readonly ExposedImage[];
  /** Training images that at least one network gives away, and those that at least half of its networks do. */
  readonly everTold: number;
  readonly mostlyTold: number;
}

export interface Membership {
  /** Training images, of which each network saw a random part. */
  readonly images: number;
  /** Of the images, the mean share that a network saw. */
  readonly seen: number;
  readonly falsePositives: number;
  readonly levels: readonly number[];
  /** Whether one variance for all images was used. */
  readonly pooled: boolean;
  readonly arms: readonly ArmMembership[];
}

/** From so many shadow networks on each image has variances of its own, as Carlini et al. advise. */
const SHADOWS_FOR_OWN_VARIANCE = 64;
const EXPOSED = 12;

/**
 * The likelihood-ratio attack on networks that each saw a random part of `train`'s images: every network is attacked with the help of the
 * others of its arm. Members and non-members are drawn alike, so nothing but membership tells them apart. The interval of an arm is Student's over
 * its networks, which share their shadow networks and images: for those images, and a little narrow. Throws E_ARGUMENT for an arm
 * with fewer than three networks.
 */
export async function measureMembership(
  trials: readonly MembershipTrial[],
  train: Dataset,
  work: Work,
): Promise<Membership> {
  requireItems(
    'measureMembership: trials',
    ['inside', 'scores', 'testScores', 'accuracy', 'arm', 'activation'],
    trials,
  );
  requireFields('measureMembership: train', ['images', 'labels', 'classes'], train);
  checkOptions('measureMembership: work', ['signal', 'onProgress'], work);
  const arms = byArm(trials);
  const few = arms.find((own) => own.length < 3);
  if (few !== undefined || arms.length === 0) {
    throw new DactylError(
      'E_ARGUMENT',
      `Membership inference: expected at least 3 networks in each arm, received ${few?.length ?? 0}. Run more seeds of the study.`,
    );
  }
  const pooled = arms.some((own) => own.length <= SHADOWS_FOR_OWN_VARIANCE);
  const results: ArmMembership[] = [];
  for (const own of arms) {
    checkStopped(work);
    results.push(armMembership(own, train, pooled, work));
    work.onProgress?.(results.length / arms.length);
    await yieldToEvents();
  }
  const images = train.labels.length;
  const seen = trials.reduce((sum, { inside }) => sum + countOf(inside), 0) / trials.length / images;
  return { images, seen, falsePositives: FALSE_POSITIVES, levels: ROC_LEVELS, pooled, arms: results };
}

function armMembership(
  trials: readonly MembershipTrial[],
  train: Dataset,
  pooled: boolean,
  work: Work,
): ArmMembership {
  const images = train.labels.length;
  const size = train.images.data.length / images;
  const ratios: Roc[] = [];
  const losses: Roc[] = [];
  const writers: number[] = [];
  const told = new Uint16Array(images);
  const trained = new Uint16Array(images);
  likelihoodRatios(trials, pooled, (values, t) => {
    checkStopped(work);
    const { inside, scores, testScores } = trials[t];
    const sides = divide(values, inside);
    const roc = rocOf(sides.members, sides.others);
    ratios.push(roc);
    const own = divide(scores, inside);
    losses.push(rocOf(own.members, own.others));
    writers.push(rocOf(own.others, testScores).auc);
    const threshold = thresholdOf(sides.others, FALSE_POSITIVES);
    for (let i = 0; i < images; i++) {
      if (inside[i] === 0) continue;
      trained[i]++;
      if (values[i] > threshold) told[i]++;
    }
  });
  const order = Array.from(told.keys()).filter((i) => told[i] > 0);
  order.sort((a, b) => told[b] / trained[b] - told[a] / trained[a] || trained[b] - trained[a] || a - b);
  const [{ arm, activation }] = trials;
  return {
    arm,
    activation,
    networks: trials.length,
    gap: estimateOf(trials.map(({ accuracy }) => accuracy.members - accuracy.others)),
    ratio: attackOf(ratios),
    loss: attackOf(losses),
    writers: estimateOf(writers),
    runs: trials.map((trial, t) => ({
      ...nameOf(trial),
      accuracy: trial.accuracy,
      lossAuc: losses[t].auc,
      ratioAuc: ratios[t].auc,
      ratioTruePositive: truePositiveAt(ratios[t], FALSE_POSITIVES),
    })),
    exposed: order.slice(0, EXPOSED).map((index) => ({
      index,
      label: train.labels[index],
      pixels: Array.from(train.images.data.subarray(index * size, (index + 1) * size)),
      trained: trained[index],
      told: told[index],
    })),
    everTold: order.length,
    mostlyTold: order.filter((i) => 2 * told[i] >= trained[i]).length,
  };
}

function attackOf(rocs: readonly Roc[]): Attack {
  return {
    auc: estimateOf(rocs.map(({ auc }) => auc)),
    truePositive: estimateOf(rocs.map((roc) => truePositiveAt(roc, FALSE_POSITIVES))),
    curve: ROC_LEVELS.map(
      (level) => rocs.reduce((sum, roc) => sum + truePositiveAt(roc, level), 0) / rocs.length,
    ),
  };
}

/** The score that a share of at most `level` of these exceed. */
function thresholdOf(scores: Float64Array, level: number): number {
  const sorted = scores.slice().sort();
  return sorted[sorted.length - 1 - Math.floor(level * sorted.length + 1e-9)];
}

/** The scores on both sides; those that are NaN, for want of networks, are left out. */
function divide(
  scores: ArrayLike<number>,
  inside: Uint8Array,
): { members: Float64Array; others: Float64Array } {
  const sides: [number[], number[]] = [[], []];
  for (let i = 0; i < scores.length; i++) if (!Number.isNaN(scores[i])) sides[inside[i]].push(scores[i]);
  return { members: Float64Array.from(sides[1]), others: Float64Array.from(sides[0]) };
}

function countOf(inside: Uint8Array): number {
  return inside.reduce((sum, one) => sum + one, 0);
}
