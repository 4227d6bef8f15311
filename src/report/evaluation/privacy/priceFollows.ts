import type { Estimate } from '../../../study/evaluation/evidence.ts';
import type { PricePoint, PriceOfPrivacy } from '../../../analysis/privacy/price.ts';
import { tooFewText } from '../../../study/verdict.ts';
import { activationName, fixed, percent, points } from '../../../study/wording.ts';
import { epsilonText } from './priceFigure.ts';
import { changeText, fewText, signOf } from '../estimate.ts';
import { comparisonText, countedEstimate } from './words.ts';

type Guarded = PricePoint & { readonly epsilon: number };

export function guardedPoints(price: PriceOfPrivacy): Guarded[] {
  return price.points.filter((point): point is Guarded => point.epsilon !== null);
}

/** The point whose ε is nearest to 1, as factors go. */
export function nearOne(points: readonly Guarded[]): Guarded {
  const distance = ({ epsilon }: Guarded): number => Math.abs(Math.log(epsilon));
  return points.reduce((best, point) => (distance(point) < distance(best) ? point : best));
}

/** Accuracy of the same activation without privacy minus that of the point, over the seeds that both have. */
export function costOf(point: PricePoint, price: PriceOfPrivacy): Estimate | null {
  const plain = price.points.find(
    ({ noiseMultiplier, activation }) => noiseMultiplier === null && activation === point.activation,
  );
  return plain === undefined ? null : differenceOf(plain, point);
}

/** Accuracy of the first minus that of the second over the seeds that both have; null where they have none. */
function differenceOf(first: PricePoint, second: PricePoint): Estimate | null {
  const partner = new Map(first.accuracies.map(({ seed, accuracy }) => [seed, accuracy]));
  const differences = second.accuracies.flatMap(({ seed, accuracy }) => {
    const other = partner.get(seed);
    return other === undefined ? [] : [other - accuracy];
  });
  return differences.length === 0 ? null : countedEstimate(differences);
}

export function priceFollows(price: PriceOfPrivacy): string[] {
  const guarded = guardedPoints(price);
  const activations = [...new Set(guarded.map(({ activation }) => activation))];
  return [
    ...activations.flatMap((activation) => {
      const own = guarded.filter((point) => point.activation === activation);
      return [costSentence(nearOne(own), price), ...trendSentence(own)];
    }),
    ...comparison(guarded),
    'ε bounds how much more likely anything becomes by one image: e to the power of ε times. At ε = 1 that is 2.7 times, at ε = 8 it is 2,981 times, which promises next to nothing.',
  ];
}

function costSentence(point: Guarded, price: PriceOfPrivacy): string {
  const name = activationName(point.activation);
  const reached = `${name} reaches ${percent(point.accuracy.mean)} at ε = ${epsilonText(point.epsilon)}`;
  const cost = costOf(point, price);
  if (cost === null) return `${reached}; no network without privacy was run to compare with.`;
  const range =
    cost.low === null ? '' : ` (95 % interval ${fixed(100 * cost.low, 2)} to ${fixed(100 * cost.high!, 2)})`;
  const amount = `${fixed(100 * cost.mean, 2)} points${range}`;
  switch (signOf(cost)) {
    case 'above':
      return `${reached}: privacy costs ${amount} against the paper’s recipe without it.`;
    case 'below':
      return `${reached}, more than without privacy (cost ${amount}).`;
    case 'few':
      return `${reached}; its cost, ${amount}, is ${tooFewText(cost)}.`;
    case 'open':
      return `${reached}; its cost, ${amount}, cannot be told from none${cost.low === null ? ' with one seed' : ''}.`;
  }
}

function trendSentence(own: readonly Guarded[]): string[] {
  if (own.length < 2) return [];
  const [first, last] = [own[0], own[own.length - 1]];
  const change = differenceOf(last, first);
  if (change === null) return [];
  const name = activationName(first.activation);
  const range = `from ε = ${epsilonText(first.epsilon)} to ε = ${epsilonText(last.epsilon)}`;
  const open = `With ${name} it is not settled whether less privacy buys accuracy`;
  const verdict = {
    above: `With ${name}, less privacy buys accuracy`,
    below: `With ${name}, less privacy buys no accuracy here`,
    few: open,
    open,
  }[signOf(change)];
  return [`${verdict}: ${changeText(change)} ${range}${fewText(change)}.`];
}

/** ReLU minus Tanh, averaged over the values of ε that both have, one number for each seed. */
function comparison(guarded: readonly Guarded[]): string[] {
  const bySeed = new Map<number, number[]>();
  for (const relu of guarded.filter(({ activation }) => activation === 'relu')) {
    const tanh = guarded.find(({ activation, epsilon }) => activation === 'tanh' && epsilon === relu.epsilon);
    for (const { seed, accuracy } of relu.accuracies) {
      const other = tanh?.accuracies.find((one) => one.seed === seed);
      if (other === undefined) continue;
      bySeed.set(seed, [...(bySeed.get(seed) ?? []), accuracy - other.accuracy]);
    }
  }
  const differences = [...bySeed.values()].map((own) => own.reduce((a, b) => a + b) / own.length);
  if (differences.length === 0) return [];
  const difference = countedEstimate(differences);
  const text = comparisonText(difference, {
    what: 'the accuracy under privacy (mean over the values of ε)',
    write: (value) => points(value),
  });
  const paper =
    signOf(difference) === 'below'
      ? 'The paper holds ReLU to be the better choice; under privacy that is not so. Papernot et al. 2021 (arXiv 2007.14191) reported the same of bounded activations.'
      : 'The paper compares ReLU and Tanh without privacy only.';
  return [`${text} ${paper}`];
}
