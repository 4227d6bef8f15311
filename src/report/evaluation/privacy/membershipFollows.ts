import type { ArmMembership, Membership } from '../../../analysis/privacy/membership.ts';
import { estimateOf } from '../../../analysis/privacy/estimate.ts';
import { armLabel } from '../../../study/arm.ts';
import { fixed, grouped, percent, signed } from '../../../study/wording.ts';
import {
  areaSide,
  type Attacked,
  fewOthersText,
  isOpenByImages,
  ratioOf,
  surenessOf,
  timesOf,
} from './findings.ts';
import { casesText, comparisonText, paperPair, rangedOf, rateText, sideOf, strengthOf } from './words.ts';

export function membershipFollows(membership: Membership): string[] {
  const { arms, images } = membership;
  return [
    ...arms.flatMap((arm) => {
      const attacked = ratioOf(arm, membership);
      const shown = surenessOf(attacked) === 'shown';
      return [
        ratioSentence(arm, attacked),
        ...(shown ? plainSentence(arm) : []),
        writersSentence(arm),
        exposedSentence(arm, images, shown),
      ];
    }),
    ...comparison(arms),
  ];
}

function ratioSentence({ arm, activation }: ArmMembership, attacked: Attacked): string {
  const label = armLabel(arm, activation);
  const { auc, rate, falsePositives } = attacked;
  const open = 'cannot be shown to give away what it was trained on';
  const verdict = {
    above: `on average ${strengthOf(auc.value)}`,
    open: isOpenByImages(attacked) ? `${open}, as these attacks share their images` : open,
    below: 'does not give away what it was trained on',
  }[areaSide(attacked)];
  const recognised = `At ${percent(falsePositives, 1)} false accusations it recognises ${rateText(rate)} of the training images`;
  const sure = {
    few: `How many it recognises for certain cannot be told: ${fewOthersText(attacked)}`,
    shown: `${recognised}, ${fixed(timesOf(attacked), 1)} times what guessing does`,
    open: `${recognised}, which cannot be told from guessing`,
  }[surenessOf(attacked)];
  return `${label}, likelihood ratio: of an image that was trained on and one that was not, the attack picks the first in ${casesText(auc)}; guessing would in 50. The network ${verdict}. ${sure}.`;
}

function plainSentence({ arm, activation, ratio, loss }: ArmMembership): string[] {
  const [a, b] = [ratio.truePositive.mean, loss.truePositive.mean];
  if (!(a > 1.5 * b)) return [];
  return [
    `${armLabel(arm, activation)}: the plain threshold on the loss recognises only ${percent(b)} there; an audit by it alone would call the network safer than it is.`,
  ];
}

function writersSentence({ arm, activation, writers }: ArmMembership): string {
  const label = armLabel(arm, activation);
  const text = casesText(rangedOf(writers));
  switch (sideOf(rangedOf(writers), 0.5)) {
    case 'open':
      return `${label}: training images that a network never saw cannot be told from test images by the loss (${text}), so the difference of the two sets does not disturb an audit that sets the one against the other.`;
    case 'above':
      return `${label}: training images that a network never saw look more familiar to it than test images (${text}), for no other reason than that the two sets differ, by their writers for one. An audit that sets training against test images finds that much without any membership.`;
    case 'below':
      return `${label}: training images that a network never saw look less familiar to it than test images (${text}), for no other reason than that the two sets differ, by their writers for one. An audit that sets training against test images finds less than there is.`;
  }
}

function exposedSentence(
  { arm, activation, exposed, everTold, mostlyTold }: ArmMembership,
  images: number,
  shown: boolean,
): string {
  const label = armLabel(arm, activation);
  if (exposed.length === 0) return `${label}: no single image was recognised in any network.`;
  if (!shown) return `${label}: no single image can be shown to be recognised.`;
  const [{ told, trained }] = exposed;
  return `${label}: ${grouped(mostlyTold)} of ${grouped(images)} images are recognised in at least half of the networks trained on them, ${grouped(everTold)} in at least one; the most exposed in ${told} of ${trained}. Averages do not protect these.`;
}

function comparison(arms: readonly ArmMembership[]): string[] {
  const pair = paperPair(arms);
  if (pair === null) return [];
  const [relu, tanh] = pair;
  const partner = new Map(tanh.runs.map((run) => [run.seed, run.ratioAuc]));
  const differences = relu.runs.flatMap(({ seed, ratioAuc }) => {
    const other = partner.get(seed);
    return other === undefined ? [] : [ratioAuc - other];
  });
  if (differences.length === 0) return [];
  const text = comparisonText(estimateOf(differences), {
    what: 'the area under the likelihood-ratio attack’s curve',
    write: (value) => signed(value, 4),
  });
  return [`${text} The paper makes no claim about privacy and activation.`];
}
