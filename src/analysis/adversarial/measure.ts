import type { Dataset } from '../../datasets/dataset.ts';
import { checkStopped, nameOf, type Subject, type SubjectName, type Work } from '../subject.ts';
import { collectGallery, type GalleryOfSubject } from './gallery.ts';
import { climb, type Ladder } from './ladder.ts';
import { drawSample } from './sample.ts';
import { measureSanity, type Sanity } from './sanity.ts';
import { type AdversarialSettings, adversarialSettings } from './settings.ts';
import { Target } from './target.ts';

export interface AttackedSubject extends SubjectName, Ladder {}

/** Networks under attack by someone who knows their weights. */
export interface Adversarial {
  readonly settings: AdversarialSettings;
  /** Images in the data set that the sample was drawn from. */
  readonly testImages: number;
  /** Images attacked, the same ones for every network. */
  readonly images: number;
  readonly subjects: readonly AttackedSubject[];
  /** Of the first network of each arm; those without a right answer are missing. */
  readonly sanity: readonly Sanity[];
  readonly gallery: readonly GalleryOfSubject[];
}

export interface AdversarialOptions {
  /** A much smaller sample and attack, which decide nothing. */
  readonly quick?: boolean;
  /** In place of single settings. */
  readonly settings?: Partial<AdversarialSettings>;
}

/** Shares of the work for one network: its ladder, and of the first network of an arm its checks. */
const [LADDER, CHECKS] = [1, 3];

/**
 * Accuracy under attack of every network on one seeded sample of the test images, with the checks that tell robustness from an attack that
 * fails, and examples. Every image, every answer and every count is a function of the settings, the data and the weights.
 */
export async function measureAdversarial(
  subjects: readonly Subject[],
  { test }: { readonly test: Dataset },
  { quick = false, settings: changed = {} }: AdversarialOptions = {},
  work: Work = {},
): Promise<Adversarial> {
  const settings = { ...adversarialSettings(subjects.length, quick), ...changed };
  const sample = drawSample(test, settings.images, settings.seed);
  const firsts = firstOfEachArm(subjects);
  const total = LADDER * subjects.length + CHECKS * firsts.length;
  let done = 0;
  const within = (weight: number): Work => ({
    ...work,
    onProgress: (share) => work.onProgress?.((done + weight * share) / total),
  });
  const attacked: AttackedSubject[] = [];
  for (const subject of subjects) {
    checkStopped(work);
    const ladder = await climb(new Target(subject.model), sample, settings, within(LADDER));
    attacked.push({ ...nameOf(subject), ...ladder });
    done += LADDER;
  }
  const sanity: Sanity[] = [];
  for (const subject of firsts) {
    const source = otherThan(subject, subjects);
    const checks = await measureSanity(subject, source, sample, settings, within(CHECKS));
    if (checks) sanity.push(checks);
    done += CHECKS;
  }
  return {
    settings,
    testImages: test.labels.length,
    images: sample.labels.length,
    subjects: attacked,
    sanity,
    gallery: await collectGallery(firsts, sample, settings, work),
  };
}

function firstOfEachArm(subjects: readonly Subject[]): Subject[] {
  return subjects.filter(({ arm }, k) => subjects.findIndex((other) => other.arm === arm) === k);
}

/** The first network of another arm, or else another one of its own. */
function otherThan(subject: Subject, subjects: readonly Subject[]): Subject | null {
  const others = subjects.filter(
    ({ hash, activation }) => hash !== subject.hash || activation !== subject.activation,
  );
  return others.find(({ arm }) => arm !== subject.arm) ?? others.at(0) ?? null;
}
