import { armsOf } from '../../study/arm.ts';
import type { Results } from '../../study/results.ts';
import { activationName, fixed } from '../../study/wording.ts';
import type { Table } from '../table.ts';

/** What identifies each run and its final weights: SHA-256 of all that decides it, and of the trained parameters. */
export function hashesTable(results: Results): Table {
  return {
    name: 'hashes',
    caption: 'Trial keys and weights hashes after the last epoch (SHA-256)',
    columns: [
      { label: 'Activation' },
      { label: 'Seed', format: (value) => fixed(value, 0) },
      { label: 'Trial key', code: true },
      { label: 'Weights hash', code: true },
    ],
    rows: armsOf(results).flatMap(({ activation, trials }) =>
      trials.map(({ seed, key, weightsHash }) => [
        activationName(activation),
        seed,
        key,
        weightsHash[weightsHash.length - 1],
      ]),
    ),
  };
}
