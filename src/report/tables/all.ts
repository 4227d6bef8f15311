import type { ReportInput } from '../input.ts';
import { QUICK_LABEL } from '../input.ts';
import type { Table } from '../table.ts';
import { claimsTable } from './claims.ts';
import { confusionsTable } from './confusions.ts';
import { epochsTable } from './epochs.ts';
import { failuresTable } from './failures.ts';
import { hashesTable } from './hashes.ts';
import { recallTable } from './recall.ts';
import { recipesTable } from './recipes.ts';
import { runsTable } from './runs.ts';
import { statisticsTables } from './statistics.ts';
import { summaryTable } from './summary.ts';

const BEFORE_CLAIMS = [summaryTable, runsTable, epochsTable, recallTable, confusionsTable];

/** Every table of the report, in its order. */
export function allTables(input: ReportInput): Table[] {
  const { results } = input;
  const tables = [
    ...BEFORE_CLAIMS.map((make) => make(results)),
    claimsTable(input),
    hashesTable(results),
    recipesTable(results),
    ...(results.failures.length > 0 ? [failuresTable(results)] : []),
    ...statisticsTables(input),
  ];
  return results.study.quick
    ? tables.map((table) => ({ ...table, caption: `${QUICK_LABEL}. ${table.caption}`, note: QUICK_LABEL }))
    : tables;
}
