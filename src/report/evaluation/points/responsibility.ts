import type { EvaluationPage } from '../part.ts';
import { servedPage } from '../serving/servedPage.ts';

/** E7, where the model is in use; what it answers is on the pages of calibration. */
export function responsibilityPage(): EvaluationPage {
  return servedPage('E7', {
    title: 'Responsibility in use: log and review',
    there:
      'dactyl serve writes every answer, without its image, into a log that shows later changes, says ‘not sure’ with its reason, and lays answers that are not sure and were consented to before a person, with nothing preselected.',
    unknown: ['Who answers for a decision: that is for whoever uses the model to settle, and to write down.'],
  });
}
