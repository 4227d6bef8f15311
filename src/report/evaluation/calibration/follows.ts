import { enoughForPromise } from '../../../analysis/calibration/abstention.ts';
import type { Calibration } from '../../../analysis/calibration/measure.ts';
import { meanSetSize } from '../../../analysis/calibration/conformal/sets.ts';
import { mean } from '../../../stats/describe.ts';
import { summarise } from '../../../study/decision.ts';
import {
  activationName,
  capitalised,
  countOf,
  fixed,
  grouped,
  listOf,
  percent,
  signed,
} from '../../../study/wording.ts';
import type { Highlight } from '../part.ts';
import { inWords, type Worded, wordsIn } from '../../dataWords.ts';
import type { ArmRuns, Estimate, SetsOfArm } from './arms.ts';
import { MAIN_ALPHA, MAIN_ERROR, overRuns, setsOfArm, theClass } from './arms.ts';
import { ALIKE, fewText, signOf } from '../estimate.ts';
import { riskHandingOver } from './riskCoverageFigure.ts';
import { abstentionOf } from './tables.ts';

/** '1.17 % (1.05 to 1.29 %)', the interval where there is one. */
export function shareWithInterval({ mean: centre, low, high }: Estimate, digits = 2): string {
  if (low === null || high === null) return percent(centre, digits);
  if (low === high) return `${percent(centre, digits)}${ALIKE}`;
  return `${percent(centre, digits)} (${fixed(100 * low, digits)} to ${percent(high, digits)})`;
}

export type Fit = 'too sure' | 'not sure enough' | 'wrong both ways' | 'fits';

/** Beyond chance in most runs, and then on which side. */
export function fitOf({ runs }: ArmRuns): Fit {
  const beyond = runs.filter(({ raw, chance }) => raw.ece > chance.high).length;
  if (2 * beyond <= runs.length) return 'fits';
  const gap = mean(runs.map(({ meanConfidence, accuracy }) => meanConfidence - accuracy));
  const ece = mean(runs.map(({ raw }) => raw.ece));
  if (Math.abs(gap) < ece / 2) return 'wrong both ways';
  return gap > 0 ? 'too sure' : 'not sure enough';
}

/** Right no more often than a coin with ten sides, or nearly so: whatever its confidence is worth, its answers are not. */
const USELESS = 0.2;
/** Sets of more than this share of the classes say nothing. */
const NEARLY_ALL = 0.8;
/** Smaller changes of a calibration error are not spoken of. */
const SLIGHT = 0.001;

/** What follows for one arm. */
export function armFollows(arm: ArmRuns, calibration: Calibration): string[] {
  const { fittedOn, groups } = calibration;
  return [
    calibrationSentence(arm),
    temperatureSentence(arm, fittedOn),
    handingSentence(arm),
    thresholdSentence(arm, calibration),
    setsSentence(arm),
    partsSentence(arm, groups),
  ];
}

function calibrationSentence(arm: ArmRuns): string {
  const { label, runs } = arm;
  const accuracy = mean(runs.map((run) => run.accuracy));
  const confidence = mean(runs.map((run) => run.meanConfidence));
  const chance = mean(runs.map((run) => run.chance.mean));
  const ece = shareWithInterval(overRuns(arm, (run) => run.raw.ece));
  const numbers = `on average it gives its answer a probability of ${percent(confidence, 1)}, and ${percent(accuracy, 1)} of its answers are right. The expected calibration error is ${ece}, where a perfectly calibrated model would show ${percent(chance)} by chance`;
  const start: Record<Fit, string> = {
    fits: `${label} is about as often right as it says`,
    'too sure': `${label} is too sure of itself`,
    'not sure enough': `${label} is more often right than it says`,
    'wrong both ways': `The confidence of ${label} is too high for some images and too low for others`,
  };
  const useless =
    accuracy < USELESS
      ? ' Whatever its confidence is worth, a model that is so often wrong is of no use.'
      : '';
  return `${start[fitOf(arm)]}: ${numbers}.${useless}`;
}

