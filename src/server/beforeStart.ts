import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { tryWritableFolder } from '../store/atomic.ts';
import { fileError } from '../store/fileError.ts';
import { DactylError } from '../util/errors.ts';
import type { ServerConfig } from './config/schema.ts';
import { needsKeys, requireSomeKey } from './security/access.ts';
import { keyOf } from './security/apiKeys.ts';
import { listenedAddress } from './security/loopback.ts';
import type { Queries } from './store/database.ts';
import { openReading } from './store/openReading.ts';
import { requireOwnKeys } from './store/ownKeys.ts';
import { keysFolder, storePlace } from './store/place.ts';
import { STORE_FILE } from './store/sqliteConnection.ts';

/** Where is listened, and what sets its port. */
interface Place {
  readonly host: string;
  readonly port: number;
  readonly setBy: string;
}

/** The public listener's, and the admin listener's where it is on. */
export function placesOf({ host, port, admin }: Pick<ServerConfig, 'host' | 'port' | 'admin'>): {
  readonly own: Place;
  readonly admin: Place | undefined;
} {
  return {
    own: { host, port, setBy: '--port' },
    admin:
      admin.port === undefined
        ? undefined
        : { host: admin.host, port: admin.port, setBy: 'admin.port (DACTYL_ADMIN_PORT)' },
  };
}

/** What can be known to be wrong before models are read, which takes seconds, and a store is made. Throws E_FILE for a port that is taken and a folder that cannot be written to, E_ARGUMENT where no key can be there, E_NOT_FOUND where the keys folder is not that of the store. */
export async function checkBeforeStart(config: ServerConfig, now: number): Promise<void> {
  await lookIntoStore(config, now);
  const { own, admin } = placesOf(config);
  await requireFree(own);
  if (admin) await requireFree(admin);
}

async function lookIntoStore(config: ServerConfig, now: number): Promise<void> {
  const isNew = config.store === 'sqlite' && !existsSync(join(config.dataDir, STORE_FILE));
  if (config.store === 'sqlite') tryWritableFolder(config.dataDir);
  if (config.store !== 'memory') tryWritableFolder(keysFolder(config));
  if (isNew || config.store === 'memory') {
    await requireSomeKey(config, { list: () => Promise.resolve([]) }, now);
    return;
  }
  const reading = await openReading(storePlace(config));
  try {
    // An existing store may be of before there were keys; it is looked at again when its tables are up to date.
    const tables = await tablesOf(reading, config.store);
    if (tables.has('api_keys') && needsKeys(config)) {
      const rows = await reading.query('SELECT * FROM api_keys');
      await requireSomeKey(config, { list: () => Promise.resolve(rows.map(keyOf)) }, now);
    }
    if (tables.has('audit_checkpoints') && tables.has('consents'))
      await requireOwnKeys(reading, keysFolder(config), config.instance);
  } finally {
    await reading.close();
  }
}

async function tablesOf({ query }: Queries, store: string): Promise<ReadonlySet<unknown>> {
  const rows = await query(
    store === 'sqlite'
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()',
  );
  return new Set(rows.map(({ name }) => name));
}

async function requireFree(place: Place): Promise<void> {
  const { host, port } = place;
  if (port === 0) return;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: listenedAddress(host), port }, resolve);
    });
  } catch (error) {
    throw listenError(error, place);
  }
  await new Promise((resolve) => server.close(resolve));
}

/** What keeps a server from listening, in words. */
export function listenError(error: unknown, { host, port, setBy }: Place): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error;
  const place = `${host}:${port}`;
  if (code === 'EADDRINUSE') {
    const message = `Cannot listen on ${place}: another program does (EADDRINUSE). Give another ${setBy}; 0 takes one that is free.`;
    return new DactylError('E_FILE', message, { cause: error });
  }
  if (code === 'EACCES') {
    const message = `Cannot listen on ${place}: permission is denied (EACCES). Ports below 1024 want rights of their own; give a higher ${setBy}.`;
    return new DactylError('E_FILE', message, { cause: error });
  }
  return fileError(error, 'listen on', place);
}
