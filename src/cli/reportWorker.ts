import { parentPort, workerData } from 'node:worker_threads';
import { writeEvaluation } from '../store/evaluation.ts';
import { writeStudyReport } from '../store/study.ts';
import { DactylError } from '../util/errors.ts';
import type { EvaluationTask, ReportAnswer, ReportTask } from './writeReport.ts';

const task = workerData as ReportTask | EvaluationTask;

function write(): ReportAnswer {
  try {
    return {
      written:
        'input' in task
          ? writeStudyReport(task.folder, task.input)
          : writeEvaluation(task.folder, task.evaluation),
    };
  } catch (error) {
    // A class does not survive the way between threads.
    if (error instanceof DactylError) return { failure: { code: error.code, message: error.message } };
    throw error;
  }
}

parentPort!.postMessage(write());