function temperatureSentence(arm: ArmRuns, fittedOn: Calibration['fittedOn']): string {
  const { label, runs } = arm;
  const where = fittedOn === 'halves' ? 'the other half of the test images' : 'the hold-out';
  if (runs.some(({ temperatureAtBound }) => temperatureAtBound)) {
    return `No temperature between 1/20 and 20 fits ${label} best: its scores and the labels of ${where} ${mean(runs.map((run) => run.accuracy)) > 0.99 ? 'agree too well for one' : 'have too little to do with each other'}.`;
  }
  const temperature = mean(runs.flatMap(({ temperatures }) => temperatures));
  const [before, after] = [
    (run: (typeof runs)[number]) => run.raw,
    (run: (typeof runs)[number]) => run.scaled,
  ];
  const loss = [before, after].map((of) => mean(runs.map((run) => of(run).logLoss)));
  const ece = [before, after].map((of) => mean(runs.map((run) => of(run).ece)));
  const change = ece[1] - ece[0];
  const effect =
    Math.abs(change) < SLIGHT
      ? 'changes little'
      : change < 0
        ? 'brings probabilities closer to the truth'
        : 'takes probabilities further from the truth';
  return `Dividing the scores behind the probabilities of ${label} by one number fitted on ${where} (${fixed(temperature, 2)}), so-called temperature scaling, ${effect}: calibration error ${percent(ece[0])} before, ${percent(ece[1])} after; log loss ${fixed(loss[0], 3)} before, ${fixed(loss[1], 3)} after. No answer changes by it.`;
}

function handingSentence(arm: ArmRuns): string {
  const [all, rest] = [riskHandingOver(arm, 0), riskHandingOver(arm, 0.05)];
  if (all === 0) return `${arm.label} makes no error here, so there is none to be handed to a person.`;
  const numbers = `with the least sure 5\u00a0% of the images left to a person, ${percent(rest)} of the other answers are wrong, instead of ${percent(all)} of all`;
  if (rest < 0.7 * all) return `The confidence of ${arm.label} tells where its errors are: ${numbers}.`;
  return `The confidence of ${arm.label} ${rest < 0.95 * all ? 'tells little about' : 'does not tell'} where its errors are: ${numbers}.`;
}

/** Whether the images are enough for a threshold to be promised by at all, whatever the model. */
export function canPromise({ fitImages, promise }: Calibration): boolean {
  return enoughForPromise(fitImages, { wanted: MAIN_ERROR, delta: 1 - promise });
}

function thresholdSentence(arm: ArmRuns, calibration: Calibration): string {
  const { label, runs } = arm;
  const summary = abstentionOf(arm).find(({ wanted }) => wanted === MAIN_ERROR)!;
  const { answered, errors, kept } = summary;
  if (answered === null || errors === null) {
    if (!canPromise(calibration)) {
      return `${grouped(calibration.fitImages)} images to fit on are too few to promise at most ${percent(MAIN_ERROR, 0)} of wrong answers, whatever ${label} is worth.`;
    }
    return `For ${label} no threshold could be found at which at most ${percent(MAIN_ERROR, 0)} of the answers are wrong and at least half of the images are answered.`;
  }
  const some =
    kept < runs.length
      ? ` In ${countOf(runs.length - kept, 'run')} of ${runs.length} no threshold could be promised.`
      : '';
  const promised = `To answer with at most ${percent(MAIN_ERROR, 0)} errors, ${label} has to leave ${percent(1 - answered.mean, 1)} of the images to a person`;
  const held =
    errors.mean <= MAIN_ERROR
      ? 'the promise held there'
      : errors.low! <= MAIN_ERROR
        ? 'slightly more than promised, which may be chance'
        : 'the promise did not hold there';
  return `${promised}; among the answered ones ${shareWithInterval(errors)} were wrong on images that the threshold had not seen: ${held}.${some}`;
}

function setsSentence(arm: ArmRuns): string {
  const { coverage, meanSize, single, empty } = setsOfArm(arm, 'lac', MAIN_ALPHA)!;
  const { many } = wordsIn(arm);
  const classes = arm.runs[0].sets[0].byClass.length;
  const size = meanSize.mean;
  const worth =
    size > NEARLY_ALL * classes
      ? `nearly all ${many}: they say nothing`
      : size > 2
        ? `${fixed(size, 1)} ${many} on average: too many to act on`
        : `${fixed(size, 2)} ${many} on average, one alone for ${percent(single, 1)} of the images${empty >= 0.0005 ? ` and none for ${percent(empty, 1)}` : ''}`;
  return `Sets of ${many} that promise to hold the true one for ${percent(1 - MAIN_ALPHA, 0)} of the images hold it for ${shareWithInterval(coverage, 1)} with ${arm.label}, and name ${worth}.`;
}

