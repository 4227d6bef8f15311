import { differing } from '../../stats/differing.ts';
import { FEWEST_SEEDS } from '../../study/decision.ts';
import { atLeastThree, FEWEST_GROUPS, FEWEST_IMAGES } from '../../study/pairDecision.ts';
import type { JudgedPair, Range } from '../../study/judgedPair.ts';
import type { PredictionJudgement } from '../../study/judgePredictions.ts';
import { ACCURACY, neededText, ropeText, tooFewText } from '../../study/verdict.ts';
import {
  capitalised,
  countOf,
  fixed,
  grouped,
  listOf,
  percent,
  points,
  signed,
} from '../../study/wording.ts';

/** Whom a verdict is about. */
const ABOUT = {
  seeds: 'the two ways of training',
  'one against seeds': 'one trained model against a way of training',
  single: 'these two trained models only',
} as const;

/** Pairs that are named in one sentence. */
const MOST_ORDERS = 10;

const OUTCOMES = {
  supported: 'clear of zero on the side of the statement',
  contradicted: 'clear of zero on the other side than the statement says',
  equivalent: 'so any difference is too small to matter',
  undecided: 'so the question is open',
} as const;

export function statementOf({ first, second }: JudgedPair): string {
  return `${first} is more accurate than ${second}`;
}

/** The state, and whether it would not hold among all pairs, or among other images. */
export function verdictText(pair: JudgedPair): string {
  const { state, opens } = pair;
  if (opens) return `${state}, open after Holm`;
  return holdsHereOnly(pair) ? `${state}, on these images alone` : state;
}

/** Whether seeds decide, judged on these very images, what the interval over other seeds and other images at once leaves open. */
function holdsHereOnly({ state, seeds, bootstrap }: JudgedPair): boolean {
  return (
    seeds !== null &&
    (state === 'supported' || state === 'contradicted') &&
    bootstrap.low <= 0 &&
    bootstrap.high >= 0
  );
}

export function aboutOf({ design }: JudgedPair): string {
  return ABOUT[design];
}

/** How the state follows from the numbers. */
export function ruleOf(pair: JudgedPair, { rope }: PredictionJudgement): string {
  const interval =
    pair.seeds === null
      ? `The 95\u00a0% bootstrap interval of the difference over ${pair.bootstrap.over}`
      : 'The 95\u00a0% Student interval of the paired difference over seeds';
  const least =
    pair.seeds === null && pair.bootstrap.over === 'images'
      ? ' It is taken at least three images wide to either side, and a sign needs McNemar’s exact p below .05.'
      : pair.seeds === null
        ? ' A sign needs a p below .05 of the permutation test of the groups.'
        : ' A sign needs six seeds or more in which they differ.';
  return `${interval}: within ${ropeText({ rope })} counts as equivalent; else above zero supports the statement, below zero contradicts it, anything else is undecided.${least} Fewer than ${FEWEST_IMAGES} images or ${FEWEST_GROUPS} groups, and an interval without width, decide nothing; where no image tells the two apart, three in n of the n images, or groups, stay open.`;
}

