/**
 * Damages files of every kind and reads them: a million for each reader, or `-- COUNT [SEED] [READER]`. What fails is kept in
 * src/data/readers/fixtures/cases/, where the tests read it again.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../src/store/sha256.ts';
import { fuzz, FUZZED, type FuzzedReader } from '../test/support/readerFuzz.ts';

const CASES = join(import.meta.dirname, '../src/data/readers/fixtures/cases');
const [count = '1000000', seed = '2', only] = process.argv.slice(2);

for (const reader of Object.keys(FUZZED) as FuzzedReader[]) {
  if (only !== undefined && reader !== only) continue;
  const start = process.cpuUsage();
  const fault = await fuzz(reader, Number(count), Number(seed));
  const { user, system } = process.cpuUsage(start);
  console.log(
    `${reader}: ${fault === undefined ? `${count} files` : fault.what} (${((user + system) / 1e6).toFixed(0)} s)`,
  );
  if (fault === undefined) continue;
  process.exitCode = 1;
  mkdirSync(CASES, { recursive: true });
  writeFileSync(join(CASES, `${reader}-${sha256(fault.bytes).slice(0, 12)}`), fault.bytes);
}
