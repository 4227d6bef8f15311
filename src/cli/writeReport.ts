import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ReportInput } from '../report/input.ts';
import type { WrittenEvaluation } from '../store/evaluation.ts';
import type { WrittenReport } from '../store/study.ts';
import type { Evaluation } from '../study/evaluation/record.ts';
import { DactylError, type ErrorCode } from '../util/errors.ts';

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

export type ReportAnswer =
  | { readonly written: WrittenReport | WrittenEvaluation }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string } };

/**
 * `writeStudyReport` in a thread of its own: drawing takes a second or two, and Ctrl-C has to be heard meanwhile. Throws
 * what that throws, and E_ABORTED once `signal` is aborted; every file is then there in full or not at all.
 */
export function writeReport(task: ReportTask, signal: AbortSignal): Promise<WrittenReport> {
  return inThread(task, signal) as Promise<WrittenReport>;
}

/** `writeEvaluation` in a thread of its own, likewise. */
export function writeEvaluationPage(task: EvaluationTask, signal: AbortSignal): Promise<WrittenEvaluation> {
  return inThread(task, signal) as Promise<WrittenEvaluation>;
}

function inThread(
  task: ReportTask | EvaluationTask,
  signal: AbortSignal,
): Promise<WrittenReport | WrittenEvaluation> {
  const url = new URL(`./reportWorker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(url, { workerData: task, resourceLimits: SMALL_YOUNG_GENERATION });
  return new Promise<WrittenReport | WrittenEvaluation>((resolve, reject) => {
    const stop = (): void => {
      reject(
        new DactylError('E_ABORTED', 'Writing the report was stopped on request.', { cause: signal.reason }),
      );
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    worker.once('error', reject);
    worker.once('message', (answer: ReportAnswer) => {
      if ('written' in answer) resolve(answer.written);
      else reject(new DactylError(answer.failure.code, answer.failure.message));
    });
  }).finally(() => worker.terminate());
}
