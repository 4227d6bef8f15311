import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { ComparisonConfiguration, Results } from '../study/results.ts';
import { readJson } from './runs.ts';

/** `study.json` of a comparison. */
const ComparisonRecord = Type.Object(
  {
    format: Type.Literal('dactyl-comparison/1'),
    configuration: ComparisonConfiguration,
    trials: Type.Array(Type.String(), { description: 'keys' }),
    root: Type.String({ description: 'where the folder trials/ is, relative to this file' }),
  },
  { additionalProperties: false },
);
export type ComparisonRecord = Static<typeof ComparisonRecord>;

/** The results of the comparison in `folder`, and the root of its trials. Throws E_FILE or E_FORMAT. */
export function readComparison(folder: string): { results: Results; root: string } {
  const record = readJson(join(folder, 'study.json'), ComparisonRecord);
  return { results: readJson(join(folder, 'results.json'), Results), root: join(folder, record.root) };
}
