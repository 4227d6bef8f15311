import type { ClaimsInput } from '../statistics/claims.ts';
import { judgementsOf } from '../statistics/claims.ts';
import type { Table } from '../table.ts';

/** One row for each statement of each claim. */
export function claimsTable(input: ClaimsInput): Table {
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
    rows: judgementsOf(input).flatMap(({ claim, verdicts }) =>
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
