import type { State } from '../../study/decision.ts';
import { STATES } from '../../study/decision.ts';
import type { Evaluation } from '../../study/evaluation/record.ts';
import { correctVerdicts, judgeClaims } from '../../study/judge.ts';
import { paperArms, recipeDifferences } from '../../study/paper.ts';
import type { Results } from '../../study/results.ts';
import { isDecided } from '../../study/verdict.ts';
import { countOf, listOf } from '../../study/wording.ts';
import { answer } from './answer.ts';
import type { Contrast, Facts } from './facts.ts';
import { factsOf, leaderContrasts } from './facts.ts';

/** The answer, the tally of the claims, and what does not follow. */
export function conclusion(results: Results, evaluation?: Evaluation): string[] {
  const facts = factsOf(results);
  const { contrasts } = leaderContrasts(facts);
  return [answer(results), tally(facts, evaluation), doesNotFollow(contrasts, facts)];
}

function tally({ results, arms }: Facts, evaluation: Evaluation | undefined): string {
  const judgements = judgeClaims(results, evaluation);
  const states = judgements.flatMap(({ verdicts }) => verdicts.map(({ state }) => state));
  const pair = paperArms(arms);
  if (pair === null) {
    return 'The claims of the paper are about ReLU and Tanh and are not touched by these runs.';
  }
  const differences = recipeDifferences(results.study, [pair.relu, pair.tanh]);
  if (differences.length > 0) {
    return `The recipe is not the paper's (${listOf(differences)}), so these runs neither support nor contradict its claims.`;
  }
  const counted = STATES.map((state) => [state, states.filter((one) => one === state).length] as const);
  const told = counted
    .filter(([, n]) => n > 0)
    .map(([state, n]) => `${n} ${STATE_WORDS[state][n === 1 ? 0 : 1]}`);
  return `The paper makes ${countOf(judgements.length, 'claim')}, two of them both ways; taken apart, they come to ${states.length} statements. Of these ${listOf(told)}.${correction(judgements)}`;
}

function correction(judgements: ReturnType<typeof judgeClaims>): string {
  const corrected = correctVerdicts(judgements);
  const decided = corrected.filter(({ verdict }) => isDecided(verdict));
  if (decided.length === 0) return '';
  const opens = decided.filter((one) => one.opens).length;
  return opens === 0
    ? ' All that is decided by a test stays so under Holm’s correction for the number of tests.'
    : ` Under Holm’s correction for the number of tests ${opens} of the ${decided.length} decided by a test would be open.`;
}

/** After one, after several. */
const STATE_WORDS: Readonly<Record<State, readonly [string, string]>> = {
  supported: ['is supported by these runs', 'are supported by these runs'],
  contradicted: ['is contradicted', 'are contradicted'],
  undecided: ['stays undecided', 'stay undecided'],
  equivalent: [
    'comes out as a difference too small to matter',
    'come out as differences too small to matter',
  ],
  'not measured': ['is not measured yet', 'are not measured yet'],
  'not applicable': ['does not apply', 'do not apply'],
};

function doesNotFollow(contrasts: readonly Contrast[], { names, noun, seeds, arms }: Facts): string {
  const settled = contrasts.some(({ outcome }) => outcome === 'first' || outcome === 'second');
  const open = contrasts.some(({ outcome }) => outcome === 'undecided');
  const sentences = [
    settled
      ? `It does not follow that the more accurate ${noun} is better in general: on other data, with another learning rate, depth or number of epochs the order may be another.`
      : '',
    open
      ? `It does not follow that ${listOf(names)} are equally good: a difference that is not settled may still exist.`
      : '',
    !settled && !open && arms.length > 1
      ? 'It does not follow that the choice of activation never matters: deeper networks, other data or another learning rate may tell them apart.'
      : '',
    seeds < 2 ? 'Nor does anything follow from a single pair of runs, here or in the paper.' : '',
    'Nor does anything follow for images of another kind: scanned forms, photographs, other scripts or other writers.',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}
