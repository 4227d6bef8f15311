import type { Evaluation } from '../../study/evaluation/record.ts';
import { judgeClaims } from '../../study/judge.ts';
import type { Results } from '../../study/results.ts';
import type { Table } from '../table.ts';

/** One row for each statement of each claim. */
export function claimsTable(results: Results, evaluation?: Evaluation): Table {
  return {
    name: 'claims',
    caption: "The paper's claims and what these runs say of them",
    columns: [
      { label: 'Claim' },
      { label: 'Statement' },
      { label: 'State' },
      { label: 'Measure', csvOnly: true },
      { label: 'Rule', csvOnly: true },
      { label: 'What these runs say' },
    ],
    rows: judgeClaims(results, evaluation).flatMap(({ claim, verdicts }) =>
      verdicts.map(({ statement, state, measure, rule, sentence }) => [
        claim.id,
        statement,
        state,
        measure,
        rule,
        sentence,
      ]),
    ),
  };
}
