import { parentPort, workerData } from 'node:worker_threads';
import { writeComparison } from '../store/comparison.ts';
import { DactylError } from '../util/errors.ts';
import type { ReportAnswer, ReportTask } from './writeReport.ts';

const { root, name, input } = workerData as ReportTask;

function write(): ReportAnswer {
  try {
    return { written: writeComparison(root, name, input) };
  } catch (error) {
    // A class does not survive the way between threads.
    if (error instanceof DactylError) return { failure: { code: error.code, message: error.message } };
    throw error;
  }
}

parentPort!.postMessage(write());
