import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Evaluation, EvaluationSchema, isCurrent } from '../study/evaluation/record.ts';
import { readJson } from './readFile.ts';

export const EVALUATION_FILE = 'evaluation.json';

/**
 * The evaluation kept in a folder, with the parts that are whole and of the present version; undefined where there is none. Throws
 * E_FILE or E_FORMAT for a damaged file.
 */
export function readEvaluation(folder: string): Evaluation | undefined {
  const path = join(folder, EVALUATION_FILE);
  if (!existsSync(path)) return undefined;
  const evaluation = readJson(path, EvaluationSchema);
  return { ...evaluation, parts: evaluation.parts.filter(isCurrent) };
}
