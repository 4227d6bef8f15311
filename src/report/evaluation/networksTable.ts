import type { Evaluation } from '../../study/evaluation/record.ts';
import { activationName } from '../../study/wording.ts';
import type { Table } from '../table.ts';

/** What was evaluated, network by network, with its hash. */
export function networksTable(networks: Evaluation['networks']): Table {
  return {
    name: 'networks',
    caption: 'Networks',
    columns: [
      { label: 'Arm' },
      { label: 'activation' },
      { label: 'seed' },
      { label: 'SHA-256 of the weights', code: true },
    ],
    rows: networks.map(({ arm, activation, seed, hash }) => [arm, activationName(activation), seed, hash]),
  };
}
