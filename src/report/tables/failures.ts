import { armLabel, trialLabel } from '../../study/arm.ts';
import type { Results } from '../../study/results.ts';
import type { Table } from '../table.ts';

/** Runs that did not finish, and why; they are in no number. */
export function failuresTable({ failures, study }: Results): Table {
  return {
    name: 'failures',
    caption: 'Runs that failed, and are in no number of this report',
    columns: [
      { label: 'Arm' },
      { label: 'Run' },
      { label: 'What happened' },
      { label: 'Trial key', code: true },
    ],
    rows: failures.map((failure) => [
      armLabel(failure.arm, failure.activation),
      trialLabel(failure, study),
      failure.message,
      failure.key,
    ]),
  };
}
