import type { Arm } from '../../study/arm.ts';
import { epochsOf } from '../../study/arm.ts';
import { isOfTooFew } from '../../study/decision.ts';
import { epochsTo } from '../../study/judgements/convergence.ts';
import { fluctuation } from '../../study/judgements/stability.ts';
import type { Results, StudyTrial } from '../../study/results.ts';
import { countOf, grouped, listOf, percent } from '../../study/wording.ts';
import { fewReason } from '../../study/verdict.ts';
import type { Facts, Passage } from './facts.ts';
import { contrast, factsOf } from './facts.ts';

/** What speaks for each activation as far as these runs show it, and for the way they were made. */
export function strengths(results: Results): Passage[] {
  const facts = factsOf(results);
  const accuracies = facts.arms.flatMap(({ trials }) => trials.map((trial) => trial.testAccuracy));
  const parameters = [...new Set(facts.arms.map(({ name }) => results.parameters[name] ?? 0))];
  return [
    ...(facts.arms.length === 1 ? [] : facts.arms).map((arm) => ({
      title: arm.label,
      text: strengthsOf(arm, facts),
    })),
    {
      title: { 1: `Of ${facts.names[0]}`, 2: 'Of both' }[facts.arms.length] ?? 'Of all',
      text: `With ${listOf(parameters.map(grouped), 'or')} parameters every run classifies at least ${percent(Math.min(...accuracies))} and at most ${percent(Math.max(...accuracies))} of the ${facts.keptOut} correctly. Such a network is small, quick to train and quick to use.`,
    },
    {
      title: 'Of the comparison',
      text: 'All runs are shown, none was left out or chosen, and the runs of the arms are paired. The same configuration gives the same weights, bit by bit, on every machine; the hashes at the end of this report can be recomputed with dactyl verify.',
    },
  ];
}

interface Property {
  readonly words: string;
  readonly better: 1 | -1;
  readonly rope?: number;
  readonly of: (trial: StudyTrial) => number;
}

function properties({ results, arms }: Facts): Property[] {
  const { rules } = results.study;
  const all = arms.flatMap(({ trials }) => trials);
  const time = (trial: StudyTrial) =>
    epochsTo(trial.history.accuracy, results.study.rules.convergenceAccuracy);
  const last = (values: readonly number[]) => values[values.length - 1];
  return [
    { words: 'a higher test accuracy', better: 1, rope: rules.rope, of: (trial) => trial.testAccuracy },
    { words: 'a lower test loss', better: -1, of: (trial) => trial.testLoss },
    { words: 'a lower training loss', better: -1, of: (trial) => last(trial.history.loss) },
    ...(all.every((trial) => time(trial) !== null)
      ? [
          {
            words: 'faster learning',
            better: -1 as const,
            of: (trial: StudyTrial) => time(trial) ?? Number.NaN,
          },
        ]
      : []),
    ...(epochsOf(arms) >= rules.stabilityFrom + 2
      ? [
          {
            words: 'smaller fluctuations of validation accuracy',
            better: -1 as const,
            of: (trial: StudyTrial) => fluctuation(trial.history.val_accuracy, rules.stabilityFrom),
          },
        ]
      : []),
  ];
}

function strengthsOf(arm: Arm, facts: Facts): string {
  const others = facts.arms.filter((other) => other !== arm);
  const rivals = listOf(others.map(({ label }) => label));
  if (facts.seeds < 2)
    return `One ${facts.pairs} shows no advantage over ${rivals} that could not be chance.`;
  const against = others.map((other) => {
    const found = properties(facts).map((property) => {
      const { of, better, rope } = property;
      return { ...property, one: contrast(facts.results, arm, other, of, better, rope) };
    });
    return {
      rival: other.label,
      wins: found.filter(({ one }) => one?.outcome === 'first'),
      tooFew: found.flatMap(({ one, better }) =>
        one !== null && better * one.summary.mean > 0 && isOfTooFew(one.summary) ? [one.summary] : [],
      ),
    };
  });
  const over = against.filter(({ wins }) => wins.length > 0);
  const none = against.filter(({ wins }) => wins.length === 0);
  const [few] = none.flatMap(({ tooFew }) => tooFew);
  const clear = few === undefined ? 'that is clear of zero' : `that is decided: ${fewReason(few)}`;
  if (over.length === 0) {
    return `These ${countOf(facts.seeds, facts.unit)} show no advantage over ${rivals}, in accuracy, loss, speed or stability, ${clear}.`;
  }
  return [
    ...byWins(over).map(
      ({ names, words }) =>
        `Compared with ${listOf(names)}, these runs show ${words}: the 95\u00a0% interval of ${names.length === 1 ? 'the paired difference is' : 'each paired difference is'} clear of zero.`,
    ),
    ...(none.length === 0
      ? []
      : [`Over ${listOf(none.map(({ rival }) => rival))} they show no advantage ${clear}.`]),
  ].join(' ');
}

/** Rivals over which the advantages are the same stand in one sentence. */
function byWins(over: readonly { readonly rival: string; readonly wins: readonly Property[] }[]) {
  const groups = new Map<string, string[]>();
  for (const { rival, wins } of over) {
    const words = listOf(wins.map((win) => win.words));
    groups.set(words, [...(groups.get(words) ?? []), rival]);
  }
  return [...groups].map(([words, names]) => ({ words, names }));
}
