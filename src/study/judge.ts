import { isMnist } from '../data/identity.ts';
import { armsOf } from './arm.ts';
import { LEVEL } from './decision.ts';
import type { Claim, ClaimId } from './claims.ts';
import { CLAIMS } from './claims.ts';
import {
  judgeGoodEnough,
  judgeLosses,
  judgeTestAccuracy,
  judgeTrainingAccuracy,
} from './judgements/accuracy.ts';
import { judgeConvergence, tellTurn } from './judgements/convergence.ts';
import { judgeConfusedPairs, judgeDigits } from './judgements/digits.ts';
import { judgeGeneralisation } from './judgements/generalisation.ts';
import { judgeNoise } from './judgements/noise.ts';
import { judgeDecline, judgeOverfitting } from './judgements/overfitting.ts';
import { judgeSensitivity } from './judgements/sensitivity.ts';
import { judgeStability } from './judgements/stability.ts';
import { holm } from '../stats/holm.ts';
import { paperArms, recipeDifferences } from './paper.ts';
import type { Results } from './results.ts';
import { rulesOf } from './configuration.ts';
import type { PaperArms, Verdict } from './verdict.ts';
import { isDecided } from './verdict.ts';
import { fixed, listOf } from './wording.ts';

/** Verdicts on the statements of a claim: each by its own rule, or as they are shown, after Holm. */
export interface Judgement<V extends Verdict = CorrectedVerdict> {
  readonly claim: Claim & { readonly id: ClaimId };
  readonly verdicts: readonly V[];
}

/** A verdict within the family of all tests of the claims: `state` is what is shown. */
export interface CorrectedVerdict extends Verdict {
  /** The state by its own rule; another than `state` where it would not hold within the family. */
  readonly alone: Verdict['state'];
  /** p by Holm; null where there is no test. */
  readonly holm: number | null;
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

/** What is measured beside training. */
export type Evidence = Pick<PaperArms, 'folder' | 'measures' | 'overWriters'>;

/**
 * What these runs say of the paper's claims C1–C13, or of those that the study judges, after Holm's correction over all their tests. Without one
 * ReLU and one Tanh arm nothing applies; with another recipe the numbers are given, but decide nothing about the paper. C2, C7 and C8 are judged
 * by what the study's critical evaluation measured (`measuresOf`).
 */
export function judgeClaims(results: Results, evidence: Evidence = {}): Judgement[] {
  const rules = rulesOf(results.study);
  return correctVerdicts(judgeByRule(results, evidence)).map((judgement) =>
    judgement.claim.id === 'C3' ? { ...judgement, verdicts: tellTurn(judgement.verdicts, rules) } : judgement,
  );
}

function judgeByRule(results: Results, evidence: Evidence): Judgement<Verdict>[] {
  const { study } = results;
  const judged = CLAIMS.filter(({ id }) => study.claims?.includes(id) ?? true);
  if (!isMnist(results.data.identity)) {
    return judged.map((claim) => ({ claim, verdicts: [otherData(claim, results.data)] }));
  }
  const arms = armsOf(results);
  const pair = paperArms(arms);
  if (pair === null) {
    const names = listOf(arms.map(({ label }) => label));
    const compared = arms.length === 1 ? `are of ${names} alone` : `compare ${names}`;
    const networks = arms.some(({ recipe }) => recipe.layers)
      ? 'dense networks with ReLU and Tanh'
      : 'ReLU and Tanh';
    return judged.map((claim) => ({ claim, verdicts: [otherArms(claim, networks, compared)] }));
  }
  const differences = recipeDifferences(results, [pair.relu, pair.tanh]);
  const paper: PaperArms = { ...pair, ...evidence, study, rules: rulesOf(study) };
  return judged.map((claim) => {
    const verdicts = JUDGES[claim.id](paper);
    return {
      claim,
      verdicts: differences.length === 0 ? verdicts : verdicts.map(otherRecipe),
    };
  });
}

function otherArms(claim: Claim, networks: string, compared: string): Verdict {
  return notApplicable(claim, `The claim is about ${networks}; these runs ${compared}.`);
}

function otherData(claim: Claim, { name }: Results['data']): Verdict {
  return notApplicable(claim, `The claim is about the digits of MNIST; these runs are of ${name}.`);
}

function notApplicable({ id, title }: Claim, sentence: string): Verdict {
  return {
    test: id,
    statement: title,
    state: 'not applicable',
    measure: '',
    rule: '',
    numbers: [],
    sentence,
    p: null,
  };
}

function otherRecipe(verdict: Verdict): Verdict {
  if (verdict.state === 'not measured' || verdict.state === 'no fair measure') return verdict;
  return {
    ...verdict,
    state: 'not applicable',
    p: null,
    sentence: `By another recipe than the paper's, so this decides nothing about its claim. ${verdict.sentence}`,
  };
}

/** Holm's correction over the distinct tests behind the verdicts: what is decided by sign alone, but not within the family, is undecided. */
export function correctVerdicts(judgements: readonly Judgement<Verdict>[]): Judgement[] {
  const family = new Map(
    judgements.flatMap(({ verdicts }) =>
      verdicts.flatMap(({ test, p }) => (p === null ? [] : [[test, p] as const])),
    ),
  );
  const adjustedPs = holm([...family.values()]);
  const adjusted = new Map([...family.keys()].map((test, i) => [test, adjustedPs[i]]));
  return judgements.map(({ claim, verdicts }) => ({
    claim,
    verdicts: verdicts.map((verdict) => corrected(verdict, adjusted)),
  }));
}

function corrected(verdict: Verdict, adjusted: ReadonlyMap<string, number>): CorrectedVerdict {
  const { p, test, state, sentence } = verdict;
  if (p === null) return { ...verdict, alone: state, holm: null };
  const holmP = adjusted.get(test)!;
  if (!isDecided(verdict) || holmP < LEVEL) return { ...verdict, alone: state, holm: holmP };
  return {
    ...verdict,
    state: 'undecided',
    alone: state,
    holm: holmP,
    sentence: `${sentence} Judged alone it would be ${state}; as one of ${adjusted.size} tests behind the claims it stays open (p by Holm ${fixed(holmP, 3)}).`,
  };
}

/** Each test once, in the order of the claims: what is said twice is not counted twice. */
export function distinctVerdicts(judgements: readonly Judgement[]): CorrectedVerdict[] {
  const byTest = new Map<string, CorrectedVerdict>();
  for (const verdict of judgements.flatMap(({ verdicts }) => verdicts)) {
    if (!byTest.has(verdict.test)) byTest.set(verdict.test, verdict);
  }
  return [...byTest.values()];
}
