import type { Dataset } from '../../data/examples.ts';
import { Random } from '../../util/random.ts';
import { largestCost, statedCost } from '../cost.ts';
import { checkStopped, nameOf, type Subject, type SubjectName, type Work } from '../subject.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import type { Norm } from './ball.ts';
import { collectGallery, type GalleryOfSubject } from './gallery.ts';
import { type AttackedDifference, type AttackedShare, differenceOfRight, shareOfRight } from './intervals.ts';
import { climb, type Ladder } from './ladder.ts';
import { drawSample, part } from './sample.ts';
import { measureSanity, type Sanity } from './sanity.ts';
import { type AdversarialSettings, adversarialSettings } from './settings.ts';
import { Target } from './target.ts';

/** Right answers of one network at one size of change, of the `images` attacked there. */
export interface RungCounts {
  readonly epsilon: number;
  readonly images: number;
  readonly fast: number;
  readonly best: number;
}

export interface AttackedSubject extends SubjectName {
  /** Right answers to all images as they are. */
  readonly clean: number;
  readonly rungs: Readonly<Record<Norm, readonly RungCounts[]>>;
}

export interface RungShares {
  readonly epsilon: number;
  readonly images: number;
  readonly fast: AttackedShare;
  readonly best: AttackedShare;
}

/** The networks of one arm together. */
export interface AttackedArm {
  readonly arm: string;
  readonly activation: string;
  readonly clean: AttackedShare;
  readonly rungs: Readonly<Record<Norm, readonly RungShares[]>>;
}

/** ReLU minus Tanh at the reference size, where one arm has each. */
export interface AttackedPair {
  readonly first: string;
  readonly second: string;
  readonly fast: AttackedDifference;
  readonly best: AttackedDifference;
}

