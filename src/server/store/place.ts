import { isAbsolute, join, relative, resolve } from 'node:path';
import { IN_MEMORY } from './sqliteConnection.ts';

/** What of the settings says where things are kept. */
export interface Places {
  readonly dataDir: string;
  /** `sqlite`, `memory` or the address of a PostgreSQL database. */
  readonly store: string;
  /** Empty: `keys` in `dataDir`. */
  readonly keysDir: string;
}

/** Where `openDatabase` finds the store. */
export function storePlace({ store, dataDir }: Places): string {
  if (store === 'sqlite') return dataDir;
  return store === 'memory' ? IN_MEMORY : store;
}

/** The folder of what must not be in a backup: keys, and the list of erasures. */
export function keysFolder({ keysDir, dataDir }: Places): string {
  return keysDir === '' ? join(dataDir, 'keys') : keysDir;
}

/** Whether a copy of the data folder would have the keys with it, which then open what was erased since. */
export function keysLieInData(places: Places): boolean {
  if (places.store === 'memory') return false;
  const path = relative(resolve(places.dataDir), resolve(keysFolder(places)));
  return !isAbsolute(path) && path.split(/[\\/]/)[0] !== '..';
}
