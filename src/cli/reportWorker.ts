import { parentPort, workerData } from 'node:worker_threads';
import { writeStudyReport } from '../store/study.ts';
import { DactylError } from '../util/errors.ts';
import type { ReportAnswer, ReportTask } from './writeReport.ts';

const { folder, input } = workerData as ReportTask;

function write(): ReportAnswer {
  try {
    return { written: writeStudyReport(folder, input) };
  } catch (error) {
    // A class does not survive the way between threads.
    if (error instanceof DactylError) return { failure: { code: error.code, message: error.message } };
    throw error;
  }
}

parentPort!.postMessage(write());
