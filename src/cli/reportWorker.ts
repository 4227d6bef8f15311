import { writeEvaluation, type WrittenEvaluation } from '../store/evaluation.ts';
import { writeStudyReport, type WrittenReport } from '../store/study.ts';
import { answerTask } from './threadAnswer.ts';
import type { EvaluationTask, ReportTask } from './writeReport.ts';

await answerTask((task: ReportTask | EvaluationTask): WrittenReport | WrittenEvaluation =>
  'input' in task ? writeStudyReport(task.folder, task.input) : writeEvaluation(task.folder, task.evaluation),
);
