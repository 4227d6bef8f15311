import type { Sanity, SanityRung } from '../../../analysis/adversarial/sanity.ts';
import { armLabel } from '../../../study/arm.ts';
import { countOf, grouped, percent } from '../../../study/wording.ts';
import { NORM_NAMES } from './shares.ts';

/** One check of the attacks, with what was found in words. */
export interface Check {
  readonly title: string;
  /** Null where it could not be made. */
  readonly passed: boolean | null;
  readonly found: string;
}

/** Fewer images than this tell nothing. */
const FEWEST_IMAGES = 10;
/** Of the images that can be attacked along their gradient: how many at least have to come nearer to another answer. */
const RISING = 0.99;
/** What a check puts down to chance, as a share of the images; at least one image. */
const CHANCE = 0.01;

/** The checks that tell a robust network from an attack that does not work; each is passed where the attacks can be trusted. */
export function checksOf(sanity: Sanity): Check[] {
  const { images, zeroGradients, hiddenByRounding, rises, rungs, at, usual } = sanity;
  const slack = Math.max(1, Math.round(CHANCE * images));
  const judged = (passed: boolean): boolean | null => (images < FEWEST_IMAGES ? null : passed);
  const norms = ['linf', 'l2'] as const;
  const worst = norms
    .flatMap((norm) => rungs[norm].map((rung) => ({ norm, ...rung, lead: rung.search - rung.fast })))
    .reduce((least, rung) => (rung.lead < least.lead ? rung : least));
  const drop = Math.max(...norms.map((norm) => largestDrop(rungs[norm])));
  const unbounded = Math.min(...norms.map((norm) => rungs[norm][rungs[norm].length - 1].search));
  const { harder, randomSearch, transfer } = sanity;
  const size = percent(at, 0);
  return [
    {
      title: 'There is a gradient to follow',
      passed: judged(zeroGradients === 0),
      found: `Zero in every pixel for ${count(zeroGradients, images)}; with the ordinary loss, which rounds, for ${count(hiddenByRounding, images)}.`,
    },
    {
      title: 'A small step along the gradient weakens the right answer',
      passed: judged(rises.of > 0 && rises.count >= RISING * rises.of),
      found:
        rises.of === 0
          ? 'No image has a gradient.'
          : `It does for ${rises.count} of the ${rises.of} images with a gradient.`,
    },
    {
      title: 'Many steps fool at least as often as one',
      passed: judged(worst.lead >= -slack),
      found: `The closest they come is ${worst.search} against ${worst.fast} images (${NORM_NAMES[worst.norm]}, size ${Number(worst.epsilon.toFixed(2))}).`,
    },
    {
      title: 'Larger changes fool more',
      passed: judged(drop <= slack),
      found:
        drop === 0
          ? 'The number of images fooled never falls from one size to the next larger one.'
          : `From one size to the next larger one, it falls by up to ${drop}.`,
    },
    {
      title: 'Changes without a limit fool always',
      passed: judged(unbounded === images),
      found: `${count(unbounded, images)} are fooled when any image is in reach.`,
    },
    {
      title: 'More effort finds no more',
      passed: judged(harder.more <= slack),
      found: `${harder.more === 0 ? 'No image' : countOf(harder.more, 'image')} more of ${images} at ${size} (usually ${usual}), with three losses, all wrong classes, steps of constant and of shrinking size, ${harder.steps} from each of ${countOf(harder.starts, 'start')}.`,
    },
    {
      title: 'A search that sees only the outputs is no better',
      passed: judged(randomSearch.fooled <= usual + slack),
      found: `It fools ${countOf(randomSearch.fooled, 'image')} at ${size} with ${grouped(randomSearch.queries)} trials each, the gradient ${usual}.`,
    },
    {
      title: 'Images made for another network are no better',
      passed: transfer === null ? null : judged(transfer.fooled <= usual + slack),
      found:
        transfer === null
          ? 'No other network was evaluated with it.'
          : `Made for ${armLabel(transfer.from.arm, transfer.from.activation)}, seed ${transfer.from.seed}: ${countOf(transfer.fooled, 'image')} at ${size}; its own gradient ${usual}.`,
    },
  ];
}

export function failedChecks(sanity: Sanity): Check[] {
  return checksOf(sanity).filter(({ passed }) => passed === false);
}

function count(n: number, images: number): string {
  return `${n === 0 ? 'none' : n} of ${images} images`;
}

function largestDrop(rungs: readonly SanityRung[]): number {
  return Math.max(0, ...rungs.slice(1).map(({ search }, k) => rungs[k].search - search));
}
