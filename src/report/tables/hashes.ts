import { armsOf, trialLabel } from '../../study/arm.ts';
import type { Results } from '../../study/results.ts';
import type { Table } from '../table.ts';

/** What identifies each run and its final weights: SHA-256 of all that decides it, and of the trained parameters. */
export function hashesTable(results: Results): Table {
  return {
    name: 'hashes',
    caption: 'Trial keys and weights hashes after the last epoch (SHA-256)',
    columns: [
      { label: 'Arm' },
      { label: 'Run' },
      { label: 'Trial key', code: true },
      { label: 'Weights hash', code: true },
    ],
    rows: armsOf(results).flatMap(({ label, trials }) =>
      trials.map((trial) => [
        label,
        trialLabel(trial, results.study),
        trial.key,
        trial.weightsHash[trial.weightsHash.length - 1],
      ]),
    ),
  };
}