/** The pair in words: what was seen, and what that says. */
export function pairSentence(
  pair: JudgedPair,
  { rope, images }: Pick<PredictionJudgement, 'rope' | 'images'>,
): string {
  const { first, second, seeds, mean, bootstrap, design, differences } = pair;
  const parts: string[] = [];
  if (seeds === null) {
    const [{ onlyFirst, onlySecond, exactP, midP }] = pair.mcnemar;
    const overGroups = bootstrap.over === 'groups';
    parts.push(
      `${first} minus ${second}: ${points(mean)} (${overImagesText(pair, images)}), ${outcomeOf(pair)}.`,
      `${grouped(onlyFirst)} images only ${first} got right, ${grouped(onlySecond)} only ${second} (${overGroups ? `permutation test of the groups: p ${pText(pair.p)}; McNemar, as if every image were of a group of its own` : 'McNemar'}: exact p ${pText(exactP)}, mid-p ${pText(midP)}).`,
    );
  } else {
    const runs = `over ${countOf(differences.length, design === 'seeds' ? 'pair of runs' : 'run', design === 'seeds' ? 'pairs of runs' : 'runs')}`;
    parts.push(
      seeds.student === null
        ? `${first} minus ${second}: ${points(mean)} ${runs}, the same in each, so there is no spread to judge by: do the seeds reach the training?`
        : `${first} minus ${second}: ${points(mean)} ${runs} (95\u00a0% interval ${range(seeds.student)}), ${outcomeOf(pair)}.`,
    );
    const { permutation } = seeds;
    parts.push(
      `Permutation test: p ${pText(permutation.p)}${permutation.exact && permutation.smallestP > 0.001 ? `; with these differences it could not be below ${pText(permutation.smallestP)}` : ''}.`,
    );
    if (seeds.needed !== null) {
      parts.push(neededText(seeds.needed, differences.length, ACCURACY.margin(rope)));
    }
    parts.push(
      `For other seeds and other ${bootstrap.over === 'seeds and groups' ? 'groups of images' : 'images'} at once the interval is ${range(bootstrap)}${holdsHereOnly(pair) ? ', which zero lies in: the verdict is about these images alone' : ''}.`,
    );
  }
  if (pair.opens) {
    parts.push(
      `Among all pairs (Holm) its p is ${pText(pair.holm)}, so as one of this family the question is open.`,
    );
  }
  if (pair.leftOut > 0)
    parts.push(
      `${capitalised(countOf(pair.leftOut, 'run'))} without a partner ${pair.leftOut === 1 ? 'is' : 'are'} left out.`,
    );
  return parts.join(' ');
}

/** The interval of two single models that decides; of differences it ends where these do. */
export function overImages({ bootstrap, mean }: JudgedPair, images: number): Range {
  const { low, high } = bootstrap.over === 'images' ? atLeastThree(bootstrap, mean, images) : bootstrap;
  return { low: Math.max(-1, low), high: Math.min(1, high) };
}

function overImagesText(pair: JudgedPair, images: number): string {
  const interval = overImages(pair, images);
  const { over } = pair.bootstrap;
  if (interval.low === interval.high) return `no interval over ${over}: the same in each`;
  return `95\u00a0% interval ${range(interval)} over ${over}`;
}

function countedOf(differences: JudgedPair['differences']): { n: number; differ: number } {
  return { n: differences.length, differ: differing(differences.map(({ difference }) => difference)) };
}

/** What follows from the interval, or why nothing does. */
function outcomeOf({ state, open, bootstrap, differences }: JudgedPair): string {
  switch (open?.kind) {
    case undefined:
      return OUTCOMES[state];
    case 'alike':
      return `but no image tells the two apart, and with so few up to ${points(open.bound!).replace('+', '')} stay open (three in n), so the question is open`;
    case 'images':
      return `but fewer than ${FEWEST_IMAGES} images decide nothing, so the question is open`;
    case 'groups':
      return `but fewer than ${FEWEST_GROUPS} groups decide nothing, so the question is open`;
    case 'spread':
      return 'but an interval without width is no evidence, so the question is open';
    case 'copies':
      return 'but the runs of one model all give the same answers (does the seed reach the training?), which is no evidence about seeds, so the question is open';
    case 'seeds':
      return `${tooFewText(countedOf(differences))}, so the question is open`;
    case 'discordant':
      return bootstrap.over === 'groups'
        ? 'but so few groups tell the two apart that the permutation test leaves the question open'
        : 'but so few images tell the two apart that McNemar’s test leaves the question open';
  }
}

