import type { Reading } from './database.ts';
import { isPostgres, loadPostgres } from './openDatabase.ts';
import { connectReading } from './sqliteConnection.ts';

/** A store that is only read, beside a server that writes to it: for commands, since the thread waits for the disk. Throws E_NOT_FOUND where there is none, E_STORE, E_FILE. */
export async function openReading(where: string): Promise<Reading> {
  if (isPostgres(where)) {
    const postgres = await loadPostgres();
    const reading = await postgres.readPostgres(where);
    const query: Reading['query'] = (sql, values) =>
      reading.query(sql, values).catch((error: unknown) => {
        throw postgres.storeError(error, where);
      });
    return { ...reading, query };
  }
  const connection = connectReading(where);
  return {
    query: (sql, values = []) => Promise.resolve().then(() => connection.run({ sql, values })),
    close() {
      connection.sqlite.close();
      return Promise.resolve();
    },
  };
}
