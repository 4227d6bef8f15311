import { normalCdf } from '../../stats/normal.ts';
import { armsOf } from '../../study/arm.ts';
import { measuresOf } from '../../study/evaluation/measures.ts';
import { judgeClaims, type Judgement } from '../../study/judge.ts';
import { paperArms } from '../../study/paper.ts';
import type { CrossedDifference } from '../../study/verdict.ts';
import type { ReportInput } from '../input.ts';
import { statisticsOf } from './all.ts';

/** A whole report's input, or as much of it as there is. */
export type ClaimsInput = Pick<ReportInput, 'results' | 'evaluation'> & Partial<ReportInput>;

const known = new WeakMap<ClaimsInput, readonly Judgement[]>();

/** What all parts of a report say of the paper's claims: judged once, after Holm. */
export function judgementsOf(input: ClaimsInput): readonly Judgement[] {
  const { results, folder, evaluation } = input;
  const overWriters = isWhole(input) ? differenceOverWriters(input) : undefined;
  const judgements =
    known.get(input) ??
    judgeClaims(results, {
      ...(folder !== undefined && { folder }),
      ...(evaluation && { measures: measuresOf(evaluation) }),
      ...(overWriters && { overWriters }),
    });
  known.set(input, judgements);
  return judgements;
}

function isWhole(input: ClaimsInput): input is ReportInput {
  return input.predictions !== undefined && input.test !== undefined;
}

/** ReLU minus Tanh on all test images; undefined where their writers are not known. */
function differenceOverWriters(input: ReportInput): CrossedDifference | undefined {
  const pair = input.writers && paperArms(armsOf(input.results));
  if (!pair) return undefined;
  const names = [pair.relu.name, pair.tanh.name];
  const set = statisticsOf(input).sets.find(
    ({ first, second, set: { name } }) =>
      name === 'all images' && names.includes(first.name) && names.includes(second.name),
  );
  if (!set?.crossed) return undefined;
  const { low, high, standardError } = set.crossed;
  const { mean } = set.summary;
  // As the note fixed it beforehand; the interval, by Student's t, decides.
  const p = standardError > 0 ? 2 * normalCdf(-Math.abs(mean) / standardError) : 1;
  return set.first.name === pair.relu.name
    ? { mean, low, high, p }
    : { mean: -mean, low: -high, high: -low, p };
}
