import { recallPerClass } from '../../analysis/confusion.ts';
import { mean } from '../../stats/describe.ts';
import type { Arm } from '../../study/arm.ts';
import { epochsOf, meanConfusion, meanCurve } from '../../study/arm.ts';
import { EPOCHS, epochsTo, thresholdText } from '../../study/judgements/convergence.ts';
import { wordsIn, wordsOfData } from '../dataWords.ts';
import { rankPairs } from '../../study/judgements/digits.ts';
import { riseFromMinimum } from '../../study/judgements/overfitting.ts';
import { FLUCTUATION, fluctuation } from '../../study/judgements/stability.ts';
import type { Results, StudyTrial } from '../../study/results.ts';
import type { Scale } from '../../study/verdict.ts';
import { ACCURACY, LOSS, openText } from '../../study/verdict.ts';
import { capitalised, countOf, fixed, listOf, percent } from '../../study/wording.ts';
import type { Facts, Passage } from './facts.ts';
import { contrast, differenceText, factsOf, leaderContrasts, levels } from './facts.ts';

/** Accuracy, speed, stability, overfitting and digits of the arms, whatever they are, in words made from the numbers. */
export function comparison(results: Results): Passage[] {
  const facts = factsOf(results);
  return [accuracy(facts), speed(facts), stability(facts), overfitting(facts), digits(facts)].filter(
    (passage) => passage !== null,
  );
}

function accuracy(facts: Facts): Passage {
  const level = levels(facts.arms, (trial) => trial.testAccuracy, ACCURACY);
  const { leader, contrasts } = leaderContrasts(facts);
  const sentences = contrasts.map((one) => {
    const words = {
      first: `by this interval ${leader.label} is the more accurate`,
      second: `by this interval ${one.second.label} is the more accurate`,
      equivalent: 'any difference is too small to matter',
      undecided: openText(one.summary, 'which is the more accurate is not settled'),
    }[one.outcome];
    return `${leader.label} minus ${one.second.label}: ${differenceText(one, ACCURACY)}; ${words}.`;
  });
  return {
    title: 'Accuracy',
    text: `After the last epoch the mean ${facts.arms.length === 1 ? 'accuracy' : 'accuracies'} on the ${facts.keptOut} ${facts.arms.length === 1 ? 'is' : 'are'} ${level}. ${sentences.join(' ')}`.trim(),
  };
}

function speed(facts: Facts): Passage {
  const { arms, results } = facts;
  const threshold = results.study.rules.convergenceAccuracy;
  const of = (trial: StudyTrial) => epochsTo(trial.history.accuracy, threshold);
  const late = arms.filter(({ trials }) => trials.some((trial) => of(trial) === null));
  if (late.length > 0) {
    const first = levels(arms, (trial) => trial.history.accuracy[0], ACCURACY);
    return {
      title: 'Speed of learning',
      text: `Not every run of ${listOf(late.map(({ label }) => label))} reaches a training accuracy of ${thresholdText(threshold)}, so the time to it is not compared. After the first epoch the mean training ${arms.length === 1 ? 'accuracy is' : 'accuracies are'} ${first}.`,
    };
  }
  const time = (trial: StudyTrial) => of(trial) ?? Number.NaN;
  const level = levels(arms, time, EPOCHS);
  return {
    title: 'Speed of learning',
    text: `The mean time to a training accuracy of ${thresholdText(threshold)} is ${level}. ${ofTwo(facts, time, -1, EPOCHS, 'is the faster', 'which is the faster is not settled')}`.trim(),
  };
}

function stability(facts: Facts): Passage | null {
  const { arms, results } = facts;
  const from = results.study.rules.stabilityFrom;
  if (epochsOf(arms) < from + 2) return null;
  const of = (trial: StudyTrial) => fluctuation(trial.history.val_accuracy, from);
  return {
    title: 'Stability',
    text: `From epoch ${from} on, validation accuracy moves from one epoch to the next with a standard deviation of ${levels(arms, of, FLUCTUATION)}. ${ofTwo(facts, of, -1, FLUCTUATION, 'is the more stable', 'which is the more stable is not settled')}`.trim(),
  };
}

