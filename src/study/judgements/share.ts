import { clopperPearson, signTestP } from '../../stats/binomial.ts';
import { samplingOf } from '../arm.ts';
import type { Study } from '../configuration.ts';
import type { State } from '../decision.ts';
import { percent } from '../wording.ts';

export interface ShareJudgement {
  readonly state: State;
  readonly p: number | null;
  /** '12 of 30, 23 % to 59 %' as a share with its 95 % interval. */
  readonly text: string;
}

/** Decides 'this is so in more than half of all runs that there could be' from `count` of `runs`. One run decides nothing. */
export function judgeShare(count: number, runs: number, study: Study): ShareJudgement {
  const { low, high } = clopperPearson(count, runs);
  const p = runs < 2 ? null : signTestP(count, runs, samplingOf(study));
  const decided = p !== null && p < 0.05;
  return {
    state: !decided ? 'undecided' : 2 * count > runs ? 'supported' : 'contradicted',
    p,
    text: `${percent(count / runs, 0)}, 95\u00a0% interval ${percent(low, 0)} to ${percent(high, 0)}`,
  };
}

/** `what` are the runs that count. */
export function shareRule(what: string, study: Study): string {
  const test = study.stopping
    ? 'An always-valid binomial test'
    : 'The binomial test (Clopper and Pearson’s interval, which covers 95\u00a0% or more)';
  return `${test} of the share of ${what} against one half: more supports the statement, less contradicts it, anything else is undecided.`;
}
