import type { Sensitivity, SensitivityOfSubject } from '../../../analysis/sensitivity/measure.ts';
import { mean } from '../../../stats/describe.ts';
import { tooFewText } from '../../../study/verdict.ts';
import { countOf, fixed, grouped, listOf, percent } from '../../../study/wording.ts';
import { signOf } from '../estimate.ts';
import { differenceOf, paperPair } from '../adversarial/arms.ts';
import { deadShare, flatShare, medianRelativeSlope } from '../../../analysis/sensitivity/measures.ts';
import { estimateText, flatKind, overSeeds, type SensitiveArm } from './summary.ts';

/** How much steeper it has to be nearby to call an answer curved. */
const CURVED = 1.3;

const two = (value: number): string => fixed(value, 2);

/** Share of images at which no pixel matters. */
export function blindShare({ subjects }: SensitiveArm, { images }: Sensitivity): number {
  return mean(subjects.map(({ gradients }) => gradients.zero / images));
}

export function armFollows(arm: SensitiveArm, result: Sensitivity): string[] {
  const { label } = arm;
  const blind = blindShare(arm, result);
  if (blind === 1) {
    return [
      `${label}: no pixel of any image has an influence on the answer. That is no strength: the network does not look at the image.`,
      ...unitsFollow(arm),
    ];
  }
  const lead = overSeeds(arm, ({ gradients }) => gradients.margin.mean);
  const around = overSeeds(arm, ({ lipschitz }) => lipschitz.around.mean);
  const at = overSeeds(arm, ({ lipschitz }) => lipschitz.at.mean);
  const distance = mean(arm.subjects.flatMap(({ gradients }) => gradients.distance?.quantiles[2] ?? []));
  const curved = around.mean >= CURVED * at.mean;
  return [
    `${label}: the lead of its answer over the runner-up changes by ${estimateText(lead, two)} per unit of change of the image, on average; within ${result.settings.lipschitz.radius} of an image, slopes of ${estimateText(around, two)} are found. ${
      curved
        ? `That is ${(around.mean / at.mean).toFixed(1)} times the slope at the images themselves: what is near an image tells more than the image, so a look at the gradient alone makes it seem calmer than it is.`
        : 'Nearby it is about as steep as at the images themselves, so the gradient is a fair guide.'
    } If the slope stayed as it is at the image, half of the answers would turn within a change of ${two(distance)} (1 is as much as one pixel from paper to ink).`,
    ...(blind > 0
      ? [
          `For ${percent(blind, 1)} of the images, no pixel has an influence on the answer of ${label}: there, slopes say nothing.`,
        ]
      : []),
    ...unitsFollow(arm),
  ];
}

function unitsFollow(arm: SensitiveArm): string[] {
  const flat = arm.subjects.flatMap((subject) => flatShare(subject) ?? []);
  const dead = arm.subjects.flatMap((subject) => deadShare(subject) ?? []);
  if (flat.length === 0) return [];
  const word = {
    bounded: 'saturated: at an end of their range, where a change of their input hardly shows',
    open: 'switched off, which is how this activation works',
    both: 'flat: switched off or saturated, as the activation of their layer has it',
    never: 'flat',
  }[flatKind(arm)];
  const units = arm.subjects[0].layers.reduce((sum, layer) => sum + layer.units, 0);
  const deadUnits = mean(dead) * units;
  return [
    `${arm.label}: ${percent(mean(flat), 1)} of the outputs of its hidden units are ${word}. ${
      deadUnits === 0
        ? 'No unit is dead'
        : `${Number(deadUnits.toFixed(1))} of ${countOf(units, 'unit')} are dead: the same for every image looked at`
    }.`,
  ];
}

interface Measure {
  readonly words: string;
  readonly of: (subject: SensitivityOfSubject) => number;
  readonly write: (value: number) => string;
}

/** Of slopes of the outputs: a network with larger outputs is steeper without being easier to turn. */
const SCALED: readonly Measure[] = [
  {
    words: 'the slope of the loss',
    of: ({ gradients }) => gradients.loss.mean,
    write: (value) => fixed(value, 3),
  },
  { words: 'the slope of the lead', of: ({ gradients }) => gradients.margin.mean, write: two },
  { words: 'the steepest slope nearby', of: ({ lipschitz }) => lipschitz.around.mean, write: two },
];
/** The one that outputs of any scale can be compared in, and that decides. */
const SCALE_FREE: Measure = {
  words: 'the steepest slope nearby over the lead (median)',
  of: (subject) => medianRelativeSlope(subject) ?? 0,
  write: two,
};

/** ReLU against Tanh in each measure of the paper's claim; the side is told by the one without a scale. */
export function comparisonFollows(arms: readonly SensitiveArm[], result: Sensitivity): string[] {
  const pair = paperPair(arms);
  if (pair === null || [pair.relu, pair.tanh].some((arm) => blindShare(arm, result) === 1)) return [];
  const told = ({ words, of, write }: Measure): string =>
    `${words} ${estimateText(differenceOf(pair.relu, pair.tanh, of)!, write)}`;
  const decisive = differenceOf(pair.relu, pair.tanh, SCALE_FREE.of);
  if (decisive === null) return [];
  const { n } = decisive;
  const start = 'The paper calls Tanh highly sensitive to its input and to gradients, and measures nothing.';
  const numbers = `${told(SCALE_FREE)}; ${listOf(SCALED.map(told))}`;
  if (n === 1) {
    return [
      `${start} Between these two networks, ReLU minus Tanh is: ${numbers}. Other seeds may turn it round, so this says nothing of the activations.`,
    ];
  }
  const verdict = {
    below: 'Measured without the scale of the outputs, which is the first number, the claim is borne out.',
    above:
      'Measured without the scale of the outputs, which is the first number, it is the other way round: ReLU is the more sensitive.',
    few: `The first number, which the scale of the outputs does not change, is ${tooFewText(decisive)}.`,
    open: 'The first number, which the scale of the outputs does not change, is too close to zero to tell.',
  }[signOf(decisive)];
  return [
    `${start} ReLU minus Tanh over ${countOf(n, 'seed')}, on ${grouped(result.lipschitzImages)} images for the slopes nearby and ${grouped(result.images)} for the others: ${numbers}. ${verdict} The other numbers grow with the outputs, so of two networks they do not tell which is easier to turn.`,
  ];
}
