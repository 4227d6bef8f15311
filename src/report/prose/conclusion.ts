import { isMnist } from '../../data/identity.ts';
import { STATE_WORDS, STATES } from '../../study/decision.ts';
import type { CorrectedVerdict, Judgement } from '../../study/judge.ts';
import { distinctVerdicts } from '../../study/judge.ts';
import { paperArms, recipeDifferences } from '../../study/paper.ts';
import { isDecided } from '../../study/verdict.ts';
import { countOf, listOf } from '../../study/wording.ts';
import type { ClaimsInput } from '../statistics/claims.ts';
import { judgementsOf } from '../statistics/claims.ts';
import { otherDataText } from './otherData.ts';
import { answer } from './answer.ts';
import type { Contrast, Facts } from './facts.ts';
import { factsOf, leaderContrasts } from './facts.ts';

/** The answer, the tally of the claims, and what does not follow. */
export function conclusion(input: ClaimsInput): string[] {
  const { results } = input;
  const facts = factsOf(results);
  const { contrasts } = leaderContrasts(facts);
  const judgements = judgementsOf(input);
  return [answer(results, judgements), tally(facts, judgements), doesNotFollow(contrasts, facts)];
}

function tally({ results, arms }: Facts, judgements: readonly Judgement[]): string {
  if (!isMnist(results.data.identity)) return otherDataText(judgements, results);
  const pair = paperArms(arms);
  if (pair === null) {
    return 'The claims of the paper are about ReLU and Tanh and are not touched by these runs.';
  }
  const differences = recipeDifferences(results, [pair.relu, pair.tanh]);
  if (differences.length > 0) {
    return `The recipe is not the paper's (${listOf(differences)}), so these runs neither support nor contradict its claims.`;
  }
  const verdicts = distinctVerdicts(judgements);
  const statements = judgements.flatMap((one) => one.verdicts).length;
  const told = STATES.flatMap((state) => {
    const n = verdicts.filter((one) => one.state === state).length;
    return n === 0 ? [] : [`${n} ${STATE_WORDS[state][n === 1 ? 0 : 1]}`];
  });
  const twice = statements - verdicts.length;
  const counted =
    twice === 0
      ? `${statements} statements`
      : `${statements} statements, ${countOf(twice, 'of which repeats', 'of which repeat')} the test of another and ${twice === 1 ? 'is' : 'are'} not counted again`;
  return `The paper makes ${countOf(judgements.length, 'claim')}, two of them both ways; taken apart, they come to ${counted}. Of ${twice === 0 ? 'these' : `the other ${verdicts.length}`}, ${listOf(told)}.${correction(verdicts)}`;
}

function correction(verdicts: readonly CorrectedVerdict[]): string {
  const decided = verdicts.filter(({ alone }) => isDecided({ state: alone }));
  if (decided.length === 0) return '';
  const opened = decided.filter(({ alone, state }) => alone !== state).length;
  return opened === 0
    ? ' All that is decided holds under Holm’s correction for the number of tests.'
    : ` ${opened} of the undecided would be decided alone, but not under Holm’s correction for the number of tests.`;
}

function doesNotFollow(contrasts: readonly Contrast[], { names, noun, seeds, arms, results }: Facts): string {
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
    isMnist(results.data.identity)
      ? 'Nor does anything follow for images of another kind: scanned forms, photographs, other scripts or other writers.'
      : `Nor does anything follow for images from elsewhere than ${results.data.name}.`,
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}
