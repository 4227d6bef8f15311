import { nameOf, type Subject, type SubjectName, type Work } from '../subject.ts';
import type { Norm } from './ball.ts';
import { fastGradient } from './fgsm.ts';
import { harder } from './harder.ts';
import { afterFastGradient, places } from './ladder.ts';
import { doubt, strongestOther } from './losses.ts';
import { pgd } from './pgd.ts';
import { part, type Sample } from './sample.ts';
import { search } from './search.ts';
import type { AdversarialSettings } from './settings.ts';
import { squareSearch } from './square.ts';
import { Target } from './target.ts';

/** Counts of images fooled at one size of change, each attack on its own and each ε afresh. */
export interface SanityRung {
  readonly epsilon: number;
  readonly fast: number;
  readonly search: number;
}

/** What the checks of an attack found, as counts of `images`; `sanityChecks` says which of them were passed. */
export interface Sanity extends SubjectName {
  /** Images that the checks were made on, each answered rightly as it is. */
  readonly images: number;
  /** Images whose gradient is zero in every pixel; and images for which a plain float32 cross-entropy would give such a one, since p_y rounds to 1. */
  readonly zeroGradients: number;
  readonly hiddenByRounding: number;
  /** Of the images with a gradient: how many have a smaller margin after a step of `step` along it. */
  readonly rises: { readonly step: number; readonly count: number; readonly of: number };
  /** The settings' sizes, and last a size without bound: every image is in reach. */
  readonly rungs: Readonly<Record<Norm, readonly SanityRung[]>>;
  /** At the reference size, or, where that turns all images or none, at the linf ε that comes nearest to turning half of them. */
  readonly at: number;
  readonly usual: number;
  /** What `harder` turns of the images that `search` leaves. */
  readonly harder: { readonly steps: number; readonly starts: number; readonly more: number };
  readonly randomSearch: { readonly queries: number; readonly fooled: number };
  /** Images made to fool another network; null where there is none. */
  readonly transfer: { readonly from: SubjectName; readonly fooled: number } | null;
}

/** Of the change in the direction of the gradient's signs; pixels counted from 0 to 1. */
const SMALL_STEP = 0.001;

/**
 * The checks that expose an attack which fails for a reason other than robustness (Athalye et al. 2018; Carlini et al. 2019). `source`: the network
 * that images are transferred from. Null where the network answers none of the images rightly.
 */
export async function measureSanity(
  subject: Subject,
  source: Subject | null,
  sample: Sample,
  settings: AdversarialSettings,
  work: Work = {},
): Promise<Sanity | null> {
  const { ladders, reference, seed, sanity } = settings;
  const target = new Target(subject.model);
  const { predicted } = target.answers(sample.images, sample.labels);
  const right = places(sample.labels, (row) => predicted[row] === sample.labels[row]);
  if (right.length === 0) return null;
  const chosen = part(sample, right.slice(0, sanity.images));
  const { images, labels, indices: names, extents } = chosen;
  const count = labels.length;
  const rungs: Record<Norm, SanityRung[]> = { linf: [], l2: [] };
  const unbounded = { linf: 1, l2: Math.sqrt(target.pixels) };
  const searched = (norm: Norm, epsilon: number): Promise<Uint8Array> =>
    search(target, images, labels, { norm, epsilon }, work.signal ? { signal: work.signal } : {});
  for (const norm of ['linf', 'l2'] as const) {
    for (const epsilon of [...ladders[norm], unbounded[norm]]) {
      const fast = afterFastGradient(target, images, labels, norm, epsilon);
      const fooled = await searched(norm, epsilon);
      rungs[norm].push({ epsilon, fast: count - sum(fast), search: sum(fooled) });
      work.onProgress?.(
        (0.5 * (rungs.linf.length + rungs.l2.length)) / (ladders.linf.length + ladders.l2.length + 2),
      );
    }
  }
  const { epsilon, search: usual } = judgedRung(rungs.linf.slice(0, -1), reference, count);
  const { starts, steps, queries } = sanity;
  const turned = await searched('linf', epsilon);
  const rest = part(
    chosen,
    places(labels, (row) => turned[row] === 0),
  );
  const more = await harder(
    target,
    rest.images,
    rest.labels,
    { norm: 'linf', epsilon, steps, starts, seed, names: rest.indices },
    work,
  );
  work.onProgress?.(0.8);
  const guessed = await squareSearch(
    target,
    images,
    labels,
    { epsilon, queries, extents, seed, names },
    work,
  );
  return {
    ...nameOf(subject),
    images: count,
    ...slopes(target, chosen),
    rungs,
    at: epsilon,
    usual,
    harder: { steps, starts, more: sum(more) },
    randomSearch: { queries, fooled: sum(guessed) },
    transfer:
      source === null
        ? null
        : {
            from: nameOf(source),
            fooled: await transferred(source, target, chosen, epsilon, settings, work),
          },
  };
}

function judgedRung(rungs: readonly SanityRung[], reference: number, count: number): SanityRung {
  const at = rungs.find(({ epsilon }) => epsilon === reference);
  if (at !== undefined && at.search > 0 && at.search < count) return at;
  const gap = ({ search: fooled }: SanityRung): number => Math.abs(fooled - count / 2);
  return rungs.reduce((best, rung) => (gap(rung) < gap(best) ? rung : best));
}

/** Zero gradients, and whether the loss rises along the others. */
function slopes(
  target: Target,
  { images, labels }: Sample,
): Pick<Sanity, 'zeroGradients' | 'hiddenByRounding' | 'rises'> {
  const { pixels } = target;
  let hiddenByRounding = 0;
  const { gradient, margins } = target.gradients(images, labels, (row, logits, weights) => {
    if (Math.fround(1 - doubt(logits, labels[row])) === 1) hiddenByRounding++;
    weights[labels[row]] = -1;
    weights[strongestOther(logits, labels[row])] = 1;
  });
  const steep = places(labels, (row) =>
    gradient.subarray(row * pixels, (row + 1) * pixels).some((slope) => slope !== 0),
  );
  const after = target.answers(fastGradient(images, gradient, pixels, 'linf', SMALL_STEP), labels).margins;
  return {
    zeroGradients: labels.length - steep.length,
    hiddenByRounding,
    rises: {
      step: SMALL_STEP,
      count: steep.filter((row) => after[row] < margins[row]).length,
      of: steep.length,
    },
  };
}

/** Images that the source's own PGD or fast gradient turns and that fool the target too. */
async function transferred(
  source: Subject,
  target: Target,
  { images, labels, indices: names }: Sample,
  epsilon: number,
  { steps, seed }: AdversarialSettings,
  work: Work,
): Promise<number> {
  const own = new Target(source.model);
  const { gradient } = own.ascent(images, labels, 'crossEntropy');
  const fast = fastGradient(images, gradient, own.pixels, 'linf', epsilon);
  const attack = await pgd(
    own,
    images,
    labels,
    { norm: 'linf', epsilon, steps, restarts: 1, seed, names },
    work,
  );
  const [first, second] = [fast, attack.images].map((made) => target.answers(made, labels).predicted);
  return places(labels, (row) => first[row] !== labels[row] || second[row] !== labels[row]).length;
}

function sum(flags: Uint8Array): number {
  return flags.reduce((total, flag) => total + flag, 0);
}
