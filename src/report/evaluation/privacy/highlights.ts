import { armLabel } from '../../../study/arm.ts';
import { activationName, fixed, percent } from '../../../study/wording.ts';
import type { Highlight } from '../part.ts';
import {
  areaSide,
  type Attacked,
  auditOf,
  fewOthersText,
  ratioOf,
  rightAtLeast,
  surenessOf,
} from './findings.ts';
import { epsilonText } from './priceFigure.ts';
import { costOf, guardedPoints, nearOne } from './priceFollows.ts';
import type { PrivacyParts } from './parts.ts';
import { casesText, rateText, strengthOf } from './words.ts';

/** What those who decide have to know: every arm that an attack is a risk for, or the worst one, what privacy costs, and that nothing is guaranteed. */
export function privacyHighlights({ audit, membership, price }: PrivacyParts): Highlight[] {
  const highlights: Highlight[] = [];
  if (membership !== undefined) {
    highlights.push(
      ...everyRisk(
        membership.arms.map((one) => ({
          size: one.ratio.truePositive.mean,
          highlight: attackHighlight(
            'Training images recognised, likelihood ratio',
            armLabel(one.arm, one.activation),
            ratioOf(one, membership),
          ),
        })),
      ),
    );
  }
  if (audit !== undefined) {
    highlights.push(
      ...everyRisk(
        audit.arms.map((one) => ({
          size: one.auc.mean,
          highlight: attackHighlight(
            'Training images recognised, loss threshold',
            armLabel(one.arm, one.activation),
            auditOf(one, audit),
          ),
        })),
      ),
    );
  }
  if (price !== undefined) {
    const best = guardedPoints(price).reduce((a, b) => (b.accuracy.mean > a.accuracy.mean ? b : a));
    const own = guardedPoints(price).filter(({ activation }) => activation === best.activation);
    const point = nearOne(own);
    const cost = costOf(point, price);
    highlights.push({
      kind: 'number',
      label: `Accuracy with differential privacy, ε = ${epsilonText(point.epsilon)}`,
      value: percent(point.accuracy.mean),
      meaning: `With ${activationName(point.activation)}${cost === null ? '' : `, ${fixed(100 * cost.mean, 1)} points below the same activation without privacy`}; a demonstration, as the seed of its noise is public.`,
    });
  }
  highlights.push({
    kind: 'risk',
    label: 'Guarantee of privacy',
    value: 'none',
    meaning:
      'Ordinary training promises nothing to those whose images were used. Do not hand out a network trained on people’s images as if it held none of them.',
  });
  return highlights;
}

/** Worst first. */
function everyRisk(arms: readonly { readonly size: number; readonly highlight: Highlight }[]): Highlight[] {
  const all = arms.toSorted((a, b) => b.size - a.size).map(({ highlight }) => highlight);
  const risks = all.filter(({ kind }) => kind === 'risk');
  return risks.length > 0 ? risks : all.slice(0, 1);
}

function attackHighlight(title: string, label: string, attacked: Attacked): Highlight {
  const { auc, rate, falsePositives } = attacked;
  const sureness = surenessOf(attacked);
  const side = areaSide(attacked);
  const onAverage =
    side === 'above'
      ? `on average it ${strengthOf(auc.value)}`
      : 'this attack cannot be shown to do better than guessing; a better one might';
  const meaning = {
    few: `${label}: ${onAverage}. How many images it is sure of cannot be told: ${fewOthersText(attacked)}.`,
    shown: `${label}: whoever has the network can tell of some images that they were trained on. Where every second image in question was, at least ${fixed(Math.floor(100 * rightAtLeast(attacked)), 0)} of 100 accusations are right.`,
    open: `${label}: ${onAverage}${side === 'above' ? '; of single images it cannot be shown to be sure' : ''}.`,
  }[sureness];
  return {
    kind: sureness === 'shown' || (side === 'above' && auc.value >= 0.52) ? 'risk' : 'number',
    label: title,
    value:
      sureness === 'few'
        ? `told from others in ${casesText(auc)}`
        : `${rateText(rate)} at ${percent(falsePositives, 1)} false accusations`,
    meaning,
  };
}
