import type { ControlName, FaithfulnessOfMethod } from '../../../analysis/explanations/comparison.ts';
import type { Example } from '../../../analysis/explanations/examples.ts';
import type { Explanations } from '../../../analysis/explanations/measure.ts';
import type { MethodName } from '../../../analysis/explanations/methods.ts';
import type { SanityOfMethod } from '../../../analysis/explanations/sanity.ts';
import { activationName, fixed, percent } from '../../../study/wording.ts';
import { shortName, type Worded, wordsIn } from '../../dataWords.ts';

/** Each way to explain, as tables and sentences call it. */
export const METHOD_LABELS = {
  gradient: 'Gradient',
  gradientTimesInput: 'Gradient × input',
  smoothGrad: 'SmoothGrad',
  integratedBlank: 'Integrated gradients from blank paper',
  integratedMean: 'Integrated gradients from the mean image',
  integratedBlurred: 'Integrated gradients from the blurred image',
  integratedSolid: 'Integrated gradients from solid ink',
  occlusion: 'Occlusion',
  relevanceEpsilon: 'Layer-wise relevance, ε rule',
  relevancePlus: 'Layer-wise relevance, z⁺ rule',
  randomOrder: 'Random order (control)',
  inkOrder: 'Darkest ink first (control)',
} as const satisfies Record<MethodName | ControlName, string>;

/** The same in two short lines beside pictures. */
export const METHOD_HEADS = {
  gradient: 'Gradient',
  gradientTimesInput: 'Gradient\n× input',
  smoothGrad: 'SmoothGrad',
  integratedBlank: 'Integrated gradients\nfrom blank paper',
  integratedMean: 'Integrated gradients\nfrom the mean image',
  integratedBlurred: 'Integrated gradients\nfrom the blurred image',
  integratedSolid: 'Integrated gradients\nfrom solid ink',
  occlusion: 'Occlusion',
  relevanceEpsilon: 'Layer-wise relevance,\nε rule',
  relevancePlus: 'Layer-wise relevance,\nz⁺ rule',
} as const satisfies Record<MethodName, string>;

/** Rank correlation of absolute values above which maps count as alike; fixed before any was measured. */
export const ALIKE = 0.5;
const LEVEL = 0.05;

/** How a method did; null where it could not be told. */
export interface MethodVerdict {
  readonly method: MethodName;
  /** Better than the control on both curves, p (Holm) < .05. */
  readonly beatsRandom: boolean;
  readonly beatsInk: boolean;
  /** Maps of the network with all weights random are unlike its own. */
  readonly needsWeights: boolean | null;
  /** The same of a network trained on shuffled labels; null too where none was trained. */
  readonly needsLabels: boolean | null;
  /** All of the above that were measured. */
  readonly passes: boolean;
}

export function verdictsOf({ faithfulness, sanity }: Explanations): MethodVerdict[] {
  return sanity.methods.map((checked) => {
    const { method } = checked;
    const faithful = faithfulness.find((one) => one.method === method)!;
    const [beatsRandom, beatsInk] = [beats(faithful, 'randomOrder'), beats(faithful, 'inkOrder')];
    const needsWeights = unlike(checked.weights.at(-1) ?? null);
    const needsLabels = unlike(checked.labels);
    const passes =
      beatsRandom && beatsInk && needsWeights === true && (checked.labels === null || needsLabels === true);
    return { method, beatsRandom, beatsInk, needsWeights, needsLabels, passes };
  });
}

function beats({ advantages }: FaithfulnessOfMethod, control: ControlName): boolean {
  const own = advantages.filter((one) => one.control === control);
  return own.length > 0 && own.every(({ difference, p }) => difference > 0 && p < LEVEL);
}

function unlike(similarity: SanityOfMethod['labels']): boolean | null {
  const most = similarity?.high ?? similarity?.absolute ?? null;
  return most === null ? null : most < ALIKE;
}

/** The one method that single decisions are explained with: the best of those that pass, by insertion less deletion area. */
export function preferredMethod(x: Explanations): MethodName {
  const passing = verdictsOf(x).filter(({ passes }) => passes);
  const score = (method: MethodName): number => {
    const { insertion, deletion } = x.faithfulness.find((one) => one.method === method)!;
    return insertion.mean - deletion.mean;
  };
  const candidates =
    passing.length > 0 ? passing.map(({ method }) => method) : (['integratedBlank'] as const);
  return candidates.reduce((best, method) => (score(method) > score(best) ? method : best));
}

/** 'ReLU', or the arm's own name where that says something else; with the seed. */
export function armLabel({ arm, activation }: Explanations): string {
  return arm === activation ? activationName(activation) : arm;
}

/** '4' or '9, is 4'. */
export function answerText(x: Worded, { answer, trueClass }: Example): string {
  const name = (label: number): string => shortName(wordsIn(x), label);
  return answer === trueClass ? name(answer) : `${name(answer)}, is ${name(trueClass)}`;
}

export function sureness({ probabilities, answer }: Example): string {
  return percent(probabilities[answer], probabilities[answer] > 0.999 ? 2 : 1);
}

/** A rank correlation; 'flat' where a map is the same everywhere on the ink, so that there is none. */
export function coefficient(value: number | null): string {
  return value === null ? 'flat' : fixed(value, 2);
}
