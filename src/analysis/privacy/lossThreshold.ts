import { superiority } from '../../stats/superiority.ts';
import { Random } from '../../util/random.ts';
import { DactylError } from '../../util/errors.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import {
  checkStopped,
  type EvaluationData,
  nameOf,
  type Subject,
  type SubjectName,
  type Work,
} from '../subject.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import { confidencesOf } from './confidences.ts';
import { byArm, type Estimate, estimateOf } from './estimate.ts';
import { ROC_LEVELS, rocOf, truePositiveAt } from './roc.ts';
import { truePositiveInterval } from './truePositiveInterval.ts';

/** False-positive rate at which attacks are judged: what one accusation in a thousand non-members costs. */
export const FALSE_POSITIVES = 0.001;

/** With its 95 % interval over the images, for this very network. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The loss-threshold attack on one network. */
export interface RunAudit extends SubjectName {
  readonly accuracy: { readonly members: number; readonly others: number };
  readonly loss: { readonly members: number; readonly others: number };
  readonly auc: Interval;
  readonly truePositive: Interval;
}

export interface ArmAudit {
  readonly arm: string;
  readonly activation: string;
  /** Accuracy on members minus that on non-members. */
  readonly gap: Estimate;
  readonly auc: Estimate;
  readonly truePositive: Estimate;
  /** Mean true-positive rate at each of `levels`. */
  readonly curve: readonly number[];
}

export interface PrivacyAudit {
  /** How many training and test images the attack had to tell apart. */
  readonly members: number;
  readonly others: number;
  readonly quick: boolean;
  readonly falsePositives: number;
  readonly levels: readonly number[];
  readonly runs: readonly RunAudit[];
  readonly arms: readonly ArmAudit[];
}

const IMAGES = { full: 10_000, quick: 2_000 };
const RESAMPLES = { full: 400, quick: 200 };

export interface AuditOptions {
  readonly quick?: boolean;
  /** The training images that a network was trained on, where it was not all of them. */
  readonly trainedOn?: (subject: SubjectName) => Uint32Array;
}

/**
 * The plainest membership inference (Yeom et al. 2018): an image with a small loss is called a training image. Members are up to 10,000
 * random training images of each network, non-members as many test images (`quick`: 2,000 of each); half of the true-positive rate's interval
 * is the threshold's own chance. Area: Newcombe's interval; true-positive rate: bootstrap; both over images. Over networks of an arm: Student's.
 *
 * Training and test images are by different writers, so a part of what is found may be the writers' difference; `measureMembership` has none
 * of that. Throws E_ARGUMENT where there is no network or no image.
 */
export async function measurePrivacy(
  subjects: readonly Subject[],
  data: EvaluationData,
  options: AuditOptions,
  work: Work,
): Promise<PrivacyAudit> {
  requireItems('measurePrivacy: subjects', ['model', 'arm', 'activation', 'seed', 'hash'], subjects);
  requireFields('measurePrivacy: data', ['train', 'test'], data);
  checkOptions('measurePrivacy', ['quick', 'trainedOn'], options);
  checkOptions('measurePrivacy: work', ['signal', 'onProgress'], work);
  const { train, test } = data;
  const { quick = false, trainedOn } = options;
  if (subjects.length === 0 || train.labels.length === 0 || test.labels.length === 0) {
    throw new DactylError(
      'E_ARGUMENT',
      `A privacy audit: expected at least one network, training images and test images; received ${subjects.length}, ${train.labels.length} and ${test.labels.length}.`,
    );
  }
  const most = quick ? IMAGES.quick : IMAGES.full;
  const resamples = quick ? RESAMPLES.quick : RESAMPLES.full;
  const tested = sampled(all(test.labels.length), most, 'privacy/others');
  const runs: RunAudit[] = [];
  const curves = new Map<RunAudit, number[]>();
  let members = 0;
  for (const subject of subjects) {
    checkStopped(work);
    const rows = sampled(trainedOn?.(subject) ?? all(train.labels.length), most, 'privacy/members');
    members = Math.max(members, rows.length);
    const own = confidencesOf(subject.model, train, rows);
    const other = confidencesOf(subject.model, test, tested);
    const { probability, low, high } = superiority(own.scores, other.scores);
    const run: RunAudit = {
      ...nameOf(subject),
      accuracy: { members: own.accuracy, others: other.accuracy },
      loss: { members: own.loss, others: other.loss },
      auc: { value: probability, low, high },
      truePositive: truePositiveInterval(own.scores, other.scores, FALSE_POSITIVES, {
        random: new Random(0, 'privacy/bootstrap'),
        resamples,
      }),
    };
    const roc = rocOf(own.scores, other.scores);
    curves.set(
      run,
      ROC_LEVELS.map((level) => truePositiveAt(roc, level)),
    );
    runs.push(run);
    work.onProgress?.(runs.length / subjects.length);
    await yieldToEvents();
  }
  return {
    members,
    others: tested.length,
    quick,
    falsePositives: FALSE_POSITIVES,
    levels: ROC_LEVELS,
    runs,
    arms: byArm(runs).map((own) => ({
      arm: own[0].arm,
      activation: own[0].activation,
      gap: estimateOf(own.map(({ accuracy }) => accuracy.members - accuracy.others)),
      auc: estimateOf(own.map(({ auc }) => auc.value)),
      truePositive: estimateOf(own.map(({ truePositive }) => truePositive.value)),
      curve: ROC_LEVELS.map((_, k) => own.reduce((sum, run) => sum + curves.get(run)![k], 0) / own.length),
    })),
  };
}

function all(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i);
}

/** At most so many of the rows, ascending; a seeded draw, the same for every network with the same rows. */
function sampled(rows: Uint32Array, most: number, purpose: string): Uint32Array {
  if (rows.length <= most) return rows;
  return new Random(0, purpose).shuffle(rows.slice()).slice(0, most).sort();
}
