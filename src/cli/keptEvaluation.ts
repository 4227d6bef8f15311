import { readEvaluation } from '../store/evaluationRecord.ts';
import type { Evaluation } from '../study/evaluation/record.ts';
import { DactylError } from '../util/errors.ts';

/** The evaluation kept in a folder, if it is of what has one of these hashes; a damaged one is named and not used. */
export function keptEvaluation(
  folder: string,
  hashes: readonly string[],
  warn: (line: string) => void,
): Evaluation | undefined {
  try {
    const evaluation = readEvaluation(folder);
    return evaluation && hashes.includes(evaluation.target.hash) ? evaluation : undefined;
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    warn(
      `The critical evaluation in ${folder} is not used; dactyl evaluate writes it anew. ${error.message}`,
    );
    return undefined;
  }
}