/** One paragraph at the head of the page. */
export function answerSentence(judgement: PredictionJudgement): string {
  const { models, pairs, images } = judgement;
  const levels = models.map(({ name, accuracy, runs }) => {
    const first = runs[0].wilson;
    return `${name} ${percent(accuracy.mean)}${runs.length === 1 ? ` (${percent(first.low)} to ${percent(first.high)})` : ` (mean of ${runs.length} runs)`}`;
  });
  const start = `On ${grouped(images)} images: ${listOf(levels)}.`;
  if (pairs.length === 0) return `${start} One model: nothing is compared.`;
  if (pairs.length === 1) {
    const [pair] = pairs;
    return `${start} ‘${statementOf(pair)}’: ${verdictText(pair)}. ${pairSentence(pair, judgement)}`;
  }
  const clear = pairs.filter(
    ({ state, opens }) => (state === 'supported' || state === 'contradicted') && !opens,
  );
  const orders = clear.map(({ first, second, state }) =>
    state === 'supported' ? `${first} above ${second}` : `${second} above ${first}`,
  );
  const equivalent = pairs.filter(({ state }) => state === 'equivalent').length;
  const open = pairs.length - clear.length - equivalent;
  const shown =
    orders.length > MOST_ORDERS
      ? [...orders.slice(0, MOST_ORDERS), `${grouped(orders.length - MOST_ORDERS)} more`]
      : orders;
  const order = orders.length === 0 ? '' : ` (${listOf(shown)})`;
  const tally = [
    ...(clear.length === 0 ? [] : [`${countOf(clear.length, 'differs', 'differ')}${order}`]),
    ...(equivalent === 0 ? [] : [countOf(equivalent, 'is equivalent', 'are equivalent')]),
    ...(open === 0 ? [] : [countOf(open, 'is open', 'are open')]),
  ];
  return `${start} Of the ${countOf(pairs.length, 'pair')} ${listOf(tally)}, with Holm’s correction over all of them.`;
}

/** What these numbers can be asked, and what they cannot. */
export function limitsOf({ models, pairs, groups, images }: PredictionJudgement): {
  readonly follows: readonly string[];
  readonly doesNot: readonly string[];
} {
  const single = pairs.filter(({ design }) => design === 'single');
  const mixed = pairs.filter(({ design }) => design === 'one against seeds');
  const several = pairs.filter(({ design }) => design === 'seeds');
  const few = pairs.filter(
    ({ seeds, differences }) => seeds !== null && countedOf(differences).differ < FEWEST_SEEDS,
  );
  const copies = pairs.filter(
    ({ seeds, open }) => seeds !== null && (seeds.student === null || open?.kind === 'copies'),
  );
  const follows = [
    'The accuracies are those of the files: nothing was trained or predicted again.',
    ...(several.length > 0
      ? [
          `With several seeds the verdict is about how such models turn out when they are trained again with other seeds on the same training data, judged on these ${grouped(images)} images.`,
        ]
      : []),
    ...(single.length > 0
      ? [
          `With one run each the verdict is about these two trained models on images like these${groups === null ? '; McNemar’s test says the same of them' : ''}.`,
        ]
      : []),
    groups === null
      ? 'Intervals over images take every image as drawn by itself. Where several are by one writer, or of one source, they and McNemar’s test are too sure; a column with the writers, group, widens them.'
      : `The bootstrap draws the ${countOf(groups, 'group')}, each with all its images; Wilson’s and Clopper–Pearson’s intervals count the images as what they are worth by their groups (Korn and Graubard). McNemar’s test does not know the groups, and is too sure where the images of one are alike: no verdict rests on it.`,
  ];
  const doesNot = [
    ...(single.length > 0
      ? [
          'From one run each it does not follow that one way of training is better: another seed may turn the order round. Write several seeds into a seed column.',
        ]
      : []),
    ...(mixed.length > 0
      ? ['A model with one run stands for itself only; the spread of its training is not in the numbers.']
      : []),
    ...(few.length > 0
      ? [
          'Below six seeds in which two models differ no permutation test can reach p < .05, and the intervals lean on a normal distribution of the differences, so that no sign is decided.',
        ]
      : []),
    ...(copies.length > 0 ? ['Runs that do not differ are no evidence about seeds.'] : []),
    ...(models.length > 1
      ? [
          'Whether the models had the same training data, the same tuning budget and never saw these images cannot be read from predictions; it has to be so for the comparison to be fair.',
        ]
      : []),
    'Nothing is said of images that are not like these.',
  ];
  return { follows, doesNot };
}

/** '−0.12 to +0.34 points' */
function range({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${signed(100 * low, 2)} to ${points(high)}`;
}

/** 'under 0.0001', '0.012', '1' */
export function pText(p: number): string {
  if (p < 0.0001) return 'under 0.0001';
  return p >= 1 ? '1' : fixed(p, p < 0.01 ? 4 : 3);
}
