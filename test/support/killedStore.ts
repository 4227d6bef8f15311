/** Writes to the store of the folder it is given until it is killed, and says on standard output what is on the disk: `e` and the subject of an event with its statement. */
import { join } from 'node:path';
import { createAudit } from '../../src/server/audit/audit.ts';
import { signingKey } from '../../src/server/audit/keys.ts';
import { systemClock } from '../../src/server/clock.ts';
import { openDatabase } from '../../src/server/store/openDatabase.ts';

const [, , folder, round] = process.argv;
const database = await openDatabase(folder);
const audit = createAudit({
  database,
  clock: systemClock,
  key: signingKey(join(folder, 'keys', 'audit'), database.chain),
  checkpointEvents: 50,
  checkpointSeconds: 1,
  keepDays: 183,
  publish: (note) => void process.stdout.write(`${JSON.stringify({ checkpoint: note })}\n`),
  failed: (error) => {
    throw error;
  },
});
await database.write([{ sql: 'CREATE TABLE IF NOT EXISTS things (id TEXT PRIMARY KEY)', values: [] }]);

async function writer(name: number): Promise<void> {
  for (let n = 0; ; n++) {
    const subject = `${round}-${name}-${n}`;
    await audit.append({ kind: 'decision', at: Date.now(), subject, facts: { n } }, [
      { sql: 'INSERT INTO things (id) VALUES (?)', values: [subject] },
    ]);
    process.stdout.write(`e ${subject}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, name) => writer(name)));