function partsSentence(arm: ArmRuns, groups: readonly string[]): string {
  const plain = setsOfArm(arm, 'lac', MAIN_ALPHA)!;
  const byClass = setsOfArm(arm, 'lac-by-class', MAIN_ALPHA)!;
  const { digit, share, short } = plain.worst;
  const words = wordsIn(arm);
  const { one, many } = words;
  const promise = percent(1 - MAIN_ALPHA, 0);
  if (plain.meanSize.mean > NEARLY_ALL * plain.byClass.length) {
    return `The promise of ${promise} is kept for every ${one} with ${arm.label}, for the empty reason that the sets leave nothing out.`;
  }
  const among = populationsSentence(arm, groups, plain);
  if (!short) {
    return `No ${one} falls short of the promise of ${promise} with ${arm.label} by more than the worst of ${countOf(plain.byClass.length, '', '').trim()} would by chance; ${theClass(words, digit)} is covered least, ${shareWithInterval(share, 1)}.${among}`;
  }
  return `With one threshold ${arm.label} does not keep the promise of ${promise} for every ${one}: for ${theClass(words, digit)} the sets hold the truth only ${shareWithInterval(share, 1)} of the time; with a threshold for each ${one} ${shareWithInterval(byClass.byClass[digit], 1)}, at ${fixed(byClass.meanSize.mean, 2)} ${many} a set instead of ${fixed(plain.meanSize.mean, 2)}.${among}`;
}

/** Of each population, whether the promise is kept for it, and by what it would be. */
function populationsSentence(arm: ArmRuns, groups: readonly string[], plain: SetsOfArm): string {
  if (groups.length < 2) return '';
  const shares = listOf(groups.map((group, g) => `of the ${group}’ ${shareWithInterval(plain.byGroup[g])}`));
  const basis = `${capitalised(shares)} are covered (intervals widened by a design effect, for images by one writer are alike)`;
  if (plain.shortGroups.length === 0) return ` ${basis}; for neither is a shortfall shown.`;
  const short = listOf(plain.shortGroups.map((g) => groups[g]));
  const own = setsOfArm(arm, 'lac-by-population', MAIN_ALPHA);
  const remedy =
    own === null
      ? ''
      : ` With a threshold for each population ${listOf(plain.shortGroups.map((g) => `${shareWithInterval(own.byGroup[g])} of the ${groups[g]}’`))} are, at ${fixed(own.meanSize.mean, 2)} digits a set instead of ${fixed(plain.meanSize.mean, 2)}.`;
  return ` ${basis}: for ${short} the promise is not kept.${remedy}`;
}

/** For whom sets of one threshold break their promise, over all arms; null where that is shown for nobody. */
export function brokenPromise(arms: readonly ArmRuns[], groups: readonly string[]): Highlight | null {
  const broken = arms.flatMap((arm) => {
    const plain = setsOfArm(arm, 'lac', MAIN_ALPHA)!;
    const { worst, shortGroups, byGroup } = plain;
    const of = [
      ...shortGroups.map((g) => `${groups[g]} ${shareWithInterval(byGroup[g])}`),
      ...(worst.short ? [`${inWords(wordsIn(arm), worst.digit)} ${shareWithInterval(worst.share, 1)}`] : []),
    ];
    return of.length === 0
      ? []
      : [{ text: `${arm.label} for ${listOf(of)}`, group: shortGroups.length > 0, digit: worst.short }];
  });
  if (broken.length === 0) return null;
  const remedies = [
    ...(broken.some(({ group }) => group) ? ['each population'] : []),
    ...(broken.some(({ digit }) => digit) ? [`each ${wordsIn(arms[0]).one}`] : []),
  ];
  return {
    label: `Sets that promise ${percent(1 - MAIN_ALPHA, 0)} do not keep it for everyone`,
    value: listOf(broken.map(({ text }) => text)),
    meaning: `The promise is one for all images together. A threshold for ${listOf(remedies, 'or')} (Mondrian conformal prediction, measured below) makes it one for each, at larger sets.`,
    kind: 'risk',
  };
}

