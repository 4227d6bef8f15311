import type { ReportInput } from '../input.ts';
import { QUICK_LABEL } from '../input.ts';
import type { Table } from '../table.ts';
import { claimsTable } from './claims.ts';
import { confusionsTable } from './confusions.ts';
import { epochsTable } from './epochs.ts';
import { hashesTable } from './hashes.ts';
import { recallTable } from './recall.ts';
import { runsTable } from './runs.ts';
import { summaryTable } from './summary.ts';

const TABLES = [summaryTable, runsTable, epochsTable, recallTable, confusionsTable, claimsTable, hashesTable];

/** Every table of the report, in its order. */
export function allTables({ results }: ReportInput): Table[] {
  return TABLES.map((make) => {
    const table = make(results);
    return results.configuration.quick ? { ...table, caption: `${QUICK_LABEL}. ${table.caption}` } : table;
  });
}
