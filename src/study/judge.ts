import { armsOf } from './arm.ts';
import type { Claim, ClaimId } from './claims.ts';
import { CLAIMS } from './claims.ts';
import { measuresOf } from './evaluation/measures.ts';
import type { Evaluation } from './evaluation/record.ts';
import {
  judgeGoodEnough,
  judgeLosses,
  judgeTestAccuracy,
  judgeTrainingAccuracy,
} from './judgements/accuracy.ts';
import { judgeConvergence } from './judgements/convergence.ts';
import { judgeConfusedPairs, judgeDigits } from './judgements/digits.ts';
import { judgeGeneralisation } from './judgements/generalisation.ts';
import { judgeNoise } from './judgements/noise.ts';
import { judgeDecline, judgeOverfitting } from './judgements/overfitting.ts';
import { judgeSensitivity } from './judgements/sensitivity.ts';
import { judgeStability } from './judgements/stability.ts';
import { holm } from '../stats/holm.ts';
import { paperArms, recipeDifferences } from './paper.ts';
import type { Results } from './results.ts';
import type { PaperArms, Verdict } from './verdict.ts';
import { listOf } from './wording.ts';

export interface Judgement {
  readonly claim: Claim & { readonly id: ClaimId };
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
 * What these runs say of the paper's claims C1–C13, or of those that the study judges. Without one ReLU and one Tanh arm nothing applies; with another recipe the
 * numbers are given, but decide nothing about the paper. C2, C7 and C8 are judged by the study's critical evaluation.
 */
export function judgeClaims(results: Results, evaluation?: Evaluation): Judgement[] {
  const { study } = results;
  const judged = CLAIMS.filter(({ id }) => study.claims?.includes(id) ?? true);
  const arms = armsOf(results);
  const pair = paperArms(arms);
  if (pair === null) {
    const names = listOf(arms.map(({ label }) => label));
    return judged.map((claim) => ({ claim, verdicts: [otherArms(claim, names)] }));
  }
  const differences = recipeDifferences(study, [pair.relu, pair.tanh]);
  const measures = evaluation && measuresOf(evaluation);
  return judged.map((claim) => {
    const verdicts = JUDGES[claim.id]({ ...pair, study, ...(measures && { measures }) });
    return {
      claim,
      verdicts: differences.length === 0 ? verdicts : verdicts.map(otherRecipe),
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
    tests: [],
  };
}

function otherRecipe(verdict: Verdict): Verdict {
  if (verdict.state === 'not measured') return verdict;
  return {
    ...verdict,
    state: 'not applicable',
    sentence: `By another recipe than the paper's, so this decides nothing about its claim. ${verdict.sentence}`,
  };
}

export const LEVEL = 0.05;

/** A statement with a test behind it, its p and the same within the family of all tests of the claims. */
export interface CorrectedVerdict {
  readonly id: string;
  readonly verdict: Verdict;
  /** By test, in the verdict's order. */
  readonly p: readonly number[];
  readonly holm: readonly number[];
  /** Whether a state decided by sign would be open if the Holm-adjusted p were held to the 5 % level. */
  readonly opens: boolean;
}

/** Holm's correction over the distinct tests behind the verdicts; tests of one id count once. */
export function correctVerdicts(judgements: readonly Judgement[]): CorrectedVerdict[] {
  const tested = judgements.flatMap(({ claim, verdicts }) =>
    verdicts.filter(({ tests }) => tests.length > 0).map((verdict) => ({ id: claim.id, verdict })),
  );
  const family = new Map(tested.flatMap(({ verdict }) => verdict.tests.map(({ id, p }) => [id, p] as const)));
  const adjustedPs = holm([...family.values()]);
  const adjusted = new Map([...family.keys()].map((id, i) => [id, adjustedPs[i]]));
  return tested.map(({ id, verdict }) => {
    const held = (test: Verdict['tests'][number]) => adjusted.get(test.id)! < LEVEL;
    const decisive = verdict.tests.filter((test) => test.decisive);
    const opens =
      verdict.state === 'supported'
        ? !decisive.every(held)
        : verdict.state === 'contradicted'
          ? !decisive.some(held)
          : false;
    return {
      id,
      verdict,
      p: verdict.tests.map(({ p }) => p),
      holm: verdict.tests.map((test) => adjusted.get(test.id)!),
      opens,
    };
  });
}