/** ReLU against Tanh, where both are there, seed by seed. */
export function comparisonFollows(arms: readonly ArmRuns[]): string[] {
  const [relu, tanh] = ['relu', 'tanh'].map((name) => arms.find(({ activation }) => activation === name));
  if (relu === undefined || tanh === undefined) return [];
  const claim = 'The paper calls both models good enough and says nothing of their probabilities.';
  const pairs = relu.runs.flatMap((run) => {
    const other = tanh.runs.find(({ seed }) => seed === run.seed);
    return other === undefined ? [] : [[run, other] as const];
  });
  if (pairs.length < 2) {
    return [`${claim} One run of each cannot say whose are better.`];
  }
  const compared = (
    [
      ['calibration error', 100, ' points', (run: (typeof pairs)[number][0]) => run.raw.ece],
      ['log loss', 1, '', (run: (typeof pairs)[number][0]) => run.raw.logLoss],
      [`${wordsIn(relu).many} in a set that promises 99\u00a0%`, 1, '', mainSetSize],
    ] as const
  ).map(([name, unit, suffix, of]) => {
    const { n, differ, mean: centre, spread } = summarise(pairs.map(([a, b]) => unit * (of(a) - of(b))));
    const { low, high } = spread!;
    const difference = { n, differ, mean: centre, low, high };
    const open = 'not clearly different';
    const verdict = { above: 'higher', below: 'lower', few: open, open }[signOf(difference)];
    return `${name} ${verdict} (${signed(centre, 3)}, 95\u00a0% interval ${signed(low, 3)} to ${signed(high, 3)}${suffix}${fewText(difference)})`;
  });
  return [
    `${claim} ${activationName('relu')} minus ${activationName('tanh')} over ${countOf(pairs.length, 'pair')} of seeds: ${listOf(compared)}.`,
  ];
}

function mainSetSize({ sets }: ArmRuns['runs'][number]): number {
  return meanSetSize(sets.find(({ method, alpha }) => method === 'lac' && alpha === MAIN_ALPHA)!);
}

/** What was done, and on what. */
export function measuredText({
  images,
  fittedOn,
  fitImages,
  runs,
  promise,
  seed,
  groups,
  ...worded
}: Calibration & Worded): string {
  const { one, many } = wordsIn(worded);
  const grouping = groups.length > 1;
  const data =
    fittedOn === 'halves'
      ? `They are cross-fitted: the test images are parted at random into two halves of ${grouped(fitImages)}, alike in ${many}${grouping ? ' and writer populations' : ''} (seed ${seed}), and each half is judged by what was fitted on the other`
      : `They are fitted on a hold-out of ${grouped(fitImages)} images that the networks did not learn from, and judged on all test images`;
  return `${capitalised(countOf(runs.length, 'trained network'))} on ${grouped(images)} test images. Calibration: does an answer given with 90\u00a0% probability turn out right in 90\u00a0% of cases? Abstention: a threshold on the confidence below which a person decides. Sets: all ${many} that cannot be ruled out, for a promised share of true ${many} among them. Temperatures, thresholds and sets need data of their own. ${data}. Thresholds are promised with ${percent(promise, 0)} confidence by Learn then Test (Angelopoulos et al. 2021, fixed-sequence testing with exact binomial tests at two starts); sets by split conformal prediction: LAC, APS and RAPS, both randomised by a seeded draw for each image, RAPS with λ and k tuned on a fifth of the images it is fitted on, and LAC with a threshold for each ${one}${grouping ? ' or each writer population' : ''}.`;
}

export function unknowns({ fittedOn, ...worded }: Calibration & Worded): string[] {
  const { one, name } = wordsIn(worded);
  if (one !== 'digit') {
    return [
      `The promises are made for images like those of ${name}: for images from elsewhere, or of none of its classes, they do not hold.`,
      ...ALWAYS,
    ];
  }
  return [
    fittedOn === 'halves'
      ? 'Both halves have the same writers. For new writers the promises may be kept less well; how much less is not measured here.'
      : 'The promises are made for images like the hold-out, whose writers also wrote training images. The test images are by other writers, so a shortfall there is possible, and would be shown above.',
    'Scanned or drawn digits of another kind, and letters or scribbles, are outside every promise on this page.',
    ...ALWAYS,
  ];
}

const ALWAYS = [
  'A promise is about the average over many images, not about the one in hand. Each threshold’s promise fails with a probability of up to 5\u00a0%, so of many thresholds a few may.',
  'Not built: an audit trail of single decisions. Nobody can look up afterwards which image was answered how, and with which threshold.',
  'Not built: a review queue in which a person decides the images that the model leaves open, and whose decisions are kept.',
];
