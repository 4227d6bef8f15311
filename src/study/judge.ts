import { armsOf } from './arm.ts';
import type { Claim, ClaimId } from './claims.ts';
import { CLAIMS } from './claims.ts';
import {
  judgeGoodEnough,
  judgeLosses,
  judgeTestAccuracy,
  judgeTrainingAccuracy,
} from './judgements/accuracy.ts';
import { judgeConvergence } from './judgements/convergence.ts';
import { judgeConfusedPairs, judgeDigits } from './judgements/digits.ts';
import { judgeDecline, judgeOverfitting } from './judgements/overfitting.ts';
import { judgeStability } from './judgements/stability.ts';
import { judgeGeneralisation, judgeNoise, judgeSensitivity } from './judgements/unmeasured.ts';
import { recipeDifferences } from './paper.ts';
import type { Results } from './results.ts';
import type { PaperArms, Verdict } from './verdict.ts';
import { activationName, listOf } from './wording.ts';

export interface Judgement {
  readonly claim: Claim;
  /** One for each statement of the claim; two where the paper says it both ways. */
  readonly verdicts: readonly Verdict[];
}

const JUDGES = {
  C1: judgeTestAccuracy,
  C2: judgeGeneralisation,
  C3: judgeConvergence,
  C4: judgeStability,
  C5: judgeOverfitting,
  C6: judgeDecline,
  C7: judgeNoise,
  C8: judgeSensitivity,
  C9: judgeDigits,
  C10: judgeConfusedPairs,
  C11: judgeGoodEnough,
  C12: judgeTrainingAccuracy,
  C13: judgeLosses,
} satisfies Record<ClaimId, (arms: PaperArms) => Verdict[]>;

/**
 * What these runs say of the paper's claims C1–C13. Without a ReLU and a Tanh arm nothing applies; with another recipe the
 * numbers are given, but decide nothing about the paper.
 */
export function judgeClaims(results: Results): Judgement[] {
  const { configuration } = results;
  const arms = armsOf(results);
  const relu = arms.find(({ activation }) => activation === 'relu');
  const tanh = arms.find(({ activation }) => activation === 'tanh');
  if (relu === undefined || tanh === undefined) {
    const names = listOf(configuration.activations.map(activationName));
    return CLAIMS.map((claim) => ({ claim, verdicts: [otherArms(claim, names)] }));
  }
  const differences = recipeDifferences(configuration);
  return CLAIMS.map((claim) => {
    const verdicts = JUDGES[claim.id]({ relu, tanh, configuration });
    return {
      claim,
      verdicts: differences.length === 0 ? verdicts : verdicts.map((v) => otherRecipe(v, differences)),
    };
  });
}

function otherArms(claim: Claim, names: string): Verdict {
  return {
    statement: claim.title,
    state: 'not applicable',
    measure: '',
    rule: '',
    numbers: [],
    sentence: `The claim is about ReLU and Tanh; these runs compare ${names}.`,
  };
}

function otherRecipe(verdict: Verdict, differences: readonly string[]): Verdict {
  if (verdict.state === 'not measured') return verdict;
  return {
    ...verdict,
    state: 'not applicable',
    sentence: `Another recipe than the paper's (${listOf(differences)}), so this decides nothing about its claim. For these runs: ${verdict.sentence}`,
  };
}
