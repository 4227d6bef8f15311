import type { Area, FaithfulnessOfMethod } from '../../../analysis/explanations/comparison.ts';
import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { fixed, grouped, percent } from '../../../study/wording.ts';
import type { Cell, Table } from '../../table.ts';
import { armLabel, METHOD_LABELS, type MethodVerdict, verdictsOf } from './words.ts';

/** Faithfulness and sanity of each method, with the two controls. */
export function methodsTable(x: Explanations): Table {
  const verdicts = verdictsOf(x);
  const area = (value: number): string => fixed(value, 3);
  const range = ({ low, high }: Area): Cell =>
    low === null || high === null ? null : `${area(low)} to ${area(high)}`;
  const coefficient = { format: (value: number) => fixed(value, 2) };
  return {
    name: `explanations-methods-${x.arm}`,
    caption: `Can the explanations be trusted? – ${armLabel(x)}. Areas under the deletion curve (small is good) and the insertion curve (large is good) with 95 % intervals over ${x.images} test images; rank correlation with the maps of networks that know nothing (near 0 is good); better means on both curves, p < .05 after Holm`,
    columns: [
      { label: 'Method' },
      { label: 'Passes' },
      { label: 'Deletion area', format: area },
      { label: 'Insertion area', format: area },
      { label: 'Better than chance' },
      { label: 'Better than darkest ink first' },
      { label: 'Correlation, weights random', ...coefficient },
      { label: 'Correlation, labels shuffled', ...coefficient },
      { label: 'Deletion, 95 % interval' },
      { label: 'Insertion, 95 % interval' },
      { label: 'Weights random, with sign', ...coefficient },
    ],
    rows: x.faithfulness.map((one) => {
      const verdict = verdicts.find(({ method }) => method === one.method);
      const checked = x.sanity.methods.find(({ method }) => method === one.method);
      return [
        METHOD_LABELS[one.method],
        verdict === undefined ? '' : passText(verdict),
        one.deletion.mean,
        one.insertion.mean,
        comparisonText(one, verdict?.beatsRandom),
        comparisonText(one, verdict?.beatsInk),
        checked?.weights.at(-1)?.absolute ?? null,
        checked === undefined
          ? null
          : x.sanity.randomLabels === null
            ? 'not measured'
            : (checked.labels?.absolute ?? null),
        range(one.deletion),
        range(one.insertion),
        checked?.weights.at(-1)?.signed ?? null,
      ];
    }),
  };
}

function comparisonText({ advantages }: FaithfulnessOfMethod, beats: boolean | undefined): string {
  if (beats === undefined) return '';
  return advantages.length === 0 ? 'not measured' : beats ? 'yes' : 'no';
}

function passText({ passes, needsLabels, needsWeights }: MethodVerdict): string {
  if (!passes) return 'no';
  return needsLabels === null || needsWeights === null ? 'yes, as far as measured' : 'yes';
}

/** Completeness errors of integrated gradients by baseline. */
export function completenessTable(x: Explanations): Table {
  const labels = {
    blank: 'Blank paper',
    mean: 'Mean training image',
    blurred: 'The image, blurred',
    solid: 'Solid ink',
  };
  const share = { format: (value: number) => (value > 10 ? 'above 1,000 %' : percent(value, 2)) };
  return {
    name: `explanations-completeness-${x.arm}`,
    caption: `Do integrated gradients add up to the difference they explain? – ${armLabel(x)}. Completeness error on ${x.images} test images with ${x.steps} steps, and after the steps were doubled, at most to 3,200, for images above ${percent(x.tolerance, 0)}`,
    columns: [
      { label: 'Start of the path' },
      { label: `Median error, ${x.steps} steps`, ...share },
      { label: 'Largest', ...share },
      { label: `Images above ${percent(x.tolerance, 0)}`, format: grouped },
      { label: 'Largest error after doubling', ...share },
      { label: 'Most steps', format: grouped },
      { label: `Images still above ${percent(x.tolerance, 0)}`, format: grouped },
    ],
    rows: x.completeness.map(({ baseline, medianError, largestError, above, raised }) => [
      labels[baseline],
      medianError,
      largestError,
      above,
      raised.largestError,
      raised.mostSteps,
      raised.above,
    ]),
  };
}