/** Networks under attack by someone who knows their weights. */
export interface Adversarial {
  readonly settings: AdversarialSettings;
  /** Of the costliest network (`costOf`), where it made the images fewer. */
  readonly cost?: number;
  /** Images in the data set that the sample was drawn from. */
  readonly testImages: number;
  /** Images attacked at the reference size, the same ones for every network. */
  readonly images: number;
  readonly subjects: readonly AttackedSubject[];
  readonly arms: readonly AttackedArm[];
  readonly pair: AttackedPair | null;
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

/** Right answers of one network under attack, at every size of change. */
export interface Attacked extends SubjectName, Ladder {}

type TestImages = { readonly test: Dataset };

/** Shares of the work for one network: its ladder, and of the first network of an arm its checks. */
const [LADDER, CHECKS] = [1, 3];

/**
 * Accuracy under attack of every network on one seeded sample of the test images, with the checks that tell robustness from an attack that
 * fails, and examples. Every image, every answer and every count is a function of the settings, the data and the weights.
 */
export async function measureAdversarial(
  subjects: readonly Subject[],
  data: TestImages,
  options: AdversarialOptions = {},
  work: Work = {},
): Promise<Adversarial> {
  requireItems('measureAdversarial: subjects', ['model', 'arm', 'activation', 'seed', 'hash'], subjects);
  requireFields('measureAdversarial: data', ['test'], data);
  checkOptions('measureAdversarial', ['quick', 'settings'], options);
  checkOptions('measureAdversarial: work', ['signal', 'onProgress'], work);
  const ladders = LADDER * subjects.length;
  const total = ladders + CHECKS * firstOfEachArm(subjects).length;
  const within = (before: number, weight: number): Work => ({
    ...work,
    onProgress: (share) => work.onProgress?.((before + weight * share) / total),
  });
  const attacked = await attackEach(subjects, data, options, within(0, ladders));
  return concludeAttacks(subjects, data, { ...options, attacked }, within(ladders, total - ladders));
}

/** The networks from `range[0]` to before `range[1]` under attack, each by itself, as one of all `subjects`. */
export async function attackEach(
  subjects: readonly Subject[],
  data: TestImages,
  options: AdversarialOptions,
  work: Work,
  range: readonly [from: number, to: number] = [0, subjects.length],
): Promise<Attacked[]> {
  const { settings, sample, few } = planAttack(subjects, data, options);
  const own = subjects.slice(...range);
  const attacked: Attacked[] = [];
  for (const subject of own) {
    checkStopped(work);
    const onProgress = (share: number): void => work.onProgress?.((attacked.length + share) / own.length);
    const ladder = await climb(new Target(subject.model), sample, few, settings, { ...work, onProgress });
    attacked.push({ ...nameOf(subject), ...ladder });
  }
  return attacked;
}

/** What follows from `attacked`, one for each of `subjects`. */
export async function concludeAttacks(
  subjects: readonly Subject[],
  data: TestImages,
  { attacked, ...options }: AdversarialOptions & { readonly attacked: readonly Attacked[] },
  work: Work,
): Promise<Adversarial> {
  const { settings, cost, sample, few } = planAttack(subjects, data, options);
  const firsts = firstOfEachArm(subjects);
  const sanity: Sanity[] = [];
  const fewImages = part(sample, few);
  for (const [k, subject] of firsts.entries()) {
    const source = otherThan(subject, subjects);
    const onProgress = (share: number): void => work.onProgress?.((k + share) / firsts.length);
    const checks = await measureSanity(subject, source, fewImages, settings, { ...work, onProgress });
    if (checks) sanity.push(checks);
  }
  return {
    settings,
    ...(!options.quick && statedCost(cost)),
    testImages: data.test.labels.length,
    images: sample.labels.length,
    subjects: attacked.map(countsOf),
    arms: firsts.map(({ arm }) =>
      armOf(
        attacked.filter((one) => one.arm === arm),
        settings.seed,
      ),
    ),
    pair: pairOf(attacked, settings),
    sanity,
    gallery: await collectGallery(firsts, fewImages, settings, work),
  };
}

interface AttackPlan {
  readonly settings: AdversarialSettings;
  readonly cost: ReturnType<typeof largestCost>;
  readonly sample: ReturnType<typeof drawSample>;
  /** Places in the sample of the images for the sizes other than the reference. */
  readonly few: readonly number[];
}

function planAttack(
  subjects: readonly Subject[],
  { test }: TestImages,
  { quick = false, settings: changed = {} }: AdversarialOptions,
): AttackPlan {
  const cost = largestCost(subjects.map(({ model }) => model));
  const settings = { ...adversarialSettings(subjects.length, quick, cost), ...changed };
  const sample = drawSample(test, settings.images, settings.seed);
  const wanted = new Set(drawSample(test, settings.ladderImages, settings.seed).indices);
  return {
    settings,
    cost,
    sample,
    few: sample.indices.flatMap((index, k) => (wanted.has(index) ? [k] : [])),
  };
}

function countsOf(one: Attacked): AttackedSubject {
  const count = (right: Uint8Array): number => right.reduce((sum, value) => sum + value, 0);
  const counts = (norm: Norm): RungCounts[] =>
    one.rungs[norm].map(({ epsilon, fast, best }) => ({
      epsilon,
      images: best.length,
      fast: count(fast),
      best: count(best),
    }));
  return { ...nameOf(one), clean: count(one.clean), rungs: { linf: counts('linf'), l2: counts('l2') } };
}

function armOf(networks: readonly Attacked[], seed: number): AttackedArm {
  const [{ arm, activation }] = networks;
  const share = (of: (one: Attacked) => Uint8Array, what: string): AttackedShare =>
    shareOfRight(networks.map(of), new Random(seed, `attacked share/${arm}/${what}`));
  const rungs = (norm: Norm): RungShares[] =>
    networks[0].rungs[norm].map(({ epsilon, best: { length: images } }, k) => ({
      epsilon,
      images,
      fast: share((one) => one.rungs[norm][k].fast, `${norm}/${epsilon}/fast`),
      best: share((one) => one.rungs[norm][k].best, `${norm}/${epsilon}/best`),
    }));
  return {
    arm,
    activation,
    clean: share(({ clean }) => clean, 'clean'),
    rungs: { linf: rungs('linf'), l2: rungs('l2') },
  };
}

function pairOf(
  attacked: readonly Attacked[],
  { reference, seed }: AdversarialSettings,
): AttackedPair | null {
  const [first, second] = ['relu', 'tanh'].map((activation) => {
    const own = attacked.filter((one) => one.activation === activation);
    return new Set(own.map(({ arm }) => arm)).size === 1 ? own : [];
  });
  const pairs = first.flatMap((one) => {
    const partner = second.find((other) => other.seed === one.seed);
    return partner ? [[one, partner] as const] : [];
  });
  const difference = (attack: 'fast' | 'best'): AttackedDifference | null => {
    const right = ({ rungs }: Attacked) => rungs.linf.find(({ epsilon }) => epsilon === reference)![attack];
    return differenceOfRight(
      pairs.map(([one, other]) => [right(one), right(other)] as const),
      new Random(seed, `attacked difference/${attack}`),
    );
  };
  const [fast, best] = [difference('fast'), difference('best')];
  return fast && best && { first: first[0].arm, second: second[0].arm, fast, best };
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
