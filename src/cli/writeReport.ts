import { extname } from 'node:path';
import type { ReportInput } from '../report/input.ts';
import type { WrittenEvaluation } from '../store/evaluation.ts';
import type { WrittenReport } from '../store/study.ts';
import type { Evaluation } from '../study/evaluation/record.ts';
import { inThread } from './inThread.ts';

/** V8 lets short-lived objects pile up to some 150 MB before it looks; drawing makes little else. */
const SMALL_YOUNG_GENERATION = { maxYoungGenerationSizeMb: 8 };

export interface ReportTask {
  /** Of the study. */
  readonly folder: string;
  readonly input: ReportInput;
}

/** The page of an evaluation. */
export interface EvaluationTask {
  readonly folder: string;
  readonly evaluation: Evaluation;
}

/**
 * `writeStudyReport` in a thread of its own: drawing takes a second or two, and Ctrl-C has to be heard meanwhile. Throws
 * what that throws, and E_ABORTED once `signal` is aborted; every file is then there in full or not at all.
 */
export function writeReport(task: ReportTask, signal: AbortSignal): Promise<WrittenReport> {
  return write(task, signal);
}

/** `writeEvaluation` in a thread of its own, likewise. */
export function writeEvaluationPage(task: EvaluationTask, signal: AbortSignal): Promise<WrittenEvaluation> {
  return write(task, signal);
}

function write<Written>(task: ReportTask | EvaluationTask, signal: AbortSignal): Promise<Written> {
  return inThread(new URL(`./reportWorker${extname(import.meta.url)}`, import.meta.url), task, {
    signal,
    stopped: 'Writing the report was stopped on request.',
    resourceLimits: SMALL_YOUNG_GENERATION,
  });
}
