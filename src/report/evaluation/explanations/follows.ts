import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { countOf, fixed, grouped, listOf, percent } from '../../../study/wording.ts';
import { armLabel, coefficient, METHOD_LABELS, preferredMethod, verdictsOf } from './words.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';

const names = (list: readonly { method: keyof typeof METHOD_LABELS }[]): string =>
  listOf(list.map(({ method }) => METHOD_LABELS[method]));

/** What follows from one network's explanations, each sentence from its numbers. */
export function followsOf(x: Explanations & Worded): string[] {
  const label = armLabel(x);
  if (x.constant) {
    return [
      `${label} gives one and the same answer to every test image: there is no decision to explain, and no map, contrast or training image of it says anything about ${wordsIn(x).things}.`,
    ];
  }
  return [
    trustSentence(x),
    ...alikeSentence(x),
    completenessSentence(x),
    changeSentence(x),
    ...neighbourSentence(x),
    ...unitSentence(x),
    `${label} is right on ${percent(x.accuracy, 1)} of the test images. An explanation tells what the network goes by, whether its answer is right or wrong; it is no evidence that the answer is right.`,
  ];
}

/** How many methods pass, and which. */
export function trustSentence(x: Explanations): string {
  const verdicts = verdictsOf(x);
  const passing = verdicts.filter(({ passes }) => passes);
  const checks = `better than chance and than simply taking the darkest ink first, on both curves, and changing when the weights${x.sanity.randomLabels === null ? '' : ' or the training labels'} are random`;
  const label = armLabel(x);
  if (passing.length === 0) {
    return `${label}: none of the ${verdicts.length} methods passes every check (${checks}). Its maps should not be given to anybody as reasons.`;
  }
  const failing = verdicts.length - passing.length;
  return `${label}: ${passing.length} of ${verdicts.length} methods pass every check (${checks}): ${names(passing)}.${failing === 0 ? '' : ` The other ${failing} should not be given as reasons.`} Single decisions here are explained with ${METHOD_LABELS[preferredMethod(x)]}.`;
}

function alikeSentence(x: Explanations & Worded): string[] {
  const alike = verdictsOf(x).flatMap(({ method, needsWeights }) => {
    const checked = x.sanity.methods.find((one) => one.method === method)!;
    return needsWeights === false ? [{ method, absolute: checked.weights.at(-1)!.absolute }] : [];
  });
  if (alike.length === 0) return [];
  return [
    `Maps by ${listOf(alike.map(({ method, absolute }) => `${METHOD_LABELS[method]} (rank correlation ${coefficient(absolute)})`))} stay much the same when all weights are random: they show the ${wordsIn(x).one === 'digit' ? 'digit' : 'picture'}, not what the network learnt.`,
  ];
}

function completenessSentence({ completeness, steps, tolerance, images }: Explanations): string {
  const above = completeness.reduce((sum, one) => sum + one.above, 0);
  const left = completeness.reduce((sum, one) => sum + one.raised.above, 0);
  const most = Math.max(...completeness.map(({ raised }) => raised.mostSteps));
  const all = completeness.length * images;
  const bound = percent(tolerance, 0);
  if (above === 0) {
    return `Integrated gradients add up to what they explain within ${bound} with ${steps} steps, for all ${grouped(all)} maps.`;
  }
  const rest =
    left === 0
      ? `with up to ${grouped(most)} steps all are within ${bound}`
      : `${countOf(left, 'map')} ${left === 1 ? 'stays' : 'stay'} above ${bound} even with ${grouped(most)} steps and ${left === 1 ? 'is' : 'are'} not exact`;
  return `With ${steps} steps, ${grouped(above)} of ${grouped(all)} maps of integrated gradients miss what they should add up to by more than ${bound}; ${rest}.`;
}

function changeSentence({ changes, ...x }: Explanations & Worded): string {
  const own = wordsIn(x).one === 'digit' ? 'digit' : 'picture';
  const { found, images, distance, medianShare } = changes;
  if (distance === null || medianShare === null) {
    return `No change that turns the answer was found for any of ${countOf(images, 'image')}.`;
  }
  return `For ${found === images ? `all ${images}` : `${found} of ${images}`} images a change was found that turns the answer; the median one has the size ${fixed(distance[1], 2)} (5 % below ${fixed(distance[0], 2)}, 5 % above ${fixed(distance[2], 2)}), which is ${percent(medianShare, 0)} of the strength of ${own === 'digit' ? 'the digit’s own ink' : 'the picture itself'}. ${medianShare < 0.2 ? `Answers hang on changes much smaller than the ${own} itself.` : `Answers turn only with changes of the order of the ${own} itself.`}`;
}

function neighbourSentence({ agreement, trainingImages }: Explanations): string[] {
  if (agreement === null) return [];
  const { right, wrong } = agreement;
  const rate = ({ images, agree }: { images: number; agree: number }): string =>
    `${agree} of ${images} (${percent(agree / images, 0)})`;
  const parts = [
    ...(right.images > 0 ? [`on images answered correctly for ${rate(right)}`] : []),
    ...(wrong.images > 0 ? [`on mistakes for ${rate(wrong)}`] : []),
  ];
  const tail =
    wrong.images > 0 && wrong.agree > 0
      ? ' Training images that agree are therefore no proof of a right answer.'
      : '';
  return [
    `Most of the five nearest of ${grouped(trainingImages)} training images bear the label that is answered: ${parts.join(', ')}.${tail}`,
  ];
}

function unitSentence({ units }: Explanations): string[] {
  const all = units.layers.reduce((sum, { count }) => sum + count, 0);
  const constant = units.layers.reduce((sum, layer) => sum + layer.constant, 0);
  if (all === 0) return [];
  return [
    constant === 0
      ? `Every one of the ${grouped(all)} hidden units answers differently to different images.`
      : `${constant} of ${grouped(all)} hidden units give the same output for all ${grouped(units.images)} test images looked at, and so take no part in any decision.`,
  ];
}
