import type { ArmAudit, PrivacyAudit, RunAudit } from '../../../analysis/privacy/lossThreshold.ts';
import { mean } from '../../../stats/describe.ts';
import { armLabel } from '../../../study/arm.ts';
import { countOf, fixed, grouped, NO_BREAK_SPACE, percent, signed } from '../../../study/wording.ts';
import { fewText, signOf } from '../estimate.ts';
import {
  areaSide,
  auditOf,
  fewOthersText,
  guessedAt,
  isOpenByImages,
  surenessOf,
  timesOf,
} from './findings.ts';
import { casesText, comparisonText, countedEstimate, paperPair, rateText, strengthOf } from './words.ts';

/** From so many networks on a correlation is worth a sentence. */
const FOR_CORRELATION = 8;

export function auditFollows(audit: PrivacyAudit): string[] {
  const { arms, runs, falsePositives } = audit;
  return [
    ...arms.flatMap((arm) => armSentences(arm, audit)),
    ...correlation(arms, runs),
    ...comparison(arms, runs),
    `One false accusation in ${grouped(1 / falsePositives)} is the measure because an attack harms by the few images that it is sure of, not by its average.`,
  ];
}

function armSentences(arm: ArmAudit, audit: PrivacyAudit): string[] {
  const { runs, falsePositives } = audit;
  const label = armLabel(arm.arm, arm.activation);
  const attacked = auditOf(arm, audit);
  const { auc, rate } = attacked;
  const own = runs.filter((run) => run.arm === arm.arm);
  const accuracy = mean(own.map((run) => run.accuracy.others));
  const over = own.length > 1 ? `, mean of ${countOf(own.length, 'network')}` : '';
  const cases = `of a training and a test image the attack takes the training image for the known one in ${casesText(auc)}${over}`;
  const first = {
    above: `${label}: ${cases}; guessing would in 50. On average it ${strengthOf(auc.value)}.`,
    open: `${label}: ${cases}; ${isOpenByImages(attacked) ? 'by the images, which all networks share, ' : ''}that cannot be told from guessing, 50.`,
    below: `${label}: ${cases}. Below 50 the test images look more familiar than the training images: no sign of membership, but of a difference between the two sets.`,
  }[areaSide(attacked)];
  const recognised = `At ${percent(falsePositives, 1)} false accusations it recognises ${rateText(rate)} of the training images`;
  const second = {
    few: `How many it recognises for certain cannot be told: ${fewOthersText(attacked)}.`,
    shown: `${recognised}, ${fixed(timesOf(attacked), 1)} times what guessing does.`,
    open: `${recognised}; guessing gets ${percent(guessedAt(attacked), 1)}, and more than that could not be shown.`,
  }[surenessOf(attacked)];
  const gap =
    arm.gap.mean === 0
      ? 'It is as often right on test images as on training images.'
      : `It is right on ${fixed(100 * Math.abs(arm.gap.mean), 2)} points more of the ${arm.gap.mean > 0 ? 'training' : 'test'} images than of the ${arm.gap.mean > 0 ? 'test' : 'training'} images.`;
  const poor =
    accuracy < 0.2
      ? [
          `It reads only ${percent(accuracy, 1)} of the test images: a network that has learnt next to nothing has little to give away, and that is no protection to rely on.`,
        ]
      : [];
  return [`${first} ${second}`, gap, ...poor];
}

/** Pearson's r of gap and area over the networks, each from its arm's mean, with Fisher's interval. */
function correlation(arms: readonly ArmAudit[], runs: readonly RunAudit[]): string[] {
  const freedom = runs.length - arms.length - 2;
  if (runs.length < FOR_CORRELATION || freedom < 1) return [];
  let [xx, xy, yy] = [0, 0, 0];
  for (const { arm, gap, auc } of arms) {
    for (const run of runs.filter((one) => one.arm === arm)) {
      const x = run.accuracy.members - run.accuracy.others - gap.mean;
      const y = run.auc.value - auc.mean;
      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
  }
  if (!(xx > 1e-12 && yy > 1e-12)) return [];
  const r = Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  const half = 1.96 / Math.sqrt(freedom);
  const [low, high] = [Math.tanh(Math.atanh(r) - half), Math.tanh(Math.atanh(r) + half)];
  const numbers = `correlation within arms ${signed(r, 2)}, 95${NO_BREAK_SPACE}% interval ${signed(low, 2)} to ${signed(high, 2)}, ${countOf(runs.length, 'network')}`;
  // Exchanges are within arms: an arm of two networks has one, as a pair of seeds has.
  const estimate = { n: runs.length - arms.length, mean: r, low, high };
  const open = 'No relation of the gap between training and test with what is given away could be shown';
  const verdict = {
    above: 'Networks that do better on their training images than on others also give away more',
    below: 'Networks with a larger gap between training and test give away less here',
    few: open,
    open,
  }[signOf(estimate)];
  return [`${verdict} (${numbers}${fewText(estimate)}).`];
}

function comparison(arms: readonly ArmAudit[], runs: readonly RunAudit[]): string[] {
  const pair = paperPair(arms);
  if (pair === null) return [];
  const [relu, tanh] = pair.map(
    ({ arm }) => new Map(runs.filter((run) => run.arm === arm).map((run) => [run.seed, run.auc.value])),
  );
  const differences = [...relu].flatMap(([seed, value]) => {
    const other = tanh.get(seed);
    return other === undefined ? [] : [value - other];
  });
  if (differences.length === 0) return [];
  const text = comparisonText(countedEstimate(differences), {
    what: 'the area under the attack’s curve',
    write: (value) => signed(value, 4),
  });
  return [`${text} The paper makes no claim about privacy and activation.`];
}