function overfitting({ arms }: Facts): Passage | null {
  if (epochsOf(arms) < 2) return null;
  const parts = arms.map((arm) => {
    const { loss, val_loss, accuracy, val_accuracy } = meanCurves(arm);
    const at = 1 + val_loss.indexOf(Math.min(...val_loss));
    const rise = riseFromMinimum(val_loss);
    const gap = 100 * (accuracy[accuracy.length - 1] - val_accuracy[val_accuracy.length - 1]);
    const turning =
      at === val_loss.length
        ? `still falls in the last epoch, at ${LOSS.level(val_loss[at - 1])}`
        : `is lowest after epoch ${at} (${LOSS.level(val_loss[at - 1])}) and has risen by ${LOSS.level(rise)} at the end, while the training loss goes down to ${LOSS.level(loss[loss.length - 1])}`;
    return `With ${arm.label} the mean validation loss ${turning}; training accuracy ends ${fixed(Math.abs(gap), 2)}\u00a0points ${gap < 0 ? 'below' : 'above'} validation accuracy.`;
  });
  return { title: 'Overfitting', text: parts.join(' ') };
}

function digits({ arms, seeds, unit, keptOut, results }: Facts): Passage {
  const { one, many, classes } = wordsIn(wordsOfData(results.data));
  const parts = arms.map((arm) => {
    const recalls = arm.trials.map((trial) => recallPerClass(trial.confusionMatrix));
    const means = recalls[0].map((_, digit) => mean(recalls.map((recall) => recall[digit])));
    const order = means.map((_, digit) => digit).sort((a, b) => means[b] - means[a]);
    const [best, worst] = [order[0], order[order.length - 1]];
    const [pair] = rankPairs(meanConfusion(arm));
    const [a, b] = [classes[pair.a], classes[pair.b]];
    const recall =
      means[best] === means[worst]
        ? `all ${many} alike (${percent(means[best])} of the images of each)`
        : `${classes[best]} best (${percent(means[best])} of its images) and ${classes[worst]} worst (${percent(means[worst])})`;
    const confused =
      pair.aAsB + pair.bAsA === 0
        ? 'takes none for another'
        : `confuses ${a} and ${b} most often (${fixed(pair.aAsB, 1)} times ${a} as ${b}, ${fixed(pair.bAsA, 1)} times ${b} as ${a})`;
    return `${arm.label} recognises ${recall}, and ${confused}`;
  });
  const counts = arms[0].trials[0].confusionMatrix.map((row) => row.reduce((sum, n) => sum + n, 0));
  const unequal = counts.some((count) => count !== counts[0])
    ? ` Rates, not counts, are compared: the ${keptOut} are not the same number of each ${one}.`
    : '';
  return {
    title: capitalised(many),
    text: `${parts.join('; ')}${seeds > 1 ? `, on average over ${countOf(seeds, unit)}` : ''}.${unequal}`,
  };
}

/** For two arms the paired difference and who is ahead by `better`; empty for more, where levels alone are given. */
function ofTwo(
  { arms, results }: Facts,
  of: (trial: StudyTrial) => number,
  better: 1 | -1,
  scale: Scale,
  ahead: string,
  open: string,
): string {
  if (arms.length === 1) return '';
  if (arms.length !== 2) return 'The differences between the arms are not tested here.';
  const one = contrast(results, arms[0], arms[1], of, better);
  if (one === null) return '';
  const winner = one.outcome === 'first' ? arms[0] : one.outcome === 'second' ? arms[1] : null;
  const verdict = winner === null ? openText(one.summary, open) : `by this interval ${winner.label} ${ahead}`;
  return `${arms[0].label} minus ${arms[1].label} is ${differenceText(one, scale)}; ${verdict}.`;
}

function meanCurves(arm: Arm): StudyTrial['history'] {
  const curve = (name: keyof StudyTrial['history']) =>
    meanCurve(arm.trials.map(({ history }) => history[name]));
  return {
    loss: curve('loss'),
    accuracy: curve('accuracy'),
    val_loss: curve('val_loss'),
    val_accuracy: curve('val_accuracy'),
  };
}
