/** What an entry of the audit log costs in processor time, of the main thread and of the store's; `node bench/serving/auditCost.ts [ROUNDS]`. A store in SQLite in a temporary folder; 64 requests wait at a time. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAudit } from '../../src/server/audit/audit.ts';
import { systemClock } from '../../src/server/clock.ts';
import { loadConfig } from '../../src/server/config/load.ts';
import { opaqueId } from '../../src/server/ids.ts';
import { openDatabase } from '../../src/server/store/openDatabase.ts';

const ENTRIES = 60_000;
const WAITING = 64;
const rounds = Number(process.argv[2] ?? 5);

const folder = mkdtempSync(join(tmpdir(), 'dactyl-audit-cost-'));
const database = await openDatabase(folder);
const audit = createAudit({
  ...loadConfig({}).audit,
  database,
  clock: systemClock,
  key: generateKeyPairSync('ed25519').privateKey,
  publish: () => undefined,
  failed: (error) => {
    throw error;
  },
});
const facts = { model: 'reader', version: '0123456789ab', route: 'v2', n: 1, answers: '3:.998' };
for (let round = 0; round < rounds; round++) {
  let begun = 0;
  const client = async (): Promise<void> => {
    while (begun++ < ENTRIES)
      await audit.append({ kind: 'decision', at: systemClock.now(), subject: opaqueId(), facts });
  };
  const [began, main, all] = [performance.now(), process.threadCpuUsage(), process.cpuUsage()];
  await Promise.all(Array.from({ length: WAITING }, client));
  const seconds = (performance.now() - began) / 1000;
  const micros = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / ENTRIES;
  const own = micros(process.threadCpuUsage(main));
  const others = micros(process.cpuUsage(all)) - own;
  console.log(
    `${own.toFixed(1)} µs of the main thread, ${others.toFixed(1)} µs of the store's, an entry; ${Math.round(ENTRIES / seconds)} entries a second`,
  );
}
await audit.close();
await database.close();
rmSync(folder, { recursive: true });
